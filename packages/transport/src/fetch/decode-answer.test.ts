import {
  compressions,
  ErrorCode,
  encodeRecordBatch,
  encodeResponse,
  type RecordBatchInput,
  type ResponseInput,
} from "@ondash/embedded-kafka/wire";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeFetchAnswer } from "./decode-answer.ts";
import type { ByteSharing, FetchedBatch, FetchedRecord } from "./fetched.ts";

type Partition = NonNullable<NonNullable<ResponseInput<"Fetch">["responses"]>[number]["partitions"]>[number];

const VERSION = 11;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

function answer(records: Uint8Array | null, more: Partial<Partition> = {}, version = VERSION): Uint8Array {
  const partition = { partitionIndex: 7, records, ...more };
  return encodeResponse("Fetch", version, { responses: [{ topic: "t", partitions: [partition] }] });
}

/** A batch with its records decoded. */
type Opened = Omit<FetchedBatch, "records"> & { readonly records: readonly FetchedRecord[] };
const open = (batch: FetchedBatch): Opened => ({
  ...batch,
  records: batch.records().map(({ key, value, headers, ...more }) => ({
    ...more,
    key: plain(key),
    value: plain(value),
    headers: headers.map(([name, content]) => [name, plain(content)] as const),
  })),
});
/** What is shared may be a `Buffer`, which is equal to none that is not. */
function plain(part: Uint8Array | null): Uint8Array | null {
  return part && new Uint8Array(part.buffer, part.byteOffset, part.length);
}
/** What an encoder writes, as the tests draw it. */
type Drawn = RecordBatchInput & {
  readonly holes: readonly number[];
  readonly baseTimestamp: bigint;
  readonly producerId: bigint;
};

/** The batches of an answer with these bytes for its one partition. */
function decode(records: Uint8Array, sharing?: ByteSharing): readonly Opened[] {
  return (decodeFetchAnswer(VERSION, answer(records), sharing).partitions[0]?.batches ?? []).map(open);
}

const content = fc.option(fc.uint8Array({ maxLength: 20 }), { nil: null });
const batches = fc.array(
  fc.record(
    {
      records: fc.array(
        fc.record({
          key: content,
          value: content,
          headers: fc.array(fc.tuple(fc.constantFrom("a", "b", "constructor", "__proto__", "é"), content), {
            maxLength: 4,
          }),
          timestampDelta: fc.bigInt(-1_000n, 1_000n),
        }),
        { maxLength: 4 },
      ),
      /** Offsets that compaction took away behind each record. */
      holes: fc.array(fc.nat(3), { minLength: 5, maxLength: 5 }),
      partitionLeaderEpoch: fc.nat(9),
      compression: fc.constantFrom(...compressions),
      logAppendTime: fc.boolean(),
      transactional: fc.boolean(),
      baseTimestamp: fc.bigInt(1_000n, 2n ** 45n),
      producerId: fc.bigInt(-1n, 2n ** 60n),
    },
    { requiredKeys: ["records", "holes", "baseTimestamp", "producerId"] },
  ),
  { maxLength: 4 },
);

/** What was written, and what is to be read. */
function write(from: number, list: readonly Drawn[]) {
  let next = from;
  const parts: Uint8Array[] = [];
  const expected: Opened[] = [];
  for (const { holes, records, ...batch } of list) {
    let delta = -1;
    const placed = records.map((record, index) => {
      delta += 1 + (holes[index] ?? 0);
      return { ...record, offsetDelta: delta };
    });
    const lastOffsetDelta = delta + (holes.at(-1) ?? 0) + (records.length === 0 ? 1 : 0);
    const maxTimestamp = batch.baseTimestamp + 1_000n;
    const input: RecordBatchInput = {
      ...batch,
      records: placed,
      baseOffset: BigInt(next),
      lastOffsetDelta,
      maxTimestamp,
    };
    parts.push(encodeRecordBatch(input));
    expected.push({
      lastOffset: next + lastOffsetDelta,
      leaderEpoch: batch.partitionLeaderEpoch ?? -1,
      transaction: batch.transactional ? String(batch.producerId) : undefined,
      records: placed.map(({ key = null, value = null, headers = [], timestampDelta = 0n, offsetDelta }) => ({
        offset: next + offsetDelta,
        timestamp: Number(batch.logAppendTime ? maxTimestamp : batch.baseTimestamp + timestampDelta),
        key,
        headers,
        value,
        control: undefined,
      })),
    });
    next += lastOffsetDelta + 1;
  }
  return { parts, expected };
}

describe("an answer to Fetch", () => {
  it("is decoded as it was encoded, in each version and either sharing", () => {
    const versions = fc.integer({ min: 4, max: 12 });
    fc.assert(
      fc.property(
        fc.nat(2 ** 40),
        batches,
        versions,
        fc.constantFrom("copied", "shared"),
        (from, list, version, sharing) => {
          const { parts, expected } = write(from, list);
          const [decoded] = decodeFetchAnswer(version, answer(join(...parts), {}, version), sharing).partitions;
          expect(decoded).toMatchObject({ topic: "t", partition: 7 });
          expect(decoded?.batches.map(open)).toEqual(expected);
        },
      ),
    );
  });

  it("may end within a batch: the whole ones before are what there is", () => {
    fc.assert(
      fc.property(
        batches.filter((list) => list.length > 0),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (list, share) => {
          const { parts, expected } = write(3, list);
          const last = parts.at(-1) ?? new Uint8Array();
          const cut = last.subarray(0, Math.floor(last.length * share));
          expect(decode(join(...parts.slice(0, -1), cut))).toEqual(expected.slice(0, -1));
        },
      ),
    );
  });

  it("never becomes another one by a changed byte", () => {
    const records = [{ key: bytes("k"), value: bytes("v") }];
    const { parts, expected } = write(0, [{ records, holes: [], baseTimestamp: 1_000n, producerId: 5n }]);
    const whole = join(...parts);
    for (let index = 17; index < whole.length; index++) {
      const changed = Uint8Array.from(whole);
      changed[index] = (changed[index] ?? 0) ^ 0x10;
      expect(() => decode(changed)).toThrow("[unreadable] t/7 at offset 0: the record batch does not have the CRC-32C");
    }
    expect(decode(whole)).toEqual(expected);
  });

  it("is copied record by record: views of the answer would keep megabytes alive", () => {
    const record = { key: bytes("kk"), value: bytes("vvv"), headers: [["h", bytes("1")]] as const };
    const body = encodeRecordBatch({ records: [record, { value: new Uint8Array(1_000) }] });
    const copied = decode(body)[0]?.records[0];
    expect(copied).toMatchObject({ key: record.key, value: record.value, headers: record.headers });
    expect([copied?.key, copied?.value, copied?.headers[0]?.[1]].map((part) => part?.buffer.byteLength)).toEqual([
      6, 6, 6,
    ]);
    const shared = decode(body, "shared")[0]?.records[0];
    expect(shared?.key?.buffer.byteLength).toBeGreaterThan(1_000);
  });

  it("tells the markers of transactions", () => {
    const marker = (...key: number[]) =>
      decode(
        encodeRecordBatch({
          records: [{ key: Uint8Array.from(key) }],
          control: true,
          transactional: true,
          producerId: 9n,
        }),
      )[0];
    expect(marker(0, 0, 0, 0)).toMatchObject({ transaction: "9", records: [{ control: "abort" }] });
    expect(marker(0, 0, 0, 1)).toMatchObject({ transaction: "9", records: [{ control: "commit" }] });
    for (const other of [marker(0, 0, 0, 2), marker(0, 0, 1, 0), marker(0, 0), marker()]) {
      expect(other).toMatchObject({ records: [{ control: "other" }] });
    }
    const bare = encodeRecordBatch({ records: [{ key: null }], control: true, producerId: 9n });
    expect(decode(bare)[0]).toMatchObject({ transaction: "9", records: [{ control: "other" }] });
  });

  it("may be without records", () => {
    expect(decodeFetchAnswer(VERSION, answer(null)).partitions).toMatchObject([{ batches: [] }]);
    expect(decode(new Uint8Array())).toEqual([]);
  });

  it("says how long the broker wants not to be asked", () => {
    const body = encodeResponse("Fetch", VERSION, { throttleTimeMs: 12, responses: [] });
    expect(decodeFetchAnswer(VERSION, body)).toEqual({ throttleMs: 12, partitions: [] });
  });

  it.each([
    ["NOT_LEADER_OR_FOLLOWER", true],
    ["OFFSET_OUT_OF_RANGE", false],
  ] as const)("throws what the broker answers instead: %s", (type, retriable) => {
    const partition = answer(null, { errorCode: ErrorCode[type] });
    expect(() => decodeFetchAnswer(VERSION, partition)).toThrow(
      expect.objectContaining({ message: "t/7", type, retriable }),
    );
    const whole = encodeResponse("Fetch", VERSION, { errorCode: ErrorCode[type], responses: [] });
    expect(() => decodeFetchAnswer(VERSION, whole)).toThrow(
      expect.objectContaining({ message: "Fetch", type, retriable }),
    );
  });

  const sound = encodeRecordBatch({ records: [{ value: bytes("x") }], baseOffset: 42n });
  const changed = (change: (view: DataView) => void): Uint8Array => {
    const copy = Uint8Array.from(sound);
    change(new DataView(copy.buffer));
    return copy;
  };

  it.each([
    [
      "a format from before Kafka 0.11",
      changed((view) => view.setInt8(16, 1)),
      "is in a message format from before Kafka 0.11",
    ],
    [
      "a batch that is shorter than its header",
      changed((view) => view.setInt32(8, 48)),
      ": a record batch of 60 bytes",
    ],
    ["a negative length", changed((view) => view.setInt32(8, -1)), ": a record batch of 11 bytes"],
    [
      "a base offset beyond what a number holds",
      encodeRecordBatch({ records: [{}], baseOffset: 2n ** 53n }),
      "at offset 9007199254740992: 9007199254740992 is beyond 2⁵³−1",
    ],
    [
      "a timestamp beyond what a number holds",
      encodeRecordBatch({ records: [{}], baseOffset: 42n, baseTimestamp: 2n ** 60n }),
      ": the timestamp of a record: 1152921504606846976 is beyond 2⁵³−1",
    ],
    [
      "fewer records than are said to be there",
      encodeRecordBatch({ records: [{}], baseOffset: 42n, recordCount: 2 }),
      "can't be decoded: ",
    ],
  ])("is refused with the place for %s", (_what, records, text) => {
    expect(() => decode(records)).toThrow(/^\[unreadable\] t\/7 at offset (42|9007199254740992)/);
    expect(() => decode(records)).toThrow(text);
  });

  it("is refused when it is none, or of a version without record batches", () => {
    expect(() => decodeFetchAnswer(VERSION, bytes("?"))).toThrow("[unreadable] an answer to Fetch can't be decoded: ");
    expect(() => decodeFetchAnswer(3, new Uint8Array())).toThrow(
      "[unreadable] the broker speaks Fetch up to version 3; expected 4 or more (Kafka 0.11)",
    );
  });
});
