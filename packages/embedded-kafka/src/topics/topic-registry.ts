import type { Random } from "@ondash/core";
import { randomUuid } from "../random-uuid.ts";
import { ErrorCode } from "../wire/index.ts";
import { placeReplicas } from "./placement.ts";
import { addPartition, type Partition, type Topic } from "./topic.ts";
import { type ConfigOverrides, combinationFault, configFault } from "./topic-configs.ts";
import { collide, isInternalTopic, topicNameFault } from "./topic-name.ts";

/** Why something is refused: Kafka's error code, and a sentence. */
export interface Refusal {
  readonly errorCode: number;
  readonly message: string | null;
}

/** How many new partitions one request may bring. */
export const MAX_NEW_PARTITIONS = 10_000;

/** A topic to be made. −1 partitions and replication factor mean the broker's defaults. */
export interface NewTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Replicas per partition, chosen by the caller; then both numbers are −1. */
  readonly assignments: readonly { readonly partition: number; readonly replicas: readonly number[] }[];
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
}

/** How a topic would be laid out. */
export interface TopicPlan {
  readonly name: string;
  /** The id that it is going to have. */
  readonly id: string;
  readonly replicas: readonly (readonly number[])[];
  readonly configs: ConfigOverrides;
}

/** Where new topics get their defaults from. */
export interface TopicRegistrySettings {
  readonly nodes: readonly number[];
  readonly random: Random;
  /** `num.partitions` */
  readonly defaultPartitions: number;
  /** `default.replication.factor` */
  readonly defaultReplicationFactor: number;
}

/** All topics of the cluster. */
export class TopicRegistry {
  private readonly byName = new Map<string, Topic>();
  private readonly byId = new Map<string, Topic>();
  private readonly settings: TopicRegistrySettings;

  constructor(settings: TopicRegistrySettings) {
    this.settings = settings;
  }

  get(name: string): Topic | undefined {
    return this.byName.get(name);
  }

  withId(id: string): Topic | undefined {
    return this.byId.get(id);
  }

  partition(topic: string, index: number): Partition | undefined {
    return this.byName.get(topic)?.partitions[index];
  }

  /** All topics, oldest first. */
  all(): Topic[] {
    return [...this.byName.values()];
  }

  /** Checks a new topic as Kafka does, in its order, and lays it out. Nothing is changed. */
  plan(topic: NewTopic): TopicPlan | Refusal {
    const { name } = topic;
    const nameFault = topicNameFault(name);
    if (nameFault !== undefined) return refuse(ErrorCode.INVALID_TOPIC_EXCEPTION, nameFault);
    if (name === "__cluster_metadata") {
      return refuse(ErrorCode.INVALID_REQUEST, `Creation of internal topic ${name} is prohibited.`);
    }
    if (this.byName.has(name)) return refuse(ErrorCode.TOPIC_ALREADY_EXISTS, `Topic '${name}' already exists.`);
    const collision = this.all().find((other) => collide(other.name, name));
    if (collision !== undefined) {
      const message = `Topic '${name}' collides with existing topic: ${collision.name}`;
      return refuse(ErrorCode.INVALID_TOPIC_EXCEPTION, message);
    }
    const configs = new Map<string, string>();
    for (const config of topic.configs) {
      const fault = configFault(config.name, config.value);
      if (fault !== undefined) return refuse(ErrorCode.INVALID_CONFIG, fault);
      configs.set(config.name, (config.value ?? "").trim());
    }
    const fault = combinationFault(configs);
    if (fault !== undefined) return refuse(ErrorCode.INVALID_CONFIG, fault);
    const replicas = topic.assignments.length > 0 ? this.planAssigned(topic) : this.planSpread(topic);
    return "errorCode" in replicas ? replicas : { name, id: this.newId(), replicas, configs };
  }

  /** Makes the topic that was planned. */
  create(plan: TopicPlan): Topic {
    const { name, id } = plan;
    const topic: Topic = {
      name,
      id,
      internal: isInternalTopic(name),
      partitions: [],
      configs: plan.configs,
      deleted: false,
    };
    for (const replicas of plan.replicas) addPartition(topic, replicas);
    this.byName.set(name, topic);
    this.byId.set(id, topic);
    return topic;
  }

  /** Deletes a topic; whoever waits for its partitions is told. */
  delete(topic: Topic): void {
    topic.deleted = true;
    this.byName.delete(topic.name);
    this.byId.delete(topic.id);
    for (const { log } of topic.partitions) log.changed();
  }

  /** Checks that a topic can grow to `count` partitions and lays the new ones out. */
  planGrowth(
    topic: Topic,
    count: number,
    assignments: readonly (readonly number[])[] | null,
  ): { replicas: readonly (readonly number[])[] } | Refusal {
    const current = topic.partitions.length;
    // Kafka stumbles over this many.
    if (count - current > MAX_NEW_PARTITIONS) return refuse(ErrorCode.UNKNOWN_SERVER_ERROR, null);
    if (count === current) return refuse(ErrorCode.INVALID_PARTITIONS, `Topic already has ${current} partition(s).`);
    if (count < current) {
      const message = `The topic ${topic.name} currently has ${current} partition(s); ${count} would not be an increase.`;
      return refuse(ErrorCode.INVALID_PARTITIONS, message);
    }
    const factor = topic.partitions[0]?.replicas.length ?? 1;
    if (assignments === null) {
      const start = this.settings.random.int(0, this.settings.nodes.length - 1);
      return { replicas: this.spread(count - current, factor, start) };
    }
    if (assignments.length !== count - current) {
      const message = `Attempted to add ${count - current} additional partition(s), but only ${assignments.length} assignment(s) were specified.`;
      return refuse(ErrorCode.INVALID_REPLICA_ASSIGNMENT, message);
    }
    for (const [index, replicas] of assignments.entries()) {
      const fault = this.assignmentFault(replicas, factor, current + index);
      if (fault !== undefined) return refuse(ErrorCode.INVALID_REPLICA_ASSIGNMENT, fault);
    }
    return { replicas: assignments };
  }

  private planSpread(topic: NewTopic): readonly (readonly number[])[] | Refusal {
    const { nodes, defaultPartitions, defaultReplicationFactor, random } = this.settings;
    if (topic.partitions < -1 || topic.partitions === 0) {
      return refuse(ErrorCode.INVALID_PARTITIONS, "Number of partitions was set to an invalid non-positive value.");
    }
    if (topic.replicationFactor < -1 || topic.replicationFactor === 0) {
      const message = "Replication factor must be larger than 0, or -1 to use the default value.";
      return refuse(ErrorCode.INVALID_REPLICATION_FACTOR, message);
    }
    const partitions = topic.partitions === -1 ? defaultPartitions : topic.partitions;
    const factor = topic.replicationFactor === -1 ? defaultReplicationFactor : topic.replicationFactor;
    if (factor > nodes.length) {
      const message = `Unable to replicate the partition ${factor} time(s): The target replication factor of ${factor} cannot be reached because only ${nodes.length} broker(s) are registered or some brokers have all their log directories cordoned.`;
      return refuse(ErrorCode.INVALID_REPLICATION_FACTOR, message);
    }
    return this.spread(partitions, factor, random.int(0, nodes.length - 1));
  }

  private planAssigned({
    partitions,
    replicationFactor,
    assignments,
  }: NewTopic): readonly (readonly number[])[] | Refusal {
    const manual = "A manual partition assignment was specified, but";
    if (replicationFactor !== -1) {
      return refuse(ErrorCode.INVALID_REQUEST, `${manual} replication factor was not set to -1.`);
    }
    if (partitions !== -1) return refuse(ErrorCode.INVALID_REQUEST, `${manual} numPartitions was not set to -1.`);
    const placed = new Map<number, readonly number[]>();
    for (const { partition, replicas } of assignments) {
      const factor = placed.values().next().value?.length ?? replicas.length;
      const fault = placed.has(partition)
        ? `Found multiple manual partition assignments for partition ${partition}`
        : this.assignmentFault(replicas, factor, partition);
      if (fault !== undefined) return refuse(ErrorCode.INVALID_REPLICA_ASSIGNMENT, fault);
      placed.set(partition, replicas);
    }
    const inOrder = assignments.map((_, index) => placed.get(index));
    if (!inOrder.every((replicas) => replicas !== undefined)) {
      const message = "partitions should be a consecutive 0-based integer sequence";
      return refuse(ErrorCode.INVALID_REPLICA_ASSIGNMENT, message);
    }
    return inOrder;
  }

  private assignmentFault(replicas: readonly number[], factor: number, partition: number): string | undefined {
    const includes = "The manual partition assignment includes";
    if (replicas.length === 0) return `${includes} an empty replica list.`;
    const sorted = replicas.toSorted((a, b) => a - b);
    for (const [index, node] of sorted.entries()) {
      if (!this.settings.nodes.includes(node)) return `${includes} broker ${node}, but no such broker is registered.`;
      if (sorted[index - 1] === node) return `${includes} the broker ${node} more than once.`;
    }
    if (replicas.length !== factor) {
      return `${includes} a partition with ${replicas.length} replica(s), but this is not consistent with previous partitions, which have ${factor} replica(s).`;
    }
    return partition < 0 ? "partitions should be a consecutive 0-based integer sequence" : undefined;
  }

  private spread(partitions: number, factor: number, start: number): number[][] {
    const { nodes } = this.settings;
    return Array.from({ length: partitions }, (_, index) => placeReplicas(nodes, factor, start + index));
  }

  private newId(): string {
    const id = randomUuid(this.settings.random);
    return this.byId.has(id) ? this.newId() : id;
  }
}

function refuse(errorCode: number, message: string | null): Refusal {
  return { errorCode, message };
}
