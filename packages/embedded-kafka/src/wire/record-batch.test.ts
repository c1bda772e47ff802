import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compressions } from "./compression.ts";
import { isWireError } from "./error.ts";
import {
  BATCH_HEADER_BYTES,
  batchCrc,
  batchOffsets,
  decodeRecordBatch,
  encodeRecordBatch,
  parseBatchHeader,
} from "./record-batch.ts";

const bytes = fc.option(fc.uint8Array({ maxLength: 20 }));
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const record = fc.record({
  key: bytes,
  value: bytes,
  headers: fc.array(fc.tuple(fc.string({ maxLength: 8, unit: "grapheme" }), bytes), { maxLength: 4 }),
  timestampDelta: fc.bigInt({ min: -1_000_000n, max: 1_000_000n }),
});
const batch = fc.record({
  records: fc.array(record, { maxLength: 5 }),
  baseOffset: int64,
  partitionLeaderEpoch: fc.integer({ min: -1, max: 0x7fff_ffff }),
  compression: fc.constantFrom(...compressions),
  logAppendTime: fc.boolean(),
  transactional: fc.boolean(),
  control: fc.boolean(),
  baseTimestamp: fc.bigInt({ min: -1n, max: 10n ** 15n }),
  producerId: int64,
  producerEpoch: fc.integer({ min: -1, max: 0x7fff }),
  baseSequence: fc.integer({ min: -1, max: 0x7fff_ffff }),
});

describe("a record batch", () => {
  it("comes back as it was: order of headers, duplicate names, null keys and values", () => {
    fc.assert(
      fc.property(batch, fc.nat({ max: 10 }), (input, offset) => {
        const encoded = encodeRecordBatch(input);
        const within = new Uint8Array(offset + encoded.length + 3);
        within.set(encoded, offset);
        const { header, records } = decodeRecordBatch(within, offset);
        const { records: _, ...rest } = input;
        expect(header).toMatchObject({
          ...rest,
          magic: 2,
          recordCount: input.records.length,
          lastOffsetDelta: input.records.length - 1,
          sizeInBytes: encoded.length,
          batchLength: encoded.length - 12,
          crc: batchCrc(within, offset, encoded.length),
        });
        expect(
          records.map((each) => ({
            ...each,
            key: plain(each.key),
            value: plain(each.value),
            headers: plainAll(each.headers),
          })),
        ).toEqual(input.records.map((each, offsetDelta) => ({ ...each, offsetDelta })));
      }),
    );
  });

  it("has the bytes that the protocol guide describes", () => {
    const encoded = encodeRecordBatch({
      baseTimestamp: 1_000n,
      records: [{ key: Uint8Array.of(0x6b), value: null, headers: [["h", Uint8Array.of(0x76)]], timestampDelta: 2n }],
    });
    expect(Buffer.from(encoded.subarray(BATCH_HEADER_BYTES)).toString("hex")).toBe(
      // length 11 bytes, attributes, delta 2, offset 0, key "k", null, one header "h" = "v"
      "16 00 04 00 026b 01 02 0268 0276".replaceAll(" ", ""),
    );
    const view = new DataView(encoded.buffer, encoded.byteOffset);
    expect(view.getInt8(batchOffsets.magic)).toBe(2);
    expect(view.getBigInt64(batchOffsets.maxTimestamp)).toBe(1_002n);
    expect(view.getInt32(batchOffsets.recordCount)).toBe(1);
    expect(view.getInt32(batchOffsets.lastOffsetDelta)).toBe(0);
    expect(view.getBigInt64(batchOffsets.producerId)).toBe(-1n);
    expect(view.getInt16(batchOffsets.producerEpoch)).toBe(-1);
    expect(view.getInt32(batchOffsets.baseSequence)).toBe(-1);
  });

  it("keeps its checksum when the broker's fields change, and no other", () => {
    const encoded = encodeRecordBatch({ records: [{ value: Uint8Array.of(1) }] });
    const { crc } = parseBatchHeader(encoded);
    const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.length);
    view.setBigInt64(batchOffsets.baseOffset, 77n);
    view.setInt32(batchOffsets.partitionLeaderEpoch, 5);
    expect(batchCrc(encoded, 0, encoded.length)).toBe(crc);
    view.setBigInt64(batchOffsets.maxTimestamp, 1n);
    expect(batchCrc(encoded, 0, encoded.length)).not.toBe(crc);
  });

  it("gives a WireError and nothing else for bytes that were changed or cut", () => {
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(
        batch,
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 }),
        fc.option(fc.nat()),
        (input, edits, cut) => {
          const encoded = encodeRecordBatch(input);
          for (const [at, value] of edits) encoded[at % encoded.length] = value;
          try {
            decodeRecordBatch(cut === null ? encoded : encoded.subarray(0, cut % encoded.length));
            outcomes.add("decoded");
          } catch (error) {
            if (!isWireError(error)) throw error;
            outcomes.add(error.code);
          }
        },
      ),
      { numRuns: 2_000 },
    );
    expect([...outcomes].toSorted()).toEqual(["compression", "decoded", "malformed", "truncated"]);
  });

  it.each<[string, number, number[], string]>([
    ["another magic", batchOffsets.magic, [1], "[malformed] magic 1, want 2 (byte 16)"],
    ["an unknown codec", batchOffsets.attributes, [0, 5], "[compression] unknown compression codec 5 (byte 21)"],
    ["a length beyond the end", batchOffsets.batchLength, [0, 0, 1, 0], "[truncated] a batch of 268 bytes in"],
    ["a length below its header", batchOffsets.batchLength, [0, 0, 0, 9], "[truncated] a batch of 21 bytes in"],
    ["a negative count", batchOffsets.recordCount, [0xff, 0xff, 0xff, 0xff], "[malformed] -1 records in"],
    ["a count that cannot be", batchOffsets.recordCount, [0x7f, 0, 0, 0], "[malformed] 2130706432 records in"],
    [
      "fewer records than there are",
      batchOffsets.recordCount,
      [0, 0, 0, 0],
      "[malformed] 8 bytes after the last record",
    ],
  ])("that is none is refused: %s", (_, at, change, message) => {
    const encoded = encodeRecordBatch({ records: [{ value: Uint8Array.of(1) }] });
    encoded.set(change, at);
    expect(() => decodeRecordBatch(encoded)).toThrow(message);
  });
});

const plain = (given: Uint8Array | null): Uint8Array | null => (given === null ? null : Uint8Array.from(given));
const plainAll = (
  headers: readonly (readonly [string, Uint8Array | null])[],
): (readonly [string, Uint8Array | null])[] => headers.map(([name, value]) => [name, plain(value)]);
