import type { TopicOffsets } from "@ondash/contract";
import { chatSchemas } from "@ondash/schemas";

/** The topics of both versions. */
export const topics: readonly string[] = chatSchemas.flatMap(({ topicList }) => topicList);
/** Start offsets of two partitions each. */
export const zero: TopicOffsets = Object.fromEntries(topics.map((topic) => [topic, [0, 0]]));
/** End offsets above everything in these tests. */
export const ends: TopicOffsets = Object.fromEntries(topics.map((topic) => [topic, [1_000, 1_000]]));

/** A header of a recording. */
export const HEADER: string = JSON.stringify({ recording: "ondash/1", partitions: 2, start: zero });
/** A last line. */
export const END: string = JSON.stringify({ end: ends, producersDone: true });
/** A record line. */
export const RECORD: Readonly<Record<string, unknown>> & { readonly topic: string } = {
  topic: "ondash.llm.text",
  partition: 1,
  offset: 17,
  timestamp: 1_761_733_800_000,
  key: "conv_456",
  headers: [["ce_id", "x"]],
  value: "AAEC",
};
