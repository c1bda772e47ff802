import { type EmbeddedKafka, type EmbeddedKafkaOptions, startEmbeddedKafka } from "@ondash/embedded-kafka";
import { type Consumer, Kafka, logLevel } from "kafkajs";

process.env["KAFKAJS_NO_PARTITIONER_WARNING"] = "1";

/** A cluster, a kafkajs client of it, and the end of both. */
export interface Fixture extends AsyncDisposable {
  readonly kafka: EmbeddedKafka;
  readonly client: Kafka;
  /** Ends with the fixture, before the cluster. */
  use<T extends { disconnect(): Promise<void> }>(resource: T): T;
}

/** Starts a cluster for a test. Clients that were given to `use` are disconnected first. */
export async function startFixture(options: EmbeddedKafkaOptions = {}): Promise<Fixture> {
  const kafka = await startEmbeddedKafka(options);
  const resources: { disconnect(): Promise<void> }[] = [];
  return {
    kafka,
    client: new Kafka({
      clientId: "test",
      brokers: [...kafka.brokers],
      logLevel: logLevel.NOTHING,
      // By default a second, which a busy machine may need.
      connectionTimeout: 30_000,
    }),
    use(resource) {
      resources.push(resource);
      return resource;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(resources.map((resource) => resource.disconnect()));
      await kafka.close();
    },
  };
}

/** What a consumer received. */
export interface Received {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Runs a consumer; `take(n)` resolves with all that came once there are `n`. */
export async function collect(consumer: Consumer): Promise<{
  readonly received: Received[];
  readonly take: (n: number) => Promise<Received[]>;
}> {
  const received: Received[] = [];
  const waits: { n: number; resolve: (all: Received[]) => void }[] = [];
  await consumer.run({
    eachMessage: ({ topic, partition, message }) => {
      const { offset, key, value, headers = {} } = message;
      received.push({
        topic,
        partition,
        offset,
        key: key?.toString() ?? null,
        value: value?.toString() ?? null,
        headers,
      });
      for (const { n, resolve } of waits) if (received.length >= n) resolve(received);
      return Promise.resolve();
    },
  });
  return {
    received,
    take: (n) =>
      received.length >= n
        ? Promise.resolve(received)
        : new Promise((resolve) => {
            waits.push({ n, resolve });
          }),
  };
}
