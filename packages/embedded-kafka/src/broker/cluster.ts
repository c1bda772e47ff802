import { type Clock, createRandom, type Random } from "@ondash/core";
import { GroupCoordinator } from "../groups/coordinator.ts";
import { compactLog } from "../log/compaction.ts";
import { applyRetention } from "../log/retention.ts";
import type { Topic } from "../topics/topic.ts";
import { listConfig, longConfig } from "../topics/topic-configs.ts";
import { TopicRegistry } from "../topics/topic-registry.ts";
import { type Markers, TransactionCoordinator } from "../transactions/coordinator.ts";
import { markerBatch } from "../transactions/marker.ts";
import { ProducerIds } from "./producer-ids.ts";
import type { Settings } from "./settings.ts";

/** A node as clients see it. */
export interface NodeAddress {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

/** Coordinators never move by themselves here. */
const COORDINATOR_EPOCH = 0;

/** How many partitions the internal topics have (`offsets.topic.num.partitions`, `transaction.state.log.num.partitions`). */
const INTERNAL_PARTITIONS = 50;

/**
 * The one owner of everything that the nodes of a cluster know. It is called by one request at a time (Node runs one
 * thing at a time), so there are no locks; what waits, waits for a change that is announced to it.
 */
export class Cluster {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly random: Random;
  /** 22 characters of base64, as Kafka's; the same for the same seed. */
  readonly clusterId: string;
  readonly topics: TopicRegistry;
  readonly groups: GroupCoordinator;
  readonly producerIds: ProducerIds = new ProducerIds();
  readonly transactions: TransactionCoordinator;
  nodes: readonly NodeAddress[] = [];

  constructor(settings: Settings) {
    this.settings = settings;
    this.clock = settings.clock;
    this.random = createRandom(settings.seed);
    this.clusterId = Buffer.from(this.random.fork("cluster id").bytes(16)).toString("base64url");
    this.topics = new TopicRegistry({
      nodes: Array.from({ length: settings.nodes }, (_, id) => id),
      random: this.random.fork("topics"),
      defaultPartitions: settings.partitions,
      defaultReplicationFactor: settings.replicationFactor,
    });
    this.groups = new GroupCoordinator({
      clock: settings.clock,
      random: this.random.fork("members"),
      initialRebalanceDelayMs: settings.groupInitialRebalanceDelayMs,
      minSessionTimeoutMs: settings.groupMinSessionTimeoutMs,
      maxSessionTimeoutMs: settings.groupMaxSessionTimeoutMs,
      maxSize: settings.groupMaxSize,
    });
    this.transactions = new TransactionCoordinator({
      clock: settings.clock,
      random: this.random.fork("markers"),
      maxTimeoutMs: settings.transactionMaxTimeoutMs,
      markerDelayMs: settings.transactionMarkerDelayMs,
      newProducerId: (transactionalId) => this.producerIds.next(this.transactionCoordinator(transactionalId)),
      writeMarkers: (markers) => this.writeMarkers(markers),
    });
  }

  /** The node that is the controller, to which the others pass administrative requests on. */
  get controllerId(): number {
    return this.nodes[0]?.id ?? 0;
  }

  /** The node that coordinates a group: the leader of the group's partition of `__consumer_offsets`. */
  groupCoordinator(groupId: string): number {
    return this.coordinator("__consumer_offsets", groupId);
  }

  /** The node that coordinates a transactional id. */
  transactionCoordinator(transactionalId: string): number {
    return this.coordinator("__transaction_state", transactionalId);
  }

  /** Deletes a topic, with the commits of its partitions. */
  deleteTopic(topic: Topic): void {
    this.topics.delete(topic);
    this.groups.forgetTopic(topic.name);
  }

  /** Compacts the partitions of topics whose cleanup policy has `compact`. */
  compact(topics: readonly Topic[]): void {
    for (const { configs, partitions } of topics) {
      if (!listConfig(configs, "cleanup.policy").includes("compact")) continue;
      for (const { log } of partitions) compactLog(log, this.clock.now(), longConfig(configs, "delete.retention.ms"));
    }
  }

  /** Deletes the records that topics whose cleanup policy has `delete` need not keep. */
  applyRetention(topics: readonly Topic[]): void {
    for (const { configs, partitions } of topics) {
      if (!listConfig(configs, "cleanup.policy").includes("delete")) continue;
      const limits = {
        bytes: longConfig(configs, "retention.bytes"),
        ms: longConfig(configs, "retention.ms"),
        now: this.clock.now(),
      };
      for (const { log } of partitions) applyRetention(log, limits);
    }
  }

  /** Ends all timers and answers what waits. */
  close(): void {
    this.groups.close();
    this.transactions.close();
  }

  private writeMarkers({ producerId, producerEpoch, commit, partitions, groups }: Markers): void {
    const marker = { producerId, producerEpoch, commit, coordinatorEpoch: COORDINATOR_EPOCH, now: this.clock.now() };
    for (const { topic, partition: index } of partitions) {
      const partition = this.topics.partition(topic, index);
      partition?.log.appendMarker(markerBatch(marker), partition.leaderEpoch, commit, COORDINATOR_EPOCH);
    }
    for (const groupId of groups) this.groups.groups.get(groupId)?.offsets.endTransaction(producerId, commit);
  }

  private coordinator(internalTopic: string, key: string): number {
    const topic = this.topics.get(internalTopic) ?? this.createInternal(internalTopic);
    const partition = topic.partitions[(Math.abs(javaHash(key)) % 2 ** 31) % topic.partitions.length];
    return partition?.leader ?? this.controllerId;
  }

  /** Internal topics come into being when a coordinator is asked for, as in Kafka. */
  private createInternal(name: string): Topic {
    const plan = this.topics.plan({
      name,
      partitions: INTERNAL_PARTITIONS,
      replicationFactor: Math.min(3, this.nodes.length),
      assignments: [],
      configs: [
        { name: "cleanup.policy", value: "compact" },
        { name: "compression.type", value: "producer" },
        { name: "segment.bytes", value: "104857600" },
      ],
    });
    if ("errorCode" in plan) throw new Error(`cannot make ${name}: ${plan.message}`);
    return this.topics.create(plan);
  }
}

/** Java's `String.hashCode`, which Kafka uses to choose a coordinator. */
function javaHash(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return hash;
}
