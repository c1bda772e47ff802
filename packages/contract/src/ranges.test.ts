import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRangeSet, describeRanges, sizeOf } from "./ranges.ts";

const range = fc.tuple(fc.nat(60), fc.nat(6)).map(([from, length]) => ({ from, to: from + length }));

describe("a range set", { timeout: 60_000 }, () => {
  it("stays right with thousands of ranges, added in any order", () => {
    // Every other integer, in an order that strides through them, then the ones in between.
    const count = 4_001;
    const strided = Array.from({ length: count }, (_, index) => ((index * 1_237) % count) * 2);
    const set = createRangeSet();
    for (const value of strided) set.add(value, value);
    expect(set.missing(0, count * 2 - 1)).toHaveLength(count);
    expect(set.missing(0, count * 2 - 1, 3)).toEqual([1, 3, 5].map((value) => ({ from: value, to: value })));
    expect([set.has(4_000), set.has(4_001), set.firstIn(4_001, 9_000), set.nextMissing(4_000)]).toEqual([
      true,
      false,
      4_002,
      4_001,
    ]);
    set.add(1_001, 6_999);
    expect(set.missing(0, count * 2 - 1)).toHaveLength(500 + (count - 3_500));
    for (const value of strided) set.add(value + 1, value + 1);
    expect(set.missing(0, count * 2 - 1)).toEqual([]);
  });

  it("behaves like a set of integers", () => {
    fc.assert(
      fc.property(fc.array(range), range, (added, asked) => {
        const set = createRangeSet();
        const model = new Set<number>();
        for (const { from, to } of added) {
          set.add(from, to);
          for (let value = from; value <= to; value++) model.add(value);
        }
        const asks = Array.from({ length: asked.to - asked.from + 1 }, (_, index) => asked.from + index);
        expect(asks.filter((value) => set.has(value))).toEqual(asks.filter((value) => model.has(value)));
        expect(set.firstIn(asked.from, asked.to)).toBe(asks.find((value) => model.has(value)));
        const holes = set.missing(asked.from, asked.to);
        expect(holes.flatMap(({ from, to }) => asks.filter((value) => value >= from && value <= to))).toEqual(
          asks.filter((value) => !model.has(value)),
        );
        expect(set.missing(asked.from, asked.to, 1)).toEqual(holes.slice(0, 1));
        expect(sizeOf(holes)).toBe(asks.filter((value) => !model.has(value)).length);
        let next = asked.from;
        while (model.has(next)) next++;
        expect(set.nextMissing(asked.from)).toBe(next);
      }),
      { numRuns: 500 },
    );
  });

  it("costs as much as it has holes, not members", () => {
    const set = createRangeSet();
    set.add(1, 4_294_967_294);
    expect(set.missing(0, 4_294_967_295)).toEqual([
      { from: 0, to: 0 },
      { from: 4_294_967_295, to: 4_294_967_295 },
    ]);
  });
});

it("names at most as many ranges as it is told, and counts the rest", () => {
  const ranges = [
    { from: 5, to: 5 },
    { from: 7, to: 9 },
    { from: 20, to: 21 },
  ];
  expect(describeRanges(ranges)).toBe("5, 7–9, 20–21");
  expect(describeRanges(ranges, 1)).toBe("5 and 5 more");
});
