import { describe, expect, it } from "vitest";
import { toFetchedPartitions } from "./fetch-answer.ts";

const batchContext = {
  firstOffset: "40",
  lastOffsetDelta: 5,
  partitionLeaderEpoch: 3,
  inTransaction: false,
  isControlBatch: false,
  producerId: "-1",
};
const message = {
  offset: "42",
  timestamp: "1761733800000",
  key: Buffer.from("k"),
  value: null,
  headers: {
    a: [Buffer.from("1"), null, Buffer.from("2")],
    constructor: [Object, Buffer.from("3")],
    b: Buffer.alloc(0),
  },
  isControlRecord: false,
  batchContext,
};
const answer = (messages: readonly unknown[], more: object = {}): unknown => ({
  responses: [{ topicName: "t", partitions: [{ partition: 7, highWatermark: "50", messages, ...more }] }],
});
const recordOf = (one: unknown) => toFetchedPartitions(answer([one]))[0]?.records[0];

describe("kafkajs' answer to Fetch", () => {
  it("becomes ours", () => {
    expect(toFetchedPartitions(answer([message]))).toEqual([
      {
        topic: "t",
        partition: 7,
        highWatermark: 50,
        records: [
          {
            offset: 42,
            timestamp: 1_761_733_800_000,
            key: Uint8Array.of(107),
            headers: [
              ["a", Uint8Array.of(49)],
              ["a", null],
              ["a", Uint8Array.of(50)],
              // What every object has under this name is not bytes.
              ["constructor", Uint8Array.of(51)],
              ["b", new Uint8Array()],
            ],
            value: null,
            leaderEpoch: 3,
            batchEnd: 45,
            transaction: undefined,
            control: undefined,
          },
        ],
      },
    ]);
  });

  it("copies its bytes: slices would keep megabytes alive", () => {
    const big = Buffer.alloc(1_000, 1);
    const key = recordOf({ ...message, key: big.subarray(10, 12) })?.key;
    expect(key).toEqual(Uint8Array.of(1, 1));
    expect(key?.buffer.byteLength).toBe(2);
    expect(Buffer.isBuffer(key)).toBe(false);
  });

  it("tells transactions and their markers", () => {
    const inTransaction = { ...batchContext, inTransaction: true, producerId: "9" };
    expect(recordOf({ ...message, batchContext: inTransaction })).toMatchObject({
      transaction: "9",
      control: undefined,
    });
    const marker = (type: number) =>
      recordOf({ ...message, isControlRecord: true, key: Buffer.from([0, 0, 0, type]), batchContext: inTransaction })
        ?.control;
    expect([marker(0), marker(1), marker(2)]).toEqual(["abort", "commit", "other"]);
    expect(recordOf({ ...message, isControlRecord: true, key: null })?.control).toBe("other");
  });

  it.each([
    [null, 'expected to have an object around it as "responses"; got null'],
    [{ responses: {} }, 'expected to have an array as "responses"; got object'],
    [{ responses: [{ topicName: 1, partitions: [] }] }, 'expected to have a string as "topicName"; got number'],
    [
      answer([], { highWatermark: "many" }),
      'expected to have an integer of at most 2⁵³−1 as "highWatermark"; got string',
    ],
    [
      answer([], { highWatermark: "9007199254740993" }),
      'expected to have an integer of at most 2⁵³−1 as "highWatermark"',
    ],
    [answer([{ ...message, key: "text" }]), 'expected to have bytes or null as "key"; got string'],
    [
      answer([{ ...message, batchContext: { ...batchContext, producerId: undefined } }]),
      'a string as "batchContext.producerId"; got undefined',
    ],
  ])("ends the collector when its shape is another: %j", (bad, text) => {
    expect(() => toFetchedPartitions(bad)).toThrow(text);
    expect(() => toFetchedPartitions(bad)).toThrow("[kafkajs] ");
  });

  it("names records from before Kafka 0.11", () => {
    const { batchContext: _, ...old } = message;
    expect(() => recordOf(old)).toThrow("[unreadable] t/7 at offset 42 is in a message format from before Kafka 0.11");
  });
});
