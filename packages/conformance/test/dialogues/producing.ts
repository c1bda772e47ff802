import { encodeRecordBatch } from "@ondash/embedded-kafka/wire";
import { batch, corrupt, KEEP, STAMP } from "./batches.ts";
import { type Dialogue, makeTopic } from "./dialogue.ts";
import { type Entry, fetchOf, NOWHERE, produceOf } from "./record-requests.ts";

export const producingDialogues: readonly Dialogue[] = [
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
      const value = Uint8Array.of(1);
      const some = encodeRecordBatch({
        baseTimestamp: STAMP,
        records: [{ key: value, value }, { value }, { value }, { value }, { value }],
      });
      await talk.ask("records without keys", "Produce", version, produceOf([[topic, 0, some]]));
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
