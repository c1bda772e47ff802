import { connect } from "node:net";
import type { Deadline } from "@ondash/core";
import { type Address, formatAddress, parseAddresses } from "./addresses.ts";
import { TransportError } from "./error.ts";
import type { Broker, BrokerProvider, KafkaSecurity } from "./types.ts";

export interface ExternalOptions {
  /** `host:port` each. One that accepts connections is enough. */
  readonly brokers: readonly string[];
  readonly security?: KafkaSecurity;
}

/**
 * A Kafka that somebody else runs. Starting it means finding out whether one of the addresses accepts connections:
 * a wrong port is told at once, with the reason of each address.
 * @throws TransportError `config` when an address is malformed.
 */
export function externalProvider({ brokers, security }: ExternalOptions): BrokerProvider {
  const addresses = parseAddresses(brokers);
  return {
    kind: "external",
    async start(deadline): Promise<Broker> {
      await accepting(addresses, deadline);
      return {
        kind: "external",
        bootstrap: addresses.map(formatAddress),
        security,
        description: `Kafka at ${addresses.map(formatAddress).join(", ")}`,
        ownsTopics: false,
        shared: true,
        async [Symbol.asyncDispose]() {
          // Nothing was started.
        },
      };
    },
  };
}

async function accepting(addresses: readonly Address[], deadline: Deadline): Promise<void> {
  const where = addresses.map(formatAddress).join(", ");
  const over = new AbortController();
  const trials = addresses.map((address) => trial(address, AbortSignal.any([over.signal, deadline.signal])));
  try {
    await deadline.race(Promise.any(trials), () => `a connection to ${where}`);
  } catch (error) {
    if (!(error instanceof AggregateError) || deadline.signal.aborted) throw unreached(error, where, deadline);
    const reasons = addresses.map((address, index) => `${formatAddress(address)} (${reason(error.errors[index])})`);
    const text = `nothing accepts connections at ${reasons.join(", ")}; is Kafka running there?`;
    throw new TransportError("unreachable", text, { cause: error });
  } finally {
    over.abort();
  }
}

/** The caller's own reason to stop, or our word for "the time is over". */
function unreached(error: unknown, where: string, deadline: Deadline): unknown {
  if (deadline.remaining > 0 && !(error instanceof AggregateError)) return error;
  if (deadline.remaining > 0) return deadline.signal.reason;
  return new TransportError("unreachable", `no connection to ${where} in time; is Kafka running there?`, {
    cause: error,
  });
}

/** Connects once, without a word of Kafka's protocol. */
function trial({ host, port }: Address, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ host, port, signal });
  socket.once("connect", () => {
    socket.destroy();
    resolve();
  });
  socket.once("error", reject);
  return promise;
}

function reason(error: unknown): string {
  // A name with several addresses fails with an error for each.
  const one: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const code = one instanceof Error && "code" in one ? String(one.code) : String(one);
  return code === "ECONNREFUSED" ? "connection refused" : code === "ENOTFOUND" ? "unknown host" : code;
}
