import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  batchCrc,
  batchOffsets,
  compressions,
  decodeRecordBatch,
  ErrorCode,
  encodeRecordBatch,
  parseBatchHeader,
  type RecordBatchInput,
  type WireRecord,
} from "../wire/index.ts";
import { type BatchRules, checkBatch, findBatch } from "./incoming-batch.ts";
import { PartitionLog } from "./partition-log.ts";
import { offsetForTime, offsetOfMaxTimestamp } from "./time-index.ts";

const rules: BatchRules = {
  maxBytes: 10_000n,
  compacted: false,
  logAppendTime: false,
  compression: "producer",
  beforeMaxMs: 2n ** 63n - 1n,
  afterMaxMs: 3_600_000n,
  now: 1_000_000n,
  partition: "t-0",
};

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));
const encode = (input: Partial<RecordBatchInput> = {}): Uint8Array =>
  new Uint8Array(encodeRecordBatch({ records: [{ key: bytes("k"), value: bytes("v") }], baseTimestamp: 5n, ...input }));

/** A record without its times, byte arrays of all kinds as text. */
function shown({ key, value, headers }: Pick<WireRecord, "key" | "value" | "headers">): unknown {
  const hex = (part: Uint8Array | null): string | null => (part === null ? null : Buffer.from(part).toString("hex"));
  return { key: hex(key), value: hex(value), headers: headers.map(([name, part]) => [name, hex(part)]) };
}

/** Changes the batch after it was encoded, and sets its checksum right again. */
function patch(batch: Uint8Array, change: (view: DataView) => void): Uint8Array {
  const view = new DataView(batch.buffer);
  change(view);
  view.setUint32(batchOffsets.crc, batchCrc(batch, 0, batch.length));
  return batch;
}

describe("findBatch", () => {
  it.each([
    ["nothing", new Uint8Array(), 8, "INVALID_RECORD"],
    ["null", null, 8, "INVALID_RECORD"],
    ["two batches", Uint8Array.of(...encode(), ...encode()), 8, "INVALID_RECORD"],
    ["half a batch", encode().subarray(0, 50), 8, "INVALID_RECORD"],
    ["magic 1", patch(encode(), (view) => view.setInt8(batchOffsets.magic, 1)), 8, "INVALID_RECORD"],
    ["magic 3", patch(encode(), (view) => view.setInt8(batchOffsets.magic, 3)), 8, "CORRUPT_MESSAGE"],
    [
      "a length of nothing",
      patch(encode(), (view) => view.setInt32(batchOffsets.batchLength, 5)),
      8,
      "CORRUPT_MESSAGE",
    ],
    ["zstd before version 7", encode({ compression: "zstd" }), 6, "UNSUPPORTED_COMPRESSION_TYPE"],
  ] as const)("refuses %s", (_, records, version, error) => {
    expect(findBatch(records, version)).toMatchObject({ errorCode: ErrorCode[error] });
  });

  it("ignores bytes at the end that are no batch", () => {
    const batch = encode();
    expect(findBatch(Uint8Array.of(...batch, ...batch.subarray(0, 30)), 8)).toEqual(batch);
  });
});

describe("checkBatch", () => {
  it.each([
    ["a base offset", encode({ baseOffset: 1n }), {}, "INVALID_RECORD"],
    ["too many bytes", encode(), { maxBytes: 10n }, "MESSAGE_TOO_LARGE"],
    ["a wrong checksum", encode().fill(1, batchOffsets.crc, batchOffsets.crc + 1), {}, "CORRUPT_MESSAGE"],
    ["a control batch", encode({ control: true }), {}, "INVALID_RECORD"],
    ["a wrong count", encode({ recordCount: 2, lastOffsetDelta: 1 }), {}, "INVALID_RECORD"],
    ["a wrong last offset", encode({ lastOffsetDelta: 3 }), {}, "INVALID_RECORD"],
    ["no records", encode({ records: [], recordCount: 0, lastOffsetDelta: -1 }), {}, "INVALID_RECORD"],
    ["an idempotent batch without a sequence", encode({ producerId: 1n, producerEpoch: 0 }), {}, "INVALID_RECORD"],
    [
      "an unknown codec",
      patch(encode(), (view) => view.setInt16(batchOffsets.attributes, 5)),
      {},
      "UNKNOWN_SERVER_ERROR",
    ],
    [
      "what is not gzip",
      patch(encode(), (view) => view.setInt16(batchOffsets.attributes, 1)),
      {},
      "UNKNOWN_SERVER_ERROR",
    ],
    [
      "a null key on a compacted topic",
      encode({ records: [{ value: bytes("v") }] }),
      { compacted: true },
      "INVALID_RECORD",
    ],
    ["a time too far ahead", encode({ baseTimestamp: 4_600_001n }), {}, "INVALID_TIMESTAMP"],
    ["a time too long ago", encode(), { beforeMaxMs: 10n }, "INVALID_TIMESTAMP"],
  ] as const)("refuses %s", (_, batch, change, error) => {
    expect(checkBatch(batch, { ...rules, ...change })).toMatchObject({ errorCode: ErrorCode[error] });
  });

  it("names the records that it refuses", () => {
    const records = [{ key: bytes("k") }, { value: bytes("v") }];
    expect(checkBatch(encode({ records }), { ...rules, compacted: true })).toMatchObject({
      recordErrors: [
        {
          batchIndex: 1,
          batchIndexErrorMessage: "Compacted topic cannot accept message without key in topic partition t-0",
        },
      ],
    });
  });
});

describe("a batch in its place", () => {
  const record = fc.record({
    key: fc.option(fc.uint8Array({ maxLength: 5 })),
    value: fc.option(fc.uint8Array({ maxLength: 20 })),
    headers: fc.array(fc.tuple(fc.string({ maxLength: 3 }), fc.option(fc.uint8Array({ maxLength: 3 }))), {
      maxLength: 3,
    }),
    timestampDelta: fc.bigInt({ min: 0n, max: 1_000n }),
  });

  it("has the offset and epoch of the log and a valid checksum; records are those that were sent", () => {
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(...compressions),
        fc.constantFrom("producer" as const, ...compressions),
        fc.boolean(),
        (records, compression, wanted, logAppendTime) => {
          const sent = encode({ records, compression, baseTimestamp: 7n });
          const copy = sent.slice();
          const batch = checkBatch(sent, { ...rules, compression: wanted, logAppendTime });
          if ("errorCode" in batch) throw new Error(`refused: ${batch.errorCode}`);
          const placed = batch.place(100n, 3);
          const { header, records: stored } = decodeRecordBatch(placed);
          expect(sent).toEqual(copy);
          expect(stored.map(shown)).toEqual(records.map(shown));
          expect(header).toMatchObject({
            baseOffset: 100n,
            partitionLeaderEpoch: 3,
            compression: wanted === "producer" ? compression : wanted,
            logAppendTime,
            maxTimestamp: batch.maxTimestamp,
            crc: batchCrc(placed, 0, placed.length),
          });
        },
      ),
    );
  });

  it("takes its largest timestamp from the records, whatever the producer says", () => {
    const batch = checkBatch(encode({ maxTimestamp: 999n }), rules);
    if ("errorCode" in batch) throw new Error("refused");
    expect(parseBatchHeader(batch.place(0n, 0)).maxTimestamp).toBe(5n);
  });

  it("is a copy, also of a Buffer", () => {
    const sent = Buffer.from(encode());
    const batch = checkBatch(sent, rules);
    if ("errorCode" in batch) throw new Error("refused");
    batch.place(77n, 0);
    expect(parseBatchHeader(sent).baseOffset).toBe(0n);
  });
});

describe("a log searched by time", () => {
  it("finds the first record, not the batch, that is not earlier", () => {
    const times = fc.array(fc.array(fc.bigInt({ min: 0n, max: 50n }), { minLength: 1, maxLength: 4 }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(times, fc.bigInt({ min: 0n, max: 60n }), (batches, time) => {
        const log = new PartitionLog();
        const all: bigint[] = [];
        for (const timestamps of batches) {
          const records = timestamps.map((timestamp) => ({ key: bytes("k"), timestampDelta: timestamp }));
          const batch = checkBatch(encode({ records, baseTimestamp: 0n }), rules);
          if ("errorCode" in batch) throw new Error("refused");
          log.append(batch, 0);
          all.push(...timestamps);
        }
        const expected = all.findIndex((timestamp) => timestamp >= time);
        expect(offsetForTime(log, time)?.offset).toBe(expected < 0 ? undefined : BigInt(expected));
        const latest = all.reduce((max, timestamp) => (timestamp > max ? timestamp : max), -1n);
        expect(offsetOfMaxTimestamp(log)?.timestamp).toBe(all.length === 0 ? undefined : latest);
      }),
    );
  });
});
