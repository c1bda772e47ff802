import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeRecordBatch, encodeRecordBatch } from "../wire/index.ts";
import { compactLog } from "./compaction.ts";
import { checkBatch } from "./incoming-batch.ts";
import { PartitionLog } from "./partition-log.ts";
import { applyRetention } from "./retention.ts";

const rules = {
  maxBytes: 1_000_000n,
  compacted: false,
  logAppendTime: false,
  compression: "producer" as const,
  beforeMaxMs: 10n ** 15n,
  afterMaxMs: 10n ** 15n,
  now: 0n,
  partition: "t-0",
};

interface Entry {
  readonly key: string;
  readonly value: string | null;
}

function append(log: PartitionLog, entries: readonly Entry[], timestamp = 0n): void {
  const records = entries.map(({ key, value }) => ({
    key: Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
  }));
  const batch = checkBatch(new Uint8Array(encodeRecordBatch({ records, baseTimestamp: timestamp })), rules);
  if ("errorCode" in batch) throw new Error(`refused: ${batch.errorCode}`);
  log.append(batch, 0);
}

function contents(log: PartitionLog): { offset: bigint; key: string; value: string | null }[] {
  return log.stored().flatMap(({ bytes, baseOffset }) =>
    decodeRecordBatch(bytes).records.map(({ offsetDelta, key, value }) => ({
      offset: baseOffset + BigInt(offsetDelta),
      key: Buffer.from(key ?? []).toString(),
      value: value === null ? null : Buffer.from(value).toString(),
    })),
  );
}

const entry = fc.record({ key: fc.constantFrom("a", "b", "c"), value: fc.option(fc.string({ maxLength: 3 })) });
const batches = fc.array(fc.array(entry, { minLength: 1, maxLength: 4 }), { maxLength: 12 });

describe("compactLog", () => {
  it("keeps the last record of each key at its offset, and leaves the end of the log where it is", () => {
    fc.assert(
      fc.property(batches, (sent) => {
        const log = new PartitionLog();
        for (const entries of sent) append(log, entries);
        const all = contents(log);
        const expected = all.filter(
          ({ key, offset }) => !all.some((later) => later.key === key && later.offset > offset),
        );
        const end = log.logEnd;
        compactLog(log, 0, 1_000n);
        expect(contents(log)).toEqual(expected);
        expect(log.logEnd).toBe(end);
        compactLog(log, 999, 1_000n);
        expect(contents(log)).toEqual(expected);
        compactLog(log, 1_000, 1_000n);
        expect(contents(log)).toEqual(expected.filter(({ value }) => value !== null));
      }),
    );
  });

  it("lets readers go on from an offset that is gone", () => {
    const log = new PartitionLog();
    for (const value of ["1", "2", "3"]) append(log, [{ key: "k", value }]);
    compactLog(log, 0, 0n);
    const read = decodeRecordBatch(log.read(0n, log.logEnd, 10_000, true));
    expect(read.header.baseOffset).toBe(2n);
    append(log, [{ key: "k", value: "4" }]);
    expect(log.logEnd).toBe(4n);
  });
});

describe("applyRetention", () => {
  it("deletes the oldest batches beyond the size, but never the last", () => {
    const log = new PartitionLog();
    for (const value of ["1", "2", "3"]) append(log, [{ key: "k", value }]);
    const one = log.size / 3;
    applyRetention(log, { bytes: BigInt(one * 2), ms: -1n, now: 0 });
    expect(log.logStart).toBe(1n);
    applyRetention(log, { bytes: 0n, ms: -1n, now: 0 });
    expect(log.logStart).toBe(2n);
  });

  it("deletes batches whose youngest record is too old", () => {
    const log = new PartitionLog();
    for (const timestamp of [100n, 200n, 300n]) append(log, [{ key: "k", value: "v" }], timestamp);
    applyRetention(log, { bytes: -1n, ms: 100n, now: 250 });
    expect(log.logStart).toBe(1n);
    applyRetention(log, { bytes: -1n, ms: -1n, now: 10_000 });
    expect(log.logStart).toBe(1n);
  });
});
