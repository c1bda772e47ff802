import { type Clock, type Deadline, startDeadline, systemClock } from "@ondash/core";
import { parseAddresses } from "./addresses.ts";
import { openCollector } from "./collector.ts";
import { TransportError } from "./error.ts";
import { createGuard } from "./guard.ts";
import { createClient, type KafkajsClient, type KafkaLogEntry } from "./kafkajs/client.ts";
import { openCluster } from "./kafkajs/cluster-access.ts";
import { createSockets } from "./kafkajs/sockets.ts";
import { openSink } from "./sink.ts";
import { ensureTopics } from "./topics.ts";
import type { Broker, KafkaSession } from "./types.ts";

/** How a session bounds what it does, and where its log goes. */
export interface ConnectOptions {
  /** Bounds connecting. Default: `timeoutMs`. */
  readonly deadline?: Deadline;
  /** Bound of each later operation in ms: one send, one question to a broker. Default 10,000. */
  readonly timeoutMs?: number;
  /**
   * For how long every connection attempt may fail before the broker counts as lost, in ms. Default, for a broker that
   * others use too, half of `timeoutMs` (it may be restarting, and goes on then with all that it had); else 2,000. At most
   * `timeoutMs`.
   */
  readonly patienceMs?: number;
  /** Ends the session: everything pending is rejected with its reason. It must be disposed all the same. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** How the brokers' logs name this client. Default "ondash". */
  readonly clientId?: string;
  /** Warnings and errors of kafkajs. Default: dropped, since what matters arrives as a TransportError. */
  readonly onLog?: (entry: KafkaLogEntry) => void;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const PATIENCE_MS = 2_000;
/** Bound of disposal: what has not ended by then is left alone. */
const DISPOSAL_MS = 2_000;

/**
 * Connects to a broker.
 * @throws TransportError `unreachable`, `auth`, `deadline` or `kafkajs`; the reason of `signal` when it aborts.
 */
export async function connectKafka(broker: Broker, options: ConnectOptions = {}): Promise<KafkaSession> {
  const clock = options.clock ?? systemClock;
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const patienceMs = options.patienceMs ?? (broker.shared ? timeoutMs / 2 : PATIENCE_MS);
  const addresses = parseAddresses(broker.bootstrap);
  const withSasl = broker.security?.sasl !== undefined;
  const sockets = createSockets({ addresses, withSasl, patienceMs: Math.min(patienceMs, timeoutMs), clock });
  const guard = createGuard({ timeoutMs, clock, signal: options.signal, lost: sockets.lost });
  const children = new Set<AsyncDisposable>();

  const newClient = (): Promise<KafkajsClient> =>
    createClient({
      sockets: sockets.group(),
      security: broker.security,
      clientId: options.clientId ?? "ondash",
      // Half, so that a broker that has fallen silent leaves time to ask the one that took its place.
      requestTimeoutMs: timeoutMs / 2,
      onLog: options.onLog,
    });
  const client = await newClient();
  const cluster = openCluster(client);

  async function dispose(): Promise<void> {
    guard.end(new TransportError("closed", "the session was disposed"));
    sockets.close();
    client.close();
    const ends = [...children].map((child) => child[Symbol.asyncDispose]());
    await bounded(Promise.allSettled([cluster.disconnect(), ...ends]), clock);
  }

  /** Opens what has a client of its own: it ends by itself, with the session, or when opening it fails. */
  async function open<T extends AsyncDisposable>(create: (own: KafkajsClient) => Promise<T>): Promise<T> {
    guard.signal.throwIfAborted();
    const own = await newClient();
    try {
      const child = await create(own);
      const end = child[Symbol.asyncDispose].bind(child);
      child[Symbol.asyncDispose] = async () => {
        children.delete(child);
        await bounded(Promise.resolve(end()), clock);
      };
      children.add(child);
      return child;
    } catch (error) {
      own.close();
      throw error;
    }
  }

  try {
    await guard.ask(
      () => `a Kafka broker's answer at ${broker.bootstrap.join(", ")}`,
      () => cluster.connect(),
      options.deadline,
    );
  } catch (error) {
    await dispose();
    throw error;
  }

  return {
    ensureTopics: (topics, wanted) => ensureTopics({ client, cluster, guard }, topics, wanted),
    openSink: () => open((own) => openSink({ client: own, guard, clock, timeoutMs })),
    openCollector: (topics, collecting) => open((own) => openCollector({ client: own, guard }, topics, collecting)),
    [Symbol.asyncDispose]: dispose,
  };
}

/** Waits for an end, but not for long: nothing depends on it any more. */
async function bounded(end: Promise<unknown>, clock: Clock): Promise<void> {
  using deadline = startDeadline(DISPOSAL_MS, { clock });
  await deadline.race(end, () => "the end of the connections").catch(() => undefined);
}
