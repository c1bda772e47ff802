import type { ChatSchema, SchemaName } from "@ondash/schemas";
import type { Barrier, BarrierLaw } from "../barrier.ts";
import type { TopicOffsets } from "../observation.ts";
import { createPartitionLog, type PartitionLog } from "./partition-log.ts";

/** The observed logs of all partitions. */
export interface Logs {
  /** Sets the start offsets, before anything is observed. */
  start(start: TopicOffsets): void;
  /** The log of a partition that is observed, created at its first observation. */
  at(topic: string, partition: number): PartitionLog;
  find(topic: string, partition: number): PartitionLog | undefined;
  all(): Iterable<PartitionLog>;
  /** The topics of which anything is known. */
  topics(): Iterable<string>;
  /** The first partition of a version's topics whose position has not reached the barrier; undefined: all have. */
  short(barrier: Pick<Barrier, "ends">, schema: ChatSchema): PartitionLog | undefined;
}

/** Creates the logs; each partition remembers `keep` records. */
export function createLogs(law: BarrierLaw, keep: number): Logs {
  /** Up to where a version's partitions have reached certain ends. Positions never go back: nor does this. */
  const reached = new WeakMap<TopicOffsets, Map<SchemaName, { topic: number; partition: number }>>();
  const byTopic = new Map<string, Map<number, PartitionLog>>();
  const at = (topic: string, partition: number, start?: number): PartitionLog => {
    let logs = byTopic.get(topic);
    if (logs === undefined) byTopic.set(topic, (logs = new Map()));
    let log = logs.get(partition);
    if (log === undefined) logs.set(partition, (log = createPartitionLog(topic, partition, start, keep)));
    return log;
  };
  return {
    start(start) {
      for (const [topic, offsets] of Object.entries(start)) {
        byTopic.set(topic, new Map());
        for (const [partition, offset] of offsets.entries()) at(topic, partition, offset);
      }
    },
    at: (topic, partition) => at(topic, partition),
    find: (topic, partition) => byTopic.get(topic)?.get(partition),
    *all() {
      for (const logs of byTopic.values()) yield* logs.values();
    },
    topics: () => byTopic.keys(),
    short({ ends }, { name, topicList }) {
      let versions = reached.get(ends);
      if (versions === undefined) reached.set(ends, (versions = new Map()));
      let cursor = versions.get(name);
      if (cursor === undefined) versions.set(name, (cursor = { topic: 0, partition: 0 }));
      let isCertain = true;
      for (let index = cursor.topic, from = cursor.partition; index < topicList.length; index++, from = 0) {
        const topic = topicList[index] ?? "";
        const offsets = ends[topic] ?? [];
        for (let partition = from; partition < offsets.length; partition++) {
          const log = byTopic.get(topic)?.get(partition);
          // Without a start offset a partition begins at its first record: until then there is nothing to be read, and
          // then there may be.
          if (log?.position === undefined) isCertain = false;
          else if (!law.reached(log.position, offsets[partition] ?? 0)) return log;
          else if (isCertain) [cursor.topic, cursor.partition] = [index, partition];
        }
      }
      return undefined;
    },
  };
}
