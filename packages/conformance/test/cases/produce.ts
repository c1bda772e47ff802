import { encodeRecordBatch } from "@ondash/embedded-kafka/wire";
import { expect } from "vitest";
import { batchOf, type Case, fetchFrom, makeTopic, newProducer, produce } from "../context.ts";
import { batchesOf, valuesOf } from "../read-records.ts";

const utf8 = new TextEncoder();

export const produceCases: readonly Case[] = [
  {
    title: "offsets are dense and start at 0; records come back as they were sent",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection);
      expect(await produce(connection, topic, batchOf(["a", "b"]))).toMatchObject({ error: "NONE", baseOffset: 0 });
      expect(await produce(connection, topic, batchOf(["c"]))).toMatchObject({ error: "NONE", baseOffset: 2 });
      const { records, highWatermark } = await fetchFrom(connection, topic, 0);
      expect([valuesOf(records), highWatermark]).toEqual([["0:a", "1:b", "2:c"], 3]);
    },
  },
  {
    title: "keys, null values and headers keep their bytes, order and repetitions",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection);
      const sent = [
        {
          key: utf8.encode("k"),
          value: null,
          headers: [
            ["b", utf8.encode("1")],
            ["a", null],
            ["b", utf8.encode("2")],
          ] as const,
        },
        { key: null, value: new Uint8Array(0), headers: [] },
      ];
      await produce(connection, topic, encodeRecordBatch({ records: sent, baseTimestamp: BigInt(Date.now()) }));
      const { records } = await fetchFrom(connection, topic, 0);
      const plain = (bytes: Uint8Array | null): readonly number[] | null => (bytes === null ? null : [...bytes]);
      expect(
        batchesOf(records)[0]?.records.map(({ key, value, headers }) => [
          plain(key),
          plain(value),
          headers.map(([name, header]) => [name, plain(header)]),
        ]),
      ).toEqual([
        [
          [107],
          null,
          [
            ["b", [49]],
            ["a", null],
            ["b", [50]],
          ],
        ],
        [null, [], []],
      ]);
    },
  },
  {
    title: "unknown topic and partition: Produce answers UNKNOWN_TOPIC_OR_PARTITION",
    async run(context) {
      const connection = await context.connect();
      expect((await produce(connection, context.name(), batchOf(["a"]))).error).toBe("UNKNOWN_TOPIC_OR_PARTITION");
      const topic = await makeTopic(context, connection);
      expect((await produce(connection, topic, batchOf(["a"]), { partition: 7 })).error).toBe(
        "UNKNOWN_TOPIC_OR_PARTITION",
      );
    },
  },
  {
    title: "too large batch: above max.message.bytes MESSAGE_TOO_LARGE, at the limit accepted",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection, { configs: { "max.message.bytes": "1000" } });
      const overhead = batchOf(["x".repeat(900)]).length - 900;
      expect((await produce(connection, topic, batchOf(["x".repeat(1000 - overhead + 1)]))).error).toBe(
        "MESSAGE_TOO_LARGE",
      );
      expect(await produce(connection, topic, batchOf(["x".repeat(1000 - overhead)]))).toMatchObject({
        error: "NONE",
        baseOffset: 0,
      });
    },
  },
  {
    title: "corrupt CRC: CORRUPT_MESSAGE, and nothing is appended",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection);
      const batch = batchOf(["abc"]).slice();
      batch[batch.length - 2] = (batch[batch.length - 2] ?? 0) ^ 1;
      expect((await produce(connection, topic, batch)).error).toBe("CORRUPT_MESSAGE");
      expect((await fetchFrom(connection, topic, 0)).highWatermark).toBe(0);
    },
  },
  {
    title: "a record count that is not that of the batch is INVALID_RECORD; an old magic is refused",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection);
      expect((await produce(connection, topic, batchOf(["a", "b"], { recordCount: 3 }))).error).toBe("INVALID_RECORD");
      expect((await produce(connection, topic, batchOf(["a", "b"], { lastOffsetDelta: 5 }))).error).toBe(
        "INVALID_RECORD",
      );
      expect((await produce(connection, topic, batchOf(["a"], { control: true }))).error).toBe("INVALID_RECORD");
      expect((await fetchFrom(connection, topic, 0)).highWatermark).toBe(0);
    },
  },
  {
    title: "two batches for one partition in one request are INVALID_RECORD",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection);
      const two = Uint8Array.of(...batchOf(["a"]), ...batchOf(["b"]));
      expect((await produce(connection, topic, two)).error).toBe("INVALID_RECORD");
    },
  },
  {
    title: "a record without a key on a compacted topic is INVALID_RECORD",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection, { configs: { "cleanup.policy": "compact" } });
      expect((await produce(connection, topic, batchOf(["a"]))).error).toBe("INVALID_RECORD");
    },
  },
  {
    title: "acks=0 is not answered: the next answer on the connection is that of the next request",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection);
      connection.send("Produce", 7, {
        acks: 0,
        timeoutMs: 1_000,
        topicData: [{ name: topic, partitionData: [{ index: 0, records: batchOf(["a"]) }] }],
      });
      expect(await produce(connection, topic, batchOf(["b"]))).toMatchObject({ error: "NONE", baseOffset: 1 });
    },
  },
  {
    title: "acks other than 0, 1 and -1 is INVALID_REQUIRED_ACKS",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection);
      expect((await produce(connection, topic, batchOf(["a"]), { acks: 2 })).error).toBe("INVALID_REQUIRED_ACKS");
      expect((await produce(connection, topic, batchOf(["a"]), { acks: 1 })).error).toBe("NONE");
    },
  },
  ...(["gzip", "snappy", "lz4", "zstd"] as const).map(
    (compression): Case => ({
      title: `a batch compressed with ${compression} comes back as it was sent`,
      async run(context) {
        const connection = await context.connect();
        const topic = await makeTopic(context, connection);
        const values = Array.from({ length: 50 }, (_, index) => `value ${index} ${"x".repeat(index)}`);
        expect((await produce(connection, topic, batchOf(values, { compression }))).error).toBe("NONE");
        const { records } = await fetchFrom(connection, topic, 0);
        expect(valuesOf(records)).toEqual(values.map((value, index) => `${index}:${value}`));
        expect(batchesOf(records)[0]?.header.compression).toBe(compression);
      },
    }),
  ),
  {
    title: "out-of-order sequence: OUT_OF_ORDER_SEQUENCE_NUMBER, and nothing is appended",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection);
      const producer = await newProducer(connection);
      expect((await produce(connection, topic, batchOf(["a"], { ...producer, baseSequence: 0 }))).error).toBe("NONE");
      expect((await produce(connection, topic, batchOf(["c"], { ...producer, baseSequence: 2 }))).error).toBe(
        "OUT_OF_ORDER_SEQUENCE_NUMBER",
      );
      expect((await produce(connection, topic, batchOf(["b"], { ...producer, baseSequence: 1 }))).baseOffset).toBe(1);
    },
  },
  {
    title: "duplicate sequence: succeeds with the original offset, for each of the last five batches",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection);
      const producer = await newProducer(connection);
      const send = (sequence: number) =>
        produce(connection, topic, batchOf([`v${sequence}`, "+"], { ...producer, baseSequence: sequence * 2 }));
      for (let i = 0; i < 6; i++) expect(await send(i)).toMatchObject({ error: "NONE", baseOffset: i * 2 });
      for (let i = 1; i < 6; i++) expect(await send(i)).toMatchObject({ error: "NONE", baseOffset: i * 2 });
      // The sixth-last is forgotten: it can't be told from a gap.
      expect((await send(0)).error).toMatch(/^(OUT_OF_ORDER_SEQUENCE_NUMBER|DUPLICATE_SEQUENCE_NUMBER)$/);
      expect((await fetchFrom(connection, topic, 0)).highWatermark).toBe(12);
    },
  },
  {
    title: "an older producer epoch is INVALID_PRODUCER_EPOCH; a newer one starts at sequence 0",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection);
      const producer = await newProducer(connection);
      const send = (producerEpoch: number, baseSequence: number) =>
        produce(connection, topic, batchOf(["a"], { ...producer, producerEpoch, baseSequence }));
      expect((await send(1, 0)).error).toBe("NONE");
      expect((await send(0, 1)).error).toBe("INVALID_PRODUCER_EPOCH");
      expect((await send(2, 1)).error).toBe("OUT_OF_ORDER_SEQUENCE_NUMBER");
      expect((await send(2, 0)).error).toBe("NONE");
    },
  },
  {
    title: "after sequence 2147483647 comes 0",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection);
      const producer = await newProducer(connection);
      const send = (baseSequence: number) =>
        produce(connection, topic, batchOf(["a", "b"], { ...producer, baseSequence }));
      // A producer that the partition does not know may start anywhere.
      expect(await send(2_147_483_646)).toMatchObject({ error: "NONE", baseOffset: 0 });
      expect(await send(0)).toMatchObject({ error: "NONE", baseOffset: 2 });
    },
  },
];
