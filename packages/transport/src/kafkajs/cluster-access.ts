import type { TopicOffsets } from "@ondash/contract";
import type { Cluster } from "kafkajs";
import { TransportError } from "../error.ts";
import type { ByteSharing, FetchedPartition } from "../fetch/fetched.ts";
import type { KafkajsClient } from "./client.ts";
import { integer } from "./integer.ts";
import { sendFetch } from "./send-fetch.ts";

/** A partition of a topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Where to read on in a partition. */
export interface FetchPosition extends TopicPartition {
  readonly offset: number;
}

/** What kafkajs' public consumer can't do: watermarks, and reading at offsets of one's own without a group. */
export interface ClusterAccess {
  connect(): Promise<void>;
  /** Ids of all brokers of the cluster. Asks when none is known yet. */
  nodes(): Promise<readonly string[]>;
  /** Partition count of a topic by the word of one broker; undefined: it does not know the topic. */
  describe(node: string, topic: string): Promise<number | undefined>;
  /** Learns leaders of these topics, again if they were known. False: at least one of them does not exist. */
  refresh(topics: readonly string[]): Promise<boolean>;
  /** Partition count of each topic, as of the last refresh. */
  partitions(topic: string): number;
  /** The leader of each partition, as of the last refresh. */
  leaders(topic: string): readonly { readonly node: string; readonly partition: number }[];
  /** High watermarks (READ_UNCOMMITTED) or log starts of all partitions of the topics. */
  offsets(topics: readonly string[], which: "end" | "start"): Promise<TopicOffsets>;
  /** Reads from one node; waits at most `maxWaitMs` there for something to come. */
  fetch(node: string, positions: readonly FetchPosition[], limits: FetchLimits): Promise<readonly FetchedPartition[]>;
  disconnect(): Promise<void>;
}

export interface FetchLimits {
  readonly maxWaitMs: number;
  readonly maxBytes: number;
  readonly maxBytesPerPartition: number;
}

const READ_UNCOMMITTED = 0;
const METHODS = [
  "connect",
  "addMultipleTargetTopics",
  "refreshMetadata",
  "getNodeIds",
  "findBroker",
  "findTopicPartitionMetadata",
  "fetchTopicsOffset",
] as const;

/**
 * The one place that reaches into kafkajs. A consumer that is never run hands its `Cluster` to the partition assigners
 * that it is created with; from there on the methods are typed, and their answers are checked here.
 *
 * Why not the public API: `admin.fetchTopicOffsets` asks READ_COMMITTED, so with an open transaction it answers less
 * than was acknowledged, and a barrier of that is no proof; a consumer joins a group, resets silently, and lets aborted
 * records of interleaved transactions through.
 * @param sharing of the bytes of fetched records.
 * @throws TransportError `kafkajs` when the installed kafkajs has another shape.
 */
export function openCluster(client: KafkajsClient, sharing: ByteSharing = "copied"): ClusterAccess {
  const cluster = obtainCluster(client);
  const targets = new Set<string>();

  const metadataOf = (topic: string): readonly { readonly partitionId: number; readonly leader: number }[] =>
    cluster.findTopicPartitionMetadata(topic);

  return {
    async connect() {
      await cluster.connect();
      if (hasAnswered(cluster)) return;
      // The next attempt must begin anew.
      await cluster.disconnect();
      throw retriable("connected, but no answer to ApiVersions");
    },
    async nodes() {
      // Without target topics this asks for all topics of the cluster: kafkajs has no request for the brokers alone.
      if (cluster.getNodeIds().length === 0) await cluster.refreshMetadata();
      return cluster.getNodeIds().map(String);
    },
    async describe(node, topic) {
      const broker = await cluster.findBroker({ nodeId: node });
      try {
        const { topicMetadata } = await broker.metadata([topic]);
        return topicMetadata.find((entry) => entry.topic === topic)?.partitionMetadata.length;
      } catch (error) {
        if (isUnknownTopic(error)) return undefined;
        throw error;
      }
    },
    async refresh(topics) {
      try {
        if (topics.every((topic) => targets.has(topic))) {
          await cluster.refreshMetadata();
        } else {
          await cluster.addMultipleTargetTopics([...topics]);
          for (const topic of topics) targets.add(topic);
        }
        return true;
      } catch (error) {
        if (isUnknownTopic(error)) return false;
        throw error;
      }
    },
    partitions: (topic) => metadataOf(topic).length,
    leaders: (topic) =>
      metadataOf(topic).map(({ partitionId, leader }) => ({ node: String(leader), partition: partitionId })),
    async offsets(topics, which) {
      const answer = await cluster.fetchTopicsOffset(
        topics.map((topic) => ({
          topic,
          partitions: metadataOf(topic).map(({ partitionId }) => ({ partition: partitionId })),
          fromBeginning: which === "start",
        })),
      );
      const offsets: Record<string, readonly number[]> = {};
      for (const topic of topics) {
        const entries = answer.find((entry) => entry.topic === topic)?.partitions ?? [];
        offsets[topic] = metadataOf(topic)
          .map(({ partitionId }) => partitionId)
          .sort((a, b) => a - b)
          .map((id) => {
            const entry = entries.find(({ partition }) => partition === id);
            // Partitions without a leader are left out of the answer; the next asking may find one.
            if (entry === undefined) throw retriable(`${topic}/${id} has no leader`);
            return integer(entry.offset, "offset");
          });
      }
      return offsets;
    },
    async fetch(node, positions, limits) {
      const broker = await cluster.findBroker({ nodeId: node });
      const topics = Map.groupBy(positions, ({ topic }) => topic);
      const request = {
        isolationLevel: READ_UNCOMMITTED,
        maxWaitTime: limits.maxWaitMs,
        minBytes: 1,
        maxBytes: limits.maxBytes,
        topics: [...topics].map(([topic, entries]) => ({
          topic,
          partitions: entries.map(({ partition, offset }) => ({
            partition,
            fetchOffset: String(offset),
            maxBytes: limits.maxBytesPerPartition,
          })),
        })),
      };
      return await sendFetch(broker, request, sharing);
    },
    async disconnect() {
      await cluster.disconnect();
    },
  };
}

function obtainCluster({ kafkajs, kafka }: KafkajsClient): Cluster {
  let obtained: Cluster | undefined;
  kafka.consumer({
    // Required, and never sent: the consumer is not run.
    groupId: "ondash-has-no-group",
    readUncommitted: true,
    allowAutoTopicCreation: false,
    retry: { retries: 1 },
    partitionAssigners: [
      (config) => {
        obtained = config.cluster;
        return kafkajs.PartitionAssigners.roundRobin(config);
      },
    ],
  });
  const missing = METHODS.filter((method) => typeof obtained?.[method] !== "function");
  if (obtained === undefined || missing.length > 0) {
    const what = obtained === undefined ? "its cluster object" : `${missing.join(", ")} of its cluster object`;
    throw new TransportError("kafkajs", `the installed kafkajs does not offer ${what}; expected kafkajs 2.2.4`);
  }
  return obtained;
}

/**
 * Whether a broker has told which versions it speaks. When that request times out kafkajs connects once more, finds its
 * socket open, and calls that connected.
 */
function hasAnswered(cluster: Cluster): boolean {
  const { brokerPool } = cluster as Cluster & { readonly brokerPool?: { readonly versions?: object | null } };
  return brokerPool?.versions !== null;
}

function isUnknownTopic(error: unknown): boolean {
  return error instanceof Error && "type" in error && error.type === "UNKNOWN_TOPIC_OR_PARTITION";
}

function retriable(message: string): Error {
  return Object.assign(new Error(message), { retriable: true });
}
