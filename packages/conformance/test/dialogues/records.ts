import type { RequestInput } from "@ondash/embedded-kafka/wire";
import { batch, corrupt, KEEP, STAMP } from "./batches.ts";
import { type Dialogue, makeTopic } from "./dialogue.ts";
import type { Talk } from "./talk.ts";

type Entry = readonly [
  topic: { readonly name: string; readonly topicId: string },
  partition: number,
  records: Uint8Array,
];

const NOWHERE = { name: "no-such-topic", topicId: "00112233-4455-6677-8899-aabbccddeeff" };

function produceOf(entries: readonly Entry[], acks = -1): RequestInput<"Produce"> {
  return {
    acks,
    timeoutMs: 10_000,
    topicData: [...new Set(entries.map(([topic]) => topic))].map((topic) => ({
      ...topic,
      partitionData: entries.filter(([each]) => each === topic).map(([, index, records]) => ({ index, records })),
    })),
  };
}

interface Wanted {
  readonly partition?: number;
  readonly fetchOffset: number;
  readonly partitionMaxBytes?: number;
  readonly currentLeaderEpoch?: number;
  readonly lastFetchedEpoch?: number;
}

function fetchOf(
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
async function filledTopic(talk: Talk): Promise<{ readonly name: string; readonly topicId: string }> {
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

export const recordDialogues: readonly Dialogue[] = [
  {
    title: "produce",
    api: "Produce",
    async hold(talk, version) {
      const topic = await makeTopic(talk, "topic", { partitions: 2, configs: KEEP });
      const ask = (note: string, entries: readonly Entry[], acks = -1): Promise<unknown> =>
        talk.ask(note, "Produce", version, produceOf(entries, acks));
      await ask("two records", [[topic, 0, batch(["a", "b"])]]);
      await ask("a third, acks 1", [[topic, 0, batch(["c"])]], 1);
      await ask("two partitions and an unknown one", [
        [topic, 1, batch(["d"])],
        [topic, 7, batch(["e"])],
        [topic, 0, batch(["f"])],
      ]);
      await ask("an unknown topic", [[NOWHERE, 0, batch(["a"])]]);
      await ask("one topic in two places", [
        [topic, 1, batch(["h"])],
        [{ ...topic }, 0, batch(["i"])],
      ]);
      await ask("damaged and well at once", [
        [topic, 0, corrupt(batch(["a"]))],
        [topic, 1, batch(["g"])],
      ]);
      await ask("not one batch", [[topic, 0, Uint8Array.of(...batch(["a"]), ...batch(["b"]))]]);
      await ask("no batch", [[topic, 0, new Uint8Array(0)]]);
      await ask("base offset 5", [[topic, 0, batch(["a"], { baseOffset: 5n })]]);
      await ask("a control batch", [[topic, 0, batch(["a"], { control: true })]]);
      await ask("a count that is wrong", [[topic, 0, batch(["a"], { recordCount: 2 })]]);
      await ask("records after the last offset", [[topic, 0, batch(["a", "b"], { lastOffsetDelta: 4 })]]);
      await ask("no records", [[topic, 0, batch([])]]);
      await ask("a future that is too far", [[topic, 0, batch(["a"], { baseTimestamp: 9_000_000_000_000n })]]);
      await ask("acks 2", [[topic, 0, batch(["a"])]], 2);
      await ask("compressed", [[topic, 0, batch(["z".repeat(100)], { compression: "gzip" })]]);
      await ask("zstd", [[topic, 0, batch(["z".repeat(100)], { compression: "zstd" })]]);
      await ask("no topics", []);
      await talk.ask(
        "everything that was appended",
        "Fetch",
        11,
        fetchOf([[topic, { fetchOffset: 0 }, { partition: 1, fetchOffset: 0 }]]),
      );
    },
  },
  {
    title: "produce idempotently",
    api: "Produce",
    async hold(talk, version) {
      const topic = await makeTopic(talk, "topic", { configs: KEEP });
      const { producerId } = await talk.quietly(
        "InitProducerId",
        1,
        { transactionalId: null, transactionTimeoutMs: 60_000 },
        ({ errorCode }) => errorCode,
      );
      const send = (
        note: string,
        producerEpoch: number,
        baseSequence: number,
        values = ["a", "b"],
      ): Promise<unknown> => {
        const records = batch(values, { producerId, producerEpoch, baseSequence });
        return talk.ask(note, "Produce", version, produceOf([[topic, 0, records]]));
      };
      await send("the first", 0, 0);
      await send("the next", 0, 2);
      await send("the first again", 0, 0);
      await send("the next again", 0, 2);
      await send("part of it", 0, 2, ["a"]);
      await send("after a gap", 0, 5);
      await send("another epoch, not at 0", 1, 4);
      await send("another epoch", 1, 0);
      await send("the old epoch", 0, 4);
      for (const sequence of [2, 4, 6, 8, 10]) await send(`sequence ${sequence}`, 1, sequence);
      await send("the sixth-last again", 1, 0);
      await send("the fifth-last again", 1, 2);
      await talk.ask("all of it", "Fetch", 11, fetchOf([[topic, { fetchOffset: 0 }]]));
    },
  },
  {
    title: "log append time",
    api: "Produce",
    async hold(talk, version) {
      const topic = await makeTopic(talk, "topic", { configs: { "message.timestamp.type": "LogAppendTime" } });
      await talk.ask("two records", "Produce", version, produceOf([[topic, 0, batch(["a", "b"])]]));
      await talk.ask("as they are stored", "Fetch", 11, fetchOf([[topic, { fetchOffset: 0 }]]));
    },
  },
  {
    title: "a compacted topic",
    api: "Produce",
    async hold(talk, version) {
      const topic = await makeTopic(talk, "topic", { configs: { "cleanup.policy": "compact" } });
      const { encodeRecordBatch } = await import("@ondash/embedded-kafka/wire");
      const value = Uint8Array.of(1);
      const some = encodeRecordBatch({
        baseTimestamp: STAMP,
        records: [{ key: value, value }, { value }, { value }, { value }, { value }],
      });
      await talk.ask("records without keys", "Produce", version, produceOf([[topic, 0, some]]));
    },
  },
  {
    title: "fetch",
    api: "Fetch",
    async hold(talk, version) {
      const topic = await filledTopic(talk);
      const ask = (note: string, ...args: Parameters<typeof fetchOf>): Promise<unknown> =>
        talk.ask(note, "Fetch", version, fetchOf(...args));
      await ask("from the start of the log", [[topic, { fetchOffset: 1 }]]);
      await ask("inside a batch", [[topic, { fetchOffset: 4 }]]);
      await ask("at the end", [[topic, { fetchOffset: 8 }]]);
      await ask("at the end, waiting a moment", [[topic, { fetchOffset: 8 }]], { maxWaitMs: 20 });
      await ask("for more bytes than there are", [[topic, { fetchOffset: 7 }]], { maxWaitMs: 20, minBytes: 100_000 });
      await ask("beyond the end", [[topic, { fetchOffset: 9 }]]);
      await ask("before the start", [[topic, { fetchOffset: 0 }]]);
      await ask(
        "an unknown topic and a known one",
        [
          [NOWHERE, { fetchOffset: 0 }],
          [topic, { fetchOffset: 7 }],
        ],
        { maxWaitMs: 600_000 },
      );
      await ask("an unknown partition", [[topic, { partition: 9, fetchOffset: 0 }]], { maxWaitMs: 600_000 });
      await ask("partitions in this order: 2, 1, 0", [
        [topic, { partition: 2, fetchOffset: 0 }, { partition: 1, fetchOffset: 0 }, { partition: 0, fetchOffset: 7 }],
      ]);
      await ask("one topic twice", [
        [topic, { fetchOffset: 7 }],
        [topic, { partition: 1, fetchOffset: 0 }],
      ]);
      await ask("one partition twice", [[topic, { fetchOffset: 7 }, { fetchOffset: 6 }]]);
      await ask("few bytes of a partition", [[topic, { fetchOffset: 1, partitionMaxBytes: 1 }]]);
      await ask("few bytes in all", [[topic, { fetchOffset: 7 }, { partition: 1, fetchOffset: 0 }]], { maxBytes: 1 });
      await ask("no bytes", [[topic, { fetchOffset: 7 }]], { maxBytes: 0 });
      await ask("nothing", []);
      await ask("committed records only", [[topic, { fetchOffset: 7 }]], { isolationLevel: 1 });
      await ask("with the leader's epoch", [[topic, { fetchOffset: 7, currentLeaderEpoch: 0 }]]);
      await ask("with an epoch to come", [[topic, { fetchOffset: 7, currentLeaderEpoch: 5 }]], { maxWaitMs: 600_000 });
      await ask("after records of this epoch", [
        [topic, { fetchOffset: 7, currentLeaderEpoch: 0, lastFetchedEpoch: 0 }],
      ]);
      await ask("in a session that is not there", [[topic, { fetchOffset: 7 }]], { sessionId: 77, sessionEpoch: 3 });
      await ask("going on without a session", [[topic, { fetchOffset: 7 }]], { sessionId: 0, sessionEpoch: 3 });
    },
  },
  {
    title: "list offsets",
    api: "ListOffsets",
    async hold(talk, version) {
      const { name } = await filledTopic(talk);
      const empty = await makeTopic(talk, "empty");
      const ask = (
        note: string,
        ...partitions: (readonly [topic: string, timestamp: bigint, partition?: number, epoch?: number])[]
      ): Promise<unknown> =>
        talk.ask(note, "ListOffsets", version, {
          replicaId: -1,
          isolationLevel: 0,
          timeoutMs: 10_000,
          topics: partitions.map(([topic, timestamp, partitionIndex = 0, currentLeaderEpoch = -1]) => ({
            name: topic,
            partitions: [{ partitionIndex, timestamp, currentLeaderEpoch }],
          })),
        });
      await ask("start", [name, -2n]);
      await ask("end", [name, -1n]);
      await ask("start of an empty one", [empty.name, -2n]);
      await ask("one partition twice", [empty.name, -2n], [empty.name, -1n]);
      await ask("greatest time", [name, -3n]);
      await ask("greatest time of an empty one", [empty.name, -3n]);
      for (const timestamp of [-4n, -5n, -6n, -7n]) await ask(`special ${timestamp}`, [name, timestamp]);
      for (const delta of [-1n, 0n, 1n, 2n, 4n, 5n, 6n]) await ask(`time +${delta}`, [name, STAMP + delta]);
      await ask("time 0", [name, 0n]);
      await ask("a time, of an empty one", [empty.name, STAMP]);
      await ask("unknown topic", ["no-such-topic", -1n]);
      await ask("unknown partition", [name, -1n, 9]);
      await ask("another partition", [name, -1n, 1]);
      await ask("epoch 0", [name, -1n, 0, 0]);
      await ask("an epoch to come", [name, -1n, 0, 3]);
    },
  },
  {
    title: "delete records",
    api: "DeleteRecords",
    async hold(talk, version) {
      const topic = await filledTopic(talk);
      const ask = (note: string, offset: number, partitionIndex = 0, name = topic.name): Promise<unknown> =>
        talk.ask(note, "DeleteRecords", version, {
          topics: [{ name, partitions: [{ partitionIndex, offset: BigInt(offset) }] }],
          timeoutMs: 10_000,
        });
      await ask("up to 3", 3);
      await ask("up to 2, which is gone", 2);
      await ask("beyond the end", 99);
      await ask("offset -2", -2);
      await ask("an unknown partition", 1, 9);
      await ask("an unknown topic", 1, 0, "no-such-topic");
      await talk.ask("from the new start, inside a batch", "Fetch", 11, fetchOf([[topic, { fetchOffset: 3 }]]));
      await talk.ask("a time of records that are gone", "ListOffsets", 4, {
        topics: [{ name: topic.name, partitions: [{ partitionIndex: 0, timestamp: STAMP, currentLeaderEpoch: -1 }] }],
      });
      await ask("all", -1);
      await talk.ask("the end of an emptied log", "Fetch", 11, fetchOf([[topic, { fetchOffset: 8 }]]));
    },
  },
  {
    title: "offset for leader epoch",
    api: "OffsetForLeaderEpoch",
    async hold(talk, version) {
      const { name } = await filledTopic(talk);
      const ask = (
        note: string,
        leaderEpoch: number,
        currentLeaderEpoch = -1,
        partition = 0,
        topic = name,
      ): Promise<unknown> =>
        talk.ask(note, "OffsetForLeaderEpoch", version, {
          replicaId: -1,
          topics: [{ topic, partitions: [{ partition, leaderEpoch, currentLeaderEpoch }] }],
        });
      await ask("epoch 0", 0);
      await ask("epoch 4, to come", 4);
      await ask("epoch -1", -1);
      await ask("current epoch 0", 0, 0);
      await ask("current epoch to come", 0, 4);
      await ask("an empty partition", 0, -1, 2);
      await ask("an unknown partition", 0, -1, 9);
      await ask("an unknown topic", 0, -1, 0, "no-such-topic");
    },
  },
  {
    title: "describe producers",
    api: "DescribeProducers",
    async hold(talk, version) {
      const { name } = await makeTopic(talk, "topic", { configs: KEEP });
      const { producerId } = await talk.quietly(
        "InitProducerId",
        1,
        { transactionalId: null, transactionTimeoutMs: 60_000 },
        ({ errorCode }) => errorCode,
      );
      const ask = (note: string, topic: string, partition: number): Promise<unknown> =>
        talk.ask(note, "DescribeProducers", version, { topics: [{ name: topic, partitionIndexes: [partition] }] });
      await ask("nobody", name, 0);
      // Of today: a producer whose last record is older than a day is forgotten.
      const baseTimestamp = BigInt(Date.now());
      const records = batch(["a", "b"], { baseTimestamp, producerId, producerEpoch: 0, baseSequence: 0 });
      await talk.quietly("Produce", 7, produceOf([[{ name, topicId: "" }, 0, records]]));
      await ask("one", name, 0);
      await ask("an unknown partition", name, 4);
      await ask("an unknown topic", "no-such-topic", 0);
    },
  },
];
