import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PartitionLog, type PlaceableBatch } from "./partition-log.ts";

/** A batch whose bytes are `length` times its base offset, so that reads can be recognised. */
function fake(recordCount: number, length: number, transactionOf?: bigint): PlaceableBatch {
  return {
    recordCount,
    maxTimestamp: 0n,
    producerId: transactionOf ?? -1n,
    producerEpoch: 0,
    baseSequence: 0,
    transactional: transactionOf !== undefined,
    control: false,
    place: (baseOffset) => new Uint8Array(length).fill(Number(baseOffset)),
  };
}

describe("PartitionLog", () => {
  it("gives dense offsets, and finds every offset in the batch that holds it", () => {
    const sizes = fc.array(
      fc.record({ records: fc.integer({ min: 1, max: 5 }), bytes: fc.integer({ min: 1, max: 9 }) }),
      {
        minLength: 1,
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(sizes, (batches) => {
        const log = new PartitionLog();
        const bases: bigint[] = [];
        for (const { records, bytes } of batches) bases.push(log.append(fake(records, bytes), 0));
        let expected = 0n;
        for (const [index, { records, bytes }] of batches.entries()) {
          expect(bases[index]).toBe(expected);
          for (let offset = expected; offset < expected + BigInt(records); offset++) {
            const read = log.read(offset, log.logEnd, bytes, false);
            expect([read[0], read.length]).toEqual([Number(expected) % 256, bytes]);
          }
          expected += BigInt(records);
        }
        expect(log.logEnd).toBe(expected);
        expect(log.bytesBetween(0n, log.logEnd)).toBe(batches.reduce((sum, { bytes }) => sum + bytes, 0));
      }),
    );
  });

  it("cuts what it reads at the limit, but never gives a piece of the first batch", () => {
    const log = new PartitionLog();
    log.append(fake(1, 10), 0);
    log.append(fake(1, 10), 0);
    expect(log.read(0n, 2n, 15, false)).toHaveLength(15);
    expect(log.read(0n, 2n, 5, false)).toHaveLength(0);
    expect(log.read(0n, 2n, 5, true)).toHaveLength(10);
    expect(log.read(2n, 2n, 5, true)).toHaveLength(0);
    expect(log.read(0n, 2n, 0, false)).toHaveLength(0);
  });

  it("takes the batch at the log start for where an open transaction begins whose first record was deleted", () => {
    const log = new PartitionLog();
    log.append(fake(2, 1, 7n), 0);
    log.append(fake(3, 1), 0);
    expect(log.lastStable).toBe(0n);
    log.deleteBefore(4n);
    expect([log.logStart, log.lastStable]).toEqual([4n, 2n]);
  });

  it("remembers the batch with the largest timestamp, the first of several, also when it was deleted", () => {
    const log = new PartitionLog();
    for (const maxTimestamp of [1n, 5n, 5n, 2n]) log.append({ ...fake(1, 1), maxTimestamp }, 0);
    log.deleteBefore(3n);
    expect(log.newest?.baseOffset).toBe(1n);
    log.replaceStored(log.stored());
    expect(log.newest?.baseOffset).toBe(3n);
  });

  it("reads committed records up to the oldest open transaction, and tells which were aborted", () => {
    const log = new PartitionLog();
    log.append(fake(2, 4), 0);
    log.append(fake(1, 4, 5n), 0);
    log.append(fake(1, 4, 6n), 0);
    expect(log.lastStable).toBe(2n);
    expect(log.read(0n, log.endFor("read_committed"), 100, true)).toHaveLength(4);
    const marker = { ...fake(1, 3, 6n), control: true };
    log.appendMarker(marker, 0, false, 0);
    expect(log.lastStable).toBe(2n);
    log.appendMarker({ ...fake(1, 3, 5n), control: true }, 0, true, 0);
    expect(log.lastStable).toBe(6n);
    expect(log.abortedFrom(0n)).toEqual([{ producerId: 6n, firstOffset: 3n, lastOffset: 4n }]);
    expect(log.abortedFrom(5n)).toEqual([]);
  });

  it("forgets batches that lie below the log start entirely", () => {
    const log = new PartitionLog();
    log.append(fake(3, 10), 0);
    log.append(fake(3, 10), 0);
    log.deleteBefore(4n);
    expect([log.logStart, log.logEnd, log.size]).toEqual([4n, 6n, 10]);
    log.deleteBefore(2n);
    expect(log.logStart).toBe(4n);
    expect(log.append(fake(1, 1), 0)).toBe(6n);
  });

  it("tells listeners of changes until they leave", () => {
    const log = new PartitionLog();
    let changes = 0;
    const leave = log.onChange(() => changes++);
    log.append(fake(1, 1), 0);
    log.deleteBefore(1n);
    leave();
    log.append(fake(1, 1), 0);
    expect(changes).toBe(2);
  });
});
