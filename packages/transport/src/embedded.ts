import type { Deadline } from "@ondash/core";
import { isTransportError, TransportError } from "./error.ts";
import { loadKafkajs } from "./kafkajs/client.ts";
import type { Broker, BrokerProvider } from "./types.ts";

export interface EmbeddedOptions {
  /** Where the first node listens, on 127.0.0.1. Default: a free port. */
  readonly port?: number;
  /** How many nodes. Default 1. */
  readonly nodes?: number;
}

/** Kafka in this process: `@ondash/embedded-kafka`, loaded when it is started. */
export function embeddedProvider(options: EmbeddedOptions = {}): BrokerProvider {
  return { kind: "embedded", start: (deadline) => start(options, deadline) };
}

async function start(options: EmbeddedOptions, deadline: Deadline): Promise<Broker> {
  // Whoever starts a broker connects to it next.
  loadKafkajs().catch(() => undefined);
  const { startEmbeddedKafka } = await import("@ondash/embedded-kafka");
  const starting = startEmbeddedKafka(options);
  try {
    const kafka = await deadline.race(starting, () => "the start of the embedded Kafka");
    return {
      kind: "embedded",
      bootstrap: kafka.brokers,
      security: undefined,
      description: `embedded Kafka at ${kafka.brokers.join(", ")}`,
      ownsTopics: true,
      shared: false,
      [Symbol.asyncDispose]: () => kafka[Symbol.asyncDispose](),
    };
  } catch (error) {
    // It may still come up after the time is over.
    starting.then((kafka) => kafka[Symbol.asyncDispose]()).catch(() => undefined);
    throw toTransportError(error, options.port);
  }
}

function toTransportError(error: unknown, port: number | undefined): unknown {
  if (isTransportError(error) || !(error instanceof Error)) return error;
  if ("code" in error && (error.code === "EADDRINUSE" || error.code === "port-in-use")) {
    const text = `port ${port} of 127.0.0.1 is taken; choose another one, or none for a free one`;
    return new TransportError("port-in-use", text, { cause: error });
  }
  return error;
}
