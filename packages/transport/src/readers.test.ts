import { describe, expect, it } from "vitest";
import { fetchedBatch } from "../test/support/fetched.ts";
import { createReaders } from "./readers.ts";

describe("readers", () => {
  it("compares all positions with a barrier's ends, and says what is missing", () => {
    const readers = createReaders({ a: [5, 0], b: [7] }, () => undefined);
    expect(readers.reached({ a: [5, 0], b: [7] })).toBe(true);
    expect(readers.reached({ a: [5, 0], b: [8] })).toBe(false);
    expect(readers.missing({ a: [6, 0], b: [8] })).toBe("a/0 at 5 of 6, b/0 at 7 of 8");
    readers.of("b", 0)?.take([fetchedBatch(7)]);
    expect(readers.reached({ a: [5, 0], b: [8] })).toBe(true);
    expect(readers.positions).toEqual({ a: [5, 0], b: [8] });
  });

  it("takes partitions that are added, from their first offset on, and only those", () => {
    const observed: number[] = [];
    const readers = createReaders({ a: [5, 2] }, ({ partition }) => observed.push(partition));
    expect(readers.grow("a", 2)).toBe(false);
    expect(readers.grow("a", 4)).toBe(true);
    expect(readers.grow("a", 4)).toBe(false);
    expect(readers.positions).toEqual({ a: [5, 2, 0, 0] });
    readers.of("a", 3)?.take([fetchedBatch(0)]);
    expect(observed).toEqual([3]);
    expect(readers.missing({ a: [5, 2, 1, 1] })).toBe("a/2 at 0 of 1");
    // A topic never has fewer.
    expect(readers.grow("a", 1)).toBe(false);
  });

  it("says which position is held by an open transaction", () => {
    const readers = createReaders({ a: [0] }, () => undefined);
    readers.of("a", 0)?.take([fetchedBatch(0), fetchedBatch(1, { transaction: "p" }), fetchedBatch(2)]);
    expect(readers.missing({ a: [3] })).toBe("a/0 at 1 of 3 (read to 3, held by an open transaction)");
  });

  it("names a few partitions and counts the rest", () => {
    const readers = createReaders({ a: Array.from({ length: 9 }, () => 0) }, () => undefined);
    const text = readers.missing({ a: Array.from({ length: 9 }, () => 1) });
    expect(text).toMatch(/^a\/0 at 0 of 1, .*a\/5 at 0 of 1 and 3 more partitions$/);
  });

  it("refuses ends of what is not collected", () => {
    const readers = createReaders({ a: [0] }, () => undefined);
    expect(() => readers.reached({ a: [0, 1] })).toThrow("[argument] a/1 is not collected");
  });
});
