import type { Observation } from "@ondash/contract";
import { type AnyEnvelope, type ChatSchema, encodeRecord } from "@ondash/schemas";

const PARTITIONS = 8;

/** The events as a collector reads them from Kafka, a barrier after the last. */
export function observed(schema: ChatSchema, events: readonly AnyEnvelope[]): readonly Observation[] {
  const zeros = (): number[] => Array.from({ length: PARTITIONS }, () => 0);
  const ends: Record<string, number[]> = Object.fromEntries(schema.topicList.map((topic) => [topic, zeros()]));
  const start = Object.fromEntries(schema.topicList.map((topic) => [topic, zeros()]));
  const records = events.map((event): Observation => {
    const record = encodeRecord(schema, event, PARTITIONS);
    const positions = ends[record.topic] ?? [];
    const offset = positions[record.partition] ?? 0;
    positions[record.partition] = offset + 1;
    return { kind: "record", ...record, offset, timestamp: -1 };
  });
  return [
    { kind: "start", partitions: PARTITIONS, start },
    ...records,
    { kind: "asked", id: 1 },
    { kind: "barrier", id: 1, ends },
    { kind: "end", ends, producersDone: true },
  ];
}
