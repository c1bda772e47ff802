import { type Consumer, type EachMessagePayload, Kafka, logLevel } from "kafkajs";
import type { Context } from "./context.ts";

process.env["KAFKAJS_NO_PARTITIONER_WARNING"] = "1";

interface Client {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
}

/** kafkajs on the broker of the context, and the end of all its clients. */
export interface Session extends AsyncDisposable {
  readonly kafka: Kafka;
  /** A consumer that notices quickly what happens to its group, and that it is to end. */
  consumer(groupId: string): Consumer;
  /** Connects a client, which is disconnected with the session. */
  use<T extends Client>(client: T): Promise<T>;
}

/** Opens kafkajs with settings that make a refusal visible at once: few retries, no log. */
export function openSession({ host, port }: Context): Session {
  const clients: Client[] = [];
  const kafka = new Kafka({
    clientId: "conformance-kafkajs",
    brokers: [`${host}:${port}`],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 50, retries: 8 },
  });
  return {
    kafka,
    consumer: (groupId) => kafka.consumer({ groupId, maxWaitTimeInMs: 100, heartbeatInterval: 100 }),
    async use(client) {
      clients.push(client);
      await client.connect();
      return client;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients.toReversed()) await client.disconnect();
    },
  };
}

/** What consumers have received, in order, and a wait for it. */
export interface Received {
  /** `topic-partition@offset:value` of each message, without the topic. */
  readonly all: readonly string[];
  /** Resolves once `isEnough` holds of all that was received. */
  until(isEnough: (all: readonly string[]) => boolean): Promise<readonly string[]>;
  /** Runs the consumer into this. */
  run(consumer: Consumer, onMessage?: (payload: EachMessagePayload) => Promise<void>): Promise<void>;
}

/** Collects what any number of consumers receive. */
export function collect(): Received {
  const all: string[] = [];
  const waits = new Set<() => void>();
  return {
    all,
    until: (isEnough) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!isEnough(all)) return;
          waits.delete(check);
          resolve([...all]);
        };
        waits.add(check);
        check();
      }),
    run: (consumer, onMessage) =>
      consumer.run({
        autoCommit: false,
        async eachMessage(payload) {
          const { partition, message } = payload;
          all.push(`${partition}@${message.offset}:${message.value?.toString() ?? "null"}`);
          await onMessage?.(payload);
          for (const wait of waits) wait();
        },
      }),
  };
}
