import { startEmbeddedKafka } from "@ondash/embedded-kafka";
import {
  connectRaw,
  ErrorCode,
  encodeFrame,
  encodeRecordBatch,
  encodeRequest,
  encodeRequestHeader,
  type RawConnection,
  type RequestInput,
} from "@ondash/embedded-kafka/wire";
import { describe, expect, it } from "vitest";

async function withBroker(test: (connect: () => Promise<RawConnection>) => Promise<void>): Promise<void> {
  await using kafka = await startEmbeddedKafka({ maxRequestBytes: 100_000 });
  kafka.createTopic({ name: "a" });
  const port = Number(kafka.brokers[0]?.split(":")[1]);
  await test(() => connectRaw({ host: "127.0.0.1", port }));
}

const records = encodeRecordBatch({
  records: [{ key: Uint8Array.of(1), value: Uint8Array.of(2) }],
  baseTimestamp: 1_000n,
});
const produce = (name: string, acks = -1): RequestInput<"Produce"> => ({
  acks,
  timeoutMs: 1_000,
  topicData: [{ name, partitionData: [{ index: 0, records }] }],
});
const fetchAll = (maxWaitMs: number, minBytes = 1): RequestInput<"Fetch"> => ({
  maxWaitMs,
  minBytes,
  maxBytes: 10_000,
  topics: [{ topic: "a", partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 10_000 }] }],
});

describe("what is no request", () => {
  it.each([
    ["a frame above the limit", Uint8Array.of(0x7f, 0, 0, 0)],
    ["a negative length", Uint8Array.of(0xff, 0xff, 0xff, 0xff)],
    ["an empty frame", Uint8Array.of(0, 0, 0, 0)],
    ["ApiVersions above those known, without tags", encodeFrame(Uint8Array.of(0, 18, 0, 99, 0, 0, 0, 1, 0xff, 0xff))],
    ["an unknown API", encodeFrame(Uint8Array.of(0x7f, 0, 0, 0, 0, 0, 0, 1, 0xff, 0xff))],
    ["a version that is not served", encodeFrame(Uint8Array.of(0, 3, 0, 99, 0, 0, 0, 1, 0xff, 0xff, 0))],
    ["Produce below 3", encodeFrame(Uint8Array.of(0, 0, 0, 2, 0, 0, 0, 1, 0xff, 0xff, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0))],
    ["a body that ends too soon", encodeFrame(Uint8Array.of(0, 3, 0, 5, 0, 0, 0, 1, 0xff, 0xff, 0))],
  ])("ends its connection and no other: %s", async (_, bytes) => {
    await withBroker(async (connect) => {
      const other = await connect();
      const connection = await connect();
      connection.write(bytes);
      await connection.closed;
      expect(await other.request("ApiVersions", 0, {})).toMatchObject({ errorCode: 0 });
      await other.close();
    });
  });
});

describe("ApiVersions", () => {
  it.each([
    ["above", [0, 99], [0, 1, 1, 0]],
    ["below", [0xff, 0xff], []],
  ])("answers a version %s those it knows in version 0, with what it knows", async (_, version, rest) => {
    await withBroker(async (connect) => {
      const connection = await connect();
      const payload = Uint8Array.of(0, 18, ...version, 0, 0, 0, 42, 0xff, 0xff, ...rest);
      const answer = await connection.requestBytes(payload);
      // correlation id, error 35, one row: key 18, versions 0 to 4
      expect([...answer]).toEqual([0, 0, 0, 42, 0, 35, 0, 0, 0, 1, 0, 18, 0, 0, 0, 4]);
      await connection.close();
    });
  });

  it("tells Produce from 0 on, and nothing that is not served", async () => {
    await withBroker(async (connect) => {
      const connection = await connect();
      const { apiKeys } = await connection.request("ApiVersions", 3, {
        clientSoftwareName: "t",
        clientSoftwareVersion: "1",
      });
      expect(apiKeys.find(({ apiKey }) => apiKey === 0)).toMatchObject({ minVersion: 0, maxVersion: 11 });
      expect(apiKeys.some(({ apiKey }) => apiKey === 68)).toBe(false);
      await connection.close();
    });
  });

  it("refuses a client software name that is none", async () => {
    await withBroker(async (connect) => {
      const connection = await connect();
      expect(await connection.request("ApiVersions", 3, { clientSoftwareName: "" })).toMatchObject({
        errorCode: ErrorCode.INVALID_REQUEST,
      });
      await connection.close();
    });
  });
});

describe("one connection", () => {
  it("is served in order: what comes behind a request that waits is not looked at before", async () => {
    await withBroker(async (connect) => {
      const [waiting, other] = [await connect(), await connect()];
      const latest = (): Promise<unknown> =>
        other.request("ListOffsets", 1, {
          topics: [{ name: "a", partitions: [{ partitionIndex: 0, timestamp: -1n }] }],
        });
      const fetched = waiting.request("Fetch", 11, fetchAll(30_000));
      // In a piece of its own: the broker has seen the first one when it answers on the other connection.
      await latest();
      const produced = waiting.request("Produce", 8, produce("a"));
      for (let round = 0; round < 5; round++) {
        expect(await latest()).toMatchObject({ topics: [{ partitions: [{ offset: 0n }] }] });
      }
      await other.request("Produce", 8, produce("a"));
      expect(await fetched).toMatchObject({ responses: [{ partitions: [{ highWatermark: 1n }] }] });
      expect(await produced).toMatchObject({ responses: [{ partitionResponses: [{ baseOffset: 1n }] }] });
      await Promise.all([waiting.close(), other.close()]);
    });
  });

  it("may get many requests in one piece", async () => {
    await withBroker(async (connect) => {
      const connection = await connect();
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => connection.request("Produce", 8, produce("a"))),
      );
      expect(answers.map(({ responses }) => responses[0]?.partitionResponses[0]?.baseOffset)).toEqual(
        Array.from({ length: 50 }, (_, index) => BigInt(index)),
      );
      await connection.close();
    });
  });

  it("may get a request in many pieces", async () => {
    await withBroker(async (connect) => {
      const connection = await connect();
      const frame = encodeFrame(
        encodeRequestHeader("Produce", 8, 0, "x"),
        encodeRequest("Produce", 8, produce("a", 0)),
      );
      for (const byte of frame) connection.write(Uint8Array.of(byte));
      expect(await connection.request("Fetch", 11, fetchAll(10_000))).toMatchObject({
        responses: [{ partitions: [{ highWatermark: 1n }] }],
      });
      await connection.close();
    });
  });
});

describe("acks=0", () => {
  it("gets no answer, and an end of the connection on an error", async () => {
    await withBroker(async (connect) => {
      const connection = await connect();
      connection.send("Produce", 8, produce("a", 0));
      expect(await connection.request("Produce", 8, produce("a"))).toMatchObject({
        responses: [{ partitionResponses: [{ baseOffset: 1n }] }],
      });
      connection.send("Produce", 8, produce("nope", 0));
      await connection.closed;
    });
  });
});

describe("Fetch", () => {
  it("waits for the bytes that it wants, and goes at once when it cannot get more", async () => {
    await withBroker(async (connect) => {
      const [reader, writer] = [await connect(), await connect()];
      const both = reader.request("Fetch", 11, fetchAll(30_000, records.length * 2));
      await writer.request("Produce", 8, produce("a"));
      await writer.request("Produce", 8, produce("a"));
      expect((await both).responses[0]?.partitions[0]?.records).toHaveLength(records.length * 2);
      // As many as there are: at once.
      const again = await reader.request("Fetch", 11, fetchAll(30_000, records.length * 2));
      expect(again.responses[0]?.partitions[0]?.records).toHaveLength(records.length * 2);
      const past = [
        {
          topic: "a",
          partitions: [
            { partition: 0, fetchOffset: 3n, partitionMaxBytes: 10 },
            { partition: 9, fetchOffset: 0n, partitionMaxBytes: 10 },
          ],
        },
      ];
      const failed = await reader.request("Fetch", 11, { maxWaitMs: 30_000, minBytes: 1, maxBytes: 10, topics: past });
      expect(failed.responses[0]?.partitions.map(({ errorCode }) => errorCode)).toEqual([
        ErrorCode.OFFSET_OUT_OF_RANGE,
        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
      ]);
      await Promise.all([reader.close(), writer.close()]);
    });
  });

  it("ends its wait when the topic is deleted", async () => {
    await withBroker(async (connect) => {
      const [reader, admin] = [await connect(), await connect()];
      const waiting = reader.request("Fetch", 11, fetchAll(30_000));
      await admin.request("DeleteTopics", 3, { topicNames: ["a"], timeoutMs: 1_000 });
      expect(await waiting).toMatchObject({
        responses: [{ partitions: [{ errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION }] }],
      });
      await Promise.all([reader.close(), admin.close()]);
    });
  });
});
