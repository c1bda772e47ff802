import { compress, decompress } from "@ondash/embedded-kafka/wire";
import { CompressionCodecs, CompressionTypes } from "kafkajs";
import { describe, expect, it } from "vitest";
import { collect, startFixture } from "./clients.ts";

for (const [type, codec] of [
  [CompressionTypes.Snappy, "snappy"],
  [CompressionTypes.LZ4, "lz4"],
  [CompressionTypes.ZSTD, "zstd"],
] as const) {
  CompressionCodecs[type] = () => ({
    compress: (encoder: { buffer: Buffer }) => Promise.resolve(Buffer.from(compress(codec, encoder.buffer))),
    decompress: (buffer: Buffer) => Promise.resolve(Buffer.from(decompress(codec, buffer))),
  });
}

describe("an idempotent producer", () => {
  it("gets dense offsets", async () => {
    await using fixture = await startFixture();
    fixture.kafka.createTopic({ name: "a" });
    const producer = fixture.use(fixture.client.producer({ idempotent: true, maxInFlightRequests: 1 }));
    await producer.connect();
    const offsets: (string | undefined)[] = [];
    for (let round = 0; round < 3; round++) {
      const [sent] = await producer.send({ topic: "a", messages: [{ value: "x" }, { value: "y" }] });
      offsets.push(sent?.baseOffset);
    }
    expect(offsets).toEqual(["0", "2", "4"]);
  });
});

describe("records", () => {
  it("come back as they were sent: null values, empty ones, headers several times and in order", async () => {
    await using fixture = await startFixture();
    fixture.kafka.createTopic({ name: "a" });
    const producer = fixture.use(fixture.client.producer());
    const consumer = fixture.use(fixture.client.consumer({ groupId: "g", maxWaitTimeInMs: 100 }));
    await Promise.all([producer.connect(), consumer.connect()]);
    await producer.send({
      topic: "a",
      messages: [
        { key: "k", value: "v", headers: { b: ["1", "2"], a: "3", e: "" } },
        { key: null, value: null },
        { key: "", value: "" },
      ],
    });
    await consumer.subscribe({ topic: "a", fromBeginning: true });
    const { take } = await collect(consumer);
    const received = await take(3);
    expect(received.map(({ offset, key, value }) => [offset, key, value])).toEqual([
      ["0", "k", "v"],
      ["1", null, null],
      ["2", "", ""],
    ]);
    const headers = JSON.parse(JSON.stringify(received[0]?.headers, (_, value) => asText(value))) as unknown;
    expect(headers).toEqual({ b: ["1", "2"], a: "3", e: "" });
  });

  it.each([
    ["gzip", CompressionTypes.GZIP],
    ["snappy", CompressionTypes.Snappy],
    ["lz4", CompressionTypes.LZ4],
    ["zstd", CompressionTypes.ZSTD],
  ])("pass through compressed with %s", async (_, compression) => {
    await using fixture = await startFixture();
    fixture.kafka.createTopic({ name: "a" });
    const producer = fixture.use(fixture.client.producer());
    const consumer = fixture.use(fixture.client.consumer({ groupId: "g", maxWaitTimeInMs: 100 }));
    await Promise.all([producer.connect(), consumer.connect()]);
    const values = Array.from({ length: 50 }, (__, index) => `${index} `.repeat(100));
    await producer.send({ topic: "a", compression, messages: values.map((value) => ({ value })) });
    await consumer.subscribe({ topic: "a", fromBeginning: true });
    const received = await (await collect(consumer)).take(50);
    expect(received.map(({ value }) => value)).toEqual(values);
  });
});

describe("what Kafka refuses", () => {
  it("is a message above max.message.bytes", async () => {
    await using fixture = await startFixture();
    fixture.kafka.createTopic({ name: "a", configs: { "max.message.bytes": "1000" } });
    const producer = fixture.use(fixture.client.producer({ retry: { retries: 0 } }));
    await producer.connect();
    const send = (length: number): Promise<unknown> =>
      producer.send({ topic: "a", messages: [{ value: "x".repeat(length) }] });
    await expect(send(2_000)).rejects.toMatchObject({ type: "MESSAGE_TOO_LARGE" });
    await expect(send(500)).resolves.toMatchObject([{ baseOffset: "0" }]);
  });

  it("is a record without a key on a compacted topic", async () => {
    await using fixture = await startFixture();
    fixture.kafka.createTopic({ name: "a", configs: { "cleanup.policy": "compact" } });
    const producer = fixture.use(fixture.client.producer({ retry: { retries: 0 } }));
    await producer.connect();
    // kafkajs 2.2.4 does not know INVALID_RECORD (87) by name.
    await expect(producer.send({ topic: "a", messages: [{ value: "v" }] })).rejects.toMatchObject({ code: 87 });
  });

  it("is a topic that does not exist, where topics are not made by themselves", async () => {
    await using fixture = await startFixture({ autoCreateTopics: false });
    const producer = fixture.use(fixture.client.producer({ retry: { retries: 0 } }));
    await producer.connect();
    const send = producer.send({ topic: "a", messages: [{ value: "v" }] });
    await expect(send).rejects.toMatchObject({ cause: { type: "UNKNOWN_TOPIC_OR_PARTITION" } });
    expect(fixture.kafka.topics()).toEqual([]);
  });
});

it("makes a topic that is asked for, with the default number of partitions", async () => {
  await using fixture = await startFixture({ partitions: 4 });
  const producer = fixture.use(fixture.client.producer());
  await producer.connect();
  await producer.send({ topic: "made", messages: [{ value: "v" }] });
  expect(fixture.kafka.topics()).toEqual(["made"]);
  const admin = fixture.use(fixture.client.admin());
  await admin.connect();
  expect(await admin.fetchTopicOffsets("made")).toHaveLength(4);
});

it("spreads a topic over its nodes, each of which answers for its own partitions", async () => {
  await using fixture = await startFixture({ nodes: 3 });
  fixture.kafka.createTopic({ name: "a", partitions: 6, replicationFactor: 3 });
  const producer = fixture.use(fixture.client.producer());
  await producer.connect();
  const messages = Array.from({ length: 6 }, (_, partition) => ({ partition, value: `${partition}` }));
  const sent = await producer.send({ topic: "a", messages });
  expect(sent.map(({ errorCode, baseOffset }) => [errorCode, baseOffset])).toEqual(messages.map(() => [0, "0"]));
  const admin = fixture.use(fixture.client.admin());
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: ["a"] });
  const leaders = topics[0]?.partitions.map(({ leader }) => leader) ?? [];
  expect([0, 1, 2].map((node) => leaders.filter((leader) => leader === node).length)).toEqual([2, 2, 2]);
});

function asText(value: unknown): unknown {
  const bytes = value as { type?: string; data?: number[] } | null;
  return bytes?.type === "Buffer" ? Buffer.from(bytes.data ?? []).toString() : value;
}
