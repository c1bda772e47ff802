import type { Deadline } from "@ondash/core";
import { TransportError } from "./error.ts";
import { loadKafkajs } from "./kafkajs/client.ts";
import { timedOut } from "./timed-out.ts";
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

const missing = (): string => "the start of the embedded Kafka";

async function start(options: EmbeddedOptions, deadline: Deadline): Promise<Broker> {
  // Whoever starts a broker connects to it next.
  loadKafkajs().catch(() => undefined);
  const { isEmbeddedKafkaError, startEmbeddedKafka } = await import("@ondash/embedded-kafka");
  const starting = startEmbeddedKafka(options);
  try {
    const kafka = await deadline.race(starting, missing);
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
    if (isEmbeddedKafkaError(error)) {
      const text = error.message.replace(/^\[[\w-]+\] /, "");
      const code = error.code === "port-in-use" || error.code === "argument" ? error.code : "unreachable";
      throw new TransportError(code, `the embedded Kafka did not start: ${text}`, { cause: error });
    }
    throw timedOut(error, missing);
  }
}
