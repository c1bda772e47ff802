import type { RequestInput } from "@ondash/embedded-kafka/wire";
import { batch, KEEP, STAMP } from "./batches.ts";
import { makeTopic } from "./dialogue.ts";
import type { Talk } from "./talk.ts";

export type Entry = readonly [
  topic: { readonly name: string; readonly topicId: string },
  partition: number,
  records: Uint8Array,
];

export const NOWHERE = { name: "no-such-topic", topicId: "00112233-4455-6677-8899-aabbccddeeff" };

export function produceOf(entries: readonly Entry[], acks = -1): RequestInput<"Produce"> {
  return {
    acks,
    timeoutMs: 10_000,
    topicData: [...new Set(entries.map(([topic]) => topic))].map((topic) => ({
      ...topic,
      partitionData: entries.filter(([each]) => each === topic).map(([, index, records]) => ({ index, records })),
    })),
  };
}

export interface Wanted {
  readonly partition?: number;
  readonly fetchOffset: number;
  readonly partitionMaxBytes?: number;
  readonly currentLeaderEpoch?: number;
  readonly lastFetchedEpoch?: number;
}

export function fetchOf(
  topics: readonly (readonly [topic: { readonly name: string; readonly topicId: string }, ...wanted: Wanted[]])[],
  options: Omit<RequestInput<"Fetch">, "topics"> = {},
): RequestInput<"Fetch"> {
  return {
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 1 << 20,
    sessionEpoch: -1,
    ...options,
    topics: topics.map(([{ name, topicId }, ...wanted]) => ({
      topic: name,
      topicId,
      partitions: wanted.map(({ partition = 0, fetchOffset, partitionMaxBytes = 1 << 20, ...rest }) => ({
        partition,
        fetchOffset: BigInt(fetchOffset),
        partitionMaxBytes,
        ...rest,
      })),
    })),
  };
}

/** Five batches in partition 0 (a b, c, d e f, g, h), two records in partition 1, none in 2; the log starts at 1. */
export async function filledTopic(talk: Talk): Promise<{ readonly name: string; readonly topicId: string }> {
  const topic = await makeTopic(talk, "filled", { partitions: 3, configs: KEEP });
  const fill: readonly (readonly [number, readonly string[], bigint])[] = [
    [0, ["a", "b"], 0n],
    [0, ["c"], 5n],
    [0, ["d", "e", "f"], 3n],
    [0, ["g"], 5n],
    [0, ["h"], 1n],
    [1, ["x", "y"], 0n],
  ];
  for (const [partition, values, delta] of fill) {
    const records = batch(values, { baseTimestamp: STAMP + delta });
    await talk.quietly("Produce", 7, produceOf([[topic, partition, records]]));
  }
  await talk.quietly("DeleteRecords", 1, {
    topics: [{ name: topic.name, partitions: [{ partitionIndex: 0, offset: 1n }] }],
    timeoutMs: 10_000,
  });
  return topic;
}
