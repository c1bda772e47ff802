import { connect } from "node:net";
import type { Deadline } from "@ondash/core";
import { type Address, formatAddress, parseAddresses } from "./addresses.ts";
import { TransportError } from "./error.ts";
import { timedOut } from "./timed-out.ts";
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
  const connecting = (): string => `a connection to ${where}; is Kafka running there?`;
  const first = Promise.any(trials);
  // Nobody listens to it when the deadline is over already.
  first.catch(() => undefined);
  try {
    await deadline.race(first, connecting);
  } catch (error) {
    if (deadline.signal.aborted) throw timedOut(deadline.signal.reason, connecting);
    const reasons = error instanceof AggregateError ? error.errors : [error];
    const told = addresses.map((address, index) => `${formatAddress(address)} (${reason(reasons[index])})`);
    const text = `nothing accepts connections at ${told.join(", ")}; is Kafka running there?`;
    throw new TransportError("unreachable", text, { cause: error });
  } finally {
    over.abort();
  }
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
