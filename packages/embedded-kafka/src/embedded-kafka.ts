import { Cluster } from "./broker/cluster.ts";
import { type EmbeddedKafkaOptions, resolveSettings } from "./broker/settings.ts";
import { EmbeddedKafkaError } from "./error.ts";
import { createBrokerServer } from "./server/broker-server.ts";
import { type Listener, listen } from "./server/listener.ts";
import type { Topic } from "./topics/topic.ts";
import { errorName } from "./wire/index.ts";

/** A topic to be made. */
export interface CreateTopicOptions {
  readonly name: string;
  /** Default: the cluster's. */
  readonly partitions?: number;
  /** Default: the cluster's. */
  readonly replicationFactor?: number;
  /** Settings under Kafka's names: `{ "cleanup.policy": "compact" }`. */
  readonly configs?: Readonly<Record<string, string>>;
}

/** A Kafka cluster in this process. */
export interface EmbeddedKafka extends AsyncDisposable {
  /** `host:port` of every node, in the order of their ids. */
  readonly brokers: readonly string[];
  /** 22 characters, the same for the same seed. */
  readonly clusterId: string;
  /** What decided every id and choice of this cluster: the same again with the same seed. */
  readonly seed: number;
  /**
   * Makes a topic, without a client.
   * Throws an `EmbeddedKafkaError` of code `kafka` for what Kafka refuses, `closed` after `close()`.
   */
  createTopic(topic: CreateTopicOptions): void;
  /** Names of all topics, those of the broker itself left out. */
  topics(): string[];
  /**
   * Compacts a topic (default: all), if its `cleanup.policy` has `compact`: of each key the last record stays, at its
   * offset. Nothing is compacted in the background. Throws as `createTopic` for a topic that does not exist.
   */
  compact(topic?: string): void;
  /**
   * Deletes the oldest records of a topic (default: all) beyond `retention.bytes` and `retention.ms`, if its
   * `cleanup.policy` has `delete`. Nothing is deleted in the background.
   */
  applyRetention(topic?: string): void;
  /** Ends every connection, socket and timer. May be called again. */
  close(): Promise<void>;
}

/**
 * Starts a Kafka that lives in memory until it is closed.
 *
 * Throws an `EmbeddedKafkaError` of code `port-in-use` (the message names the port), `listen` or `argument`.
 */
export async function startEmbeddedKafka(options: EmbeddedKafkaOptions = {}): Promise<EmbeddedKafka> {
  const settings = resolveSettings(options);
  const cluster = new Cluster(settings);
  const listeners: Listener[] = [];
  const started = Promise.withResolvers<void>();
  const brokers = Array.from({ length: settings.nodes }, (_, id) => createBrokerServer(cluster, id));
  const closeAll = async (): Promise<void> => {
    cluster.close();
    await Promise.all(listeners.map((listener) => listener.close()));
  };
  try {
    for (const [id, broker] of brokers.entries()) {
      const port = settings.port === undefined ? 0 : settings.port + id;
      // Who connects before all nodes listen is served once their addresses are known.
      listeners.push(
        await listen(settings.host, port, (socket) => void started.promise.then(() => broker.accept(socket))),
      );
    }
  } catch (error) {
    await closeAll();
    throw error;
  }
  cluster.nodes = listeners.map(({ port }, id) => ({ id, host: settings.host, port }));
  started.resolve();

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= closeAll();
    return closing;
  };
  const open = (): void => {
    if (closing !== undefined) throw new EmbeddedKafkaError("closed", "this embedded Kafka is closed");
  };
  const chosen = (name: string | undefined): Topic[] => {
    open();
    if (name === undefined) return cluster.topics.all();
    const topic = cluster.topics.get(name);
    if (topic !== undefined) return [topic];
    const kafkaError = "UNKNOWN_TOPIC_OR_PARTITION";
    throw new EmbeddedKafkaError("kafka", `${kafkaError}: there is no topic ${name}`, { kafkaError });
  };
  return {
    brokers: cluster.nodes.map(({ host, port }) => `${host}:${port}`),
    clusterId: cluster.clusterId,
    seed: settings.seed,
    createTopic({ name, partitions = -1, replicationFactor = -1, configs = {} }) {
      open();
      const entries = Object.entries(configs).map(([key, value]) => ({ name: key, value }));
      const plan = cluster.topics.plan({ name, partitions, replicationFactor, assignments: [], configs: entries });
      if ("errorCode" in plan) {
        const kafkaError = errorName(plan.errorCode);
        throw new EmbeddedKafkaError("kafka", `${kafkaError}: ${plan.message ?? "no reason given"}`, { kafkaError });
      }
      cluster.topics.create(plan);
    },
    topics() {
      open();
      return cluster.topics.all().flatMap(({ name, internal }) => (internal ? [] : [name]));
    },
    compact: (topic) => cluster.compact(chosen(topic)),
    applyRetention: (topic) => cluster.applyRetention(chosen(topic)),
    close,
    [Symbol.asyncDispose]: close,
  };
}
