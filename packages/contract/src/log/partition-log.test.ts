import { describe, expect, it } from "vitest";
import { createPartitionLog, type PartitionLog } from "./partition-log.ts";

const log = (start?: number, keep = 10): PartitionLog => createPartitionLog("topic", 3, start, keep);

describe("the log of a partition", () => {
  it("begins at the given start, else at what is observed first", () => {
    const given = log(5);
    expect([given.floor, given.start, given.position]).toEqual([5, 5, 5]);
    const open = log();
    expect([open.floor, open.start, open.position]).toEqual([undefined, undefined, undefined]);
    expect(open.unaccounted(9)).toEqual([]);
    open.arrive(7);
    open.arrive(6);
    expect([open.floor, open.start, open.position]).toEqual([undefined, 7, 8]);
  });

  it("tells what is new from what is read again", () => {
    const own = log(0);
    expect([own.arrive(0), own.arrive(2), own.arrive(0), own.arrive(1)]).toEqual(["new", "new", "again", "new"]);
    expect([own.hasRecord(2), own.hasRecord(3)]).toEqual([true, false]);
  });

  it("has a position that counts what has no record, and never goes back", () => {
    const own = log(0);
    own.skip(0, 3, "control");
    expect(own.position).toBe(4);
    own.gap(4, 5);
    expect(own.position).toBe(6);
    own.arrive(1);
    expect(own.position).toBe(6);
    own.skip(2, 3, "aborted");
    expect(own.position).toBe(6);
  });

  it("accounts for offsets by records and skips, not by gaps, up to the position or an end beyond it", () => {
    const own = log(0);
    own.arrive(0);
    own.skip(1, 2, "control");
    own.gap(3, 4);
    own.arrive(5);
    own.skip(6, 6, "aborted");
    expect([0, 2, 3, 5, 6].map((offset) => own.isAccounted(offset))).toEqual([true, true, false, true, true]);
    expect(own.hasRecord(1)).toBe(false);
    expect(own.unaccounted(undefined)).toEqual([{ from: 3, to: 4 }]);
    expect(own.unaccounted(4)).toEqual([{ from: 3, to: 4 }]);
    expect(own.unaccounted(7)).toEqual([{ from: 3, to: 4 }]);
    expect(own.unaccounted(9)).toEqual([
      { from: 3, to: 4 },
      { from: 7, to: 8 },
    ]);
    expect(own.unaccounted(9, 1)).toEqual([{ from: 3, to: 4 }]);
    const later = log(5);
    later.arrive(6);
    expect(later.unaccounted(undefined)).toEqual([{ from: 5, to: 5 }]);
    own.arrive(4);
    expect(own.unaccounted(undefined)).toEqual([{ from: 3, to: 3 }]);
  });

  it("remembers the last records", () => {
    const own = log(0, 2);
    for (const offset of [1, 2, 3])
      own.remember(offset, { hash: offset, eventId: offset === 2 ? undefined : `e${offset}` });
    expect([1, 2, 3].map((offset) => own.recall(offset)?.hash)).toEqual([undefined, 2, 3]);
    expect(own.findEvents(new Set(["e1", "e3", "e9"]))).toEqual([{ offset: 3, eventId: "e3" }]);
    // One that does not decode is no event, whatever is asked for.
    expect(own.findEvents({ has: () => true })).toEqual([{ offset: 3, eventId: "e3" }]);
  });

  it("sees records of aborted transactions, read before or after it is known: the first of them", () => {
    const own = log(0);
    expect(own.aborts).toEqual({ seen: false, visible: undefined });
    own.skip(0, 1, "control");
    own.arrive(1);
    expect(own.aborts).toEqual({ seen: false, visible: undefined });
    own.skip(5, 7, "aborted");
    expect(own.aborts).toEqual({ seen: true, visible: undefined });
    own.arrive(8);
    expect(own.aborts.visible).toBeUndefined();
    own.arrive(6);
    expect(own.aborts.visible).toBe(6);
    own.arrive(5);
    expect(own.aborts.visible).toBe(6);
    own.skip(8, 8, "aborted");
    expect(own.aborts.visible).toBe(6);
    const late = log(0);
    late.arrive(3);
    late.skip(2, 4, "aborted");
    expect(late.aborts).toEqual({ seen: true, visible: 3 });
  });

  it("counts redeliveries, those that can't be compared, and names the first that changed", () => {
    const own = log(0);
    expect(own.redeliveries).toEqual({ count: 0, forgotten: 0, changed: undefined });
    own.redeliver(1, true);
    own.redeliver(2, undefined);
    expect(own.redeliveries).toEqual({ count: 2, forgotten: 1, changed: undefined });
    own.redeliver(3, false);
    own.redeliver(4, false);
    expect(own.redeliveries).toEqual({ count: 4, forgotten: 1, changed: 3 });
  });

  describe("leader epochs", () => {
    const epochs = (...read: readonly (readonly [offset: number, epoch: number])[]): PartitionLog["epochs"] => {
      const own = log(0);
      for (const [offset, epoch] of read) own.epoch(offset, epoch);
      return own.epochs;
    };

    it("are known once one was read", () => {
      expect(epochs()).toEqual({ known: false, back: undefined });
      expect(epochs([0, 4])).toEqual({ known: true, back: undefined });
    });

    it("go up with offsets, in whatever order those are read", () => {
      expect(epochs([0, 1], [1, 1], [2, 2], [3, 5]).back).toBeUndefined();
      expect(epochs([3, 5], [0, 1], [2, 2], [1, 1]).back).toBeUndefined();
    });

    it("say nothing at one and the same offset", () => {
      expect(epochs([3, 2], [3, 1]).back).toBeUndefined();
    });

    it("do not go back: the highest epoch that does is named, with one above it at a lower offset", () => {
      const back = { offset: 4, epoch: 1, before: { offset: 3, epoch: 2 } };
      expect(epochs([0, 1], [3, 2], [4, 1]).back).toEqual(back);
      expect(epochs([4, 1], [3, 2], [0, 1]).back).toEqual(back);
      expect(epochs([0, 1], [3, 2], [4, 1], [2, 1]).back).toEqual(back);
      expect(epochs([5, 3], [7, 2], [9, 1]).back).toEqual({ offset: 7, epoch: 2, before: { offset: 5, epoch: 3 } });
      // The lowest offset of all higher epochs is what a lower one must stay below.
      expect(epochs([9, 3], [2, 2], [5, 1]).back).toEqual({ offset: 5, epoch: 1, before: { offset: 2, epoch: 2 } });
      expect(epochs([4, 3], [1, 2], [3, 2], [5, 1], [6, 3]).back).toEqual({
        offset: 5,
        epoch: 1,
        before: { offset: 1, epoch: 2 },
      });
    });
  });
});
