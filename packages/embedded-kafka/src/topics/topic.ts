import { PartitionLog } from "../log/partition-log.ts";
import type { ConfigOverrides } from "./topic-configs.ts";

/** A partition: where it lives, and its records. All nodes share the one log; `leader` alone may be asked for it. */
export interface Partition {
  readonly topic: Topic;
  readonly index: number;
  leader: number;
  leaderEpoch: number;
  readonly replicas: readonly number[];
  isr: readonly number[];
  readonly log: PartitionLog;
}

/** A topic. A topic that is deleted and made again is another one: new id, new logs. */
export interface Topic {
  readonly name: string;
  /** 32 lower-case hexadecimal digits grouped as a UUID. */
  readonly id: string;
  readonly internal: boolean;
  readonly partitions: Partition[];
  configs: ConfigOverrides;
  deleted: boolean;
}

/** Makes the partition that follows the topic's last one, with a leader epoch of 0. */
export function addPartition(topic: Topic, replicas: readonly number[]): Partition {
  const leader = replicas[0];
  if (leader === undefined) throw new Error(`a partition of ${topic.name} has no replica`);
  const log = new PartitionLog();
  log.epochs.assign(0, 0n);
  const index = topic.partitions.length;
  const partition: Partition = { topic, index, leader, leaderEpoch: 0, replicas, isr: replicas, log };
  topic.partitions.push(partition);
  return partition;
}
