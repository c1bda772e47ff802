import type { Observation, RecordObservation, SkipObservation, TopicOffsets } from "@ondash/contract";
import { type ChatSchema, chatSchemas, type OutgoingRecord } from "@ondash/schemas";

/** A broker's log in memory: appends records, knows its end offsets. */
export interface TestLog {
  /** Appends offsets without a record: a control batch, or what an aborted transaction wrote. */
  readonly mark: (topic: string, partition: number, count: number, why: "control" | "aborted") => SkipObservation;
  readonly append: (record: OutgoingRecord) => RecordObservation;
  ends(): Record<string, number[]>;
  readonly start: TopicOffsets;
  readonly partitions: number;
}

/** Creates the topics of the given versions, each partition beginning at `base`. */
export function createTestLog(
  options: { partitions?: number; schemas?: readonly ChatSchema[]; base?: number } = {},
): TestLog {
  const { partitions = 8, schemas = chatSchemas, base = 0 } = options;
  const all = schemas.flatMap((schema) => schema.topicList);
  const start = Object.fromEntries(all.map((topic) => [topic, Array.from({ length: partitions }, () => base)]));
  const next = structuredClone(start);
  return {
    start,
    partitions,
    mark(topic, partition, count, why) {
      const offsets = (next[topic] ??= []);
      const from = offsets[partition] ?? 0;
      offsets[partition] = from + count;
      return { kind: "skip", topic, partition, from, to: from + count - 1, why };
    },
    append(record) {
      const offsets = (next[record.topic] ??= []);
      const offset = offsets[record.partition] ?? 0;
      offsets[record.partition] = offset + 1;
      return { kind: "record", ...record, offset, timestamp: 1_761_733_800_000 };
    },
    ends: () => structuredClone(next),
  };
}

/** A whole run of records that were appended and read in this order, with the end of the run as its one barrier. */
export function wholeRun(log: TestLog, observations: readonly Observation[], producersDone = true): Observation[] {
  return [
    { kind: "start", partitions: log.partitions, start: log.start },
    ...observations,
    { kind: "end", ends: log.ends(), producersDone },
  ];
}
