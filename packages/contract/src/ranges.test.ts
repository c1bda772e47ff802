import { createRandom } from "@ondash/core";
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
    expect(set.nextMissing(0)).toBe(count * 2);
  });

  it("takes both ends for members", () => {
    const set = createRangeSet();
    set.add(5, 5);
    expect([set.firstIn(3, 4), set.firstIn(3, 5), set.firstIn(5, 9), set.firstIn(6, 9)]).toEqual([
      undefined,
      5,
      5,
      undefined,
    ]);
    expect(set.missing(3, 5)).toEqual([{ from: 3, to: 4 }]);
    expect(set.missing(5, 7)).toEqual([{ from: 6, to: 7 }]);
    expect(set.missing(6, 5)).toEqual([]);
  });

  it("is one range where ranges touch, on either side", () => {
    const set = createRangeSet();
    for (const [from, to] of [
      [0, 1],
      [10, 10],
      [12, 15],
      [11, 13],
      [2, 3],
      [4, 9],
    ] as const)
      set.add(from, to);
    expect(set.nextMissing(0)).toBe(16);
    const back = createRangeSet();
    for (const [from, to] of [
      [8, 9],
      [4, 5],
      [6, 7],
    ] as const)
      back.add(from, to);
    expect(back.nextMissing(4)).toBe(10);
  });

  it.each([1, 2, 3, 4])("behaves like a set of integers with many ranges, %s", (seed) => {
    const random = createRandom(seed);
    const size = 3_000;
    const set = createRangeSet();
    const model = new Set<number>();
    const add = (from: number, to: number): void => {
      set.add(from, to);
      for (let value = from; value <= to; value++) model.add(value);
    };
    const expected = (from: number): number[] =>
      Array.from({ length: size - from }, (_, index) => from + index).filter((value) => !model.has(value));
    for (let at = 0; at < 1_000; at++) add(at * 3, at * 3);
    for (let round = 0; round < 400; round++) {
      // Mostly short ones, so that there remain many; some that swallow chunks.
      const from = random.int(0, size - 1);
      add(from, Math.min(size - 1, from + (round % 100 === 99 ? random.int(0, 900) : random.int(0, 2))));
      const ask = random.int(0, size - 1);
      expect(set.has(ask)).toBe(model.has(ask));
      expect(set.nextMissing(ask)).toBe(expected(ask)[0] ?? size);
      if (round % 20 !== 0) continue;
      const holes = set.missing(ask, size - 1);
      expect(holes.flatMap(({ from: low, to }) => Array.from({ length: to - low + 1 }, (_, at) => low + at))).toEqual(
        expected(ask),
      );
    }
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
