import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RecordObservation } from "../observation.ts";
import { createContentMemory } from "./content-memory.ts";

const bytes = fc.option(fc.uint8Array({ maxLength: 4 }));
const headers = fc.array(fc.tuple(fc.constantFrom("a", "b", "ce_id"), bytes), { maxLength: 4 });
const content = fc.record({ key: bytes, value: bytes, headers });

function record(offset: number, rest: Pick<RecordObservation, "key" | "value" | "headers">): RecordObservation {
  return { kind: "record", topic: "t", partition: 0, offset, timestamp: 1, ...rest };
}

/** What must be equal: key, value, and the values of each header name in their order. */
function canonical({ key, value, headers: list }: Pick<RecordObservation, "key" | "value" | "headers">): string {
  const byName = list.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const plain = (part: Uint8Array | null): readonly number[] | null => part && [...part];
  return JSON.stringify([plain(key), plain(value), byName.map(([name, part]) => [name, plain(part)])]);
}

describe("the memory of a partition's content", () => {
  it("tells the same content from another, headers in any order across names", () => {
    fc.assert(
      fc.property(content, content, (one, other) => {
        const memory = createContentMemory(1_024);
        memory.remember(record(5, one));
        expect(
          memory.isSame(record(5, { ...one, headers: one.headers.toSorted(([a], [b]) => (a < b ? -1 : 1)) })),
        ).toBe(true);
        expect(memory.isSame(record(5, other))).toBe(canonical(one) === canonical(other));
      }),
      { numRuns: 500 },
    );
  });

  it("tells single bits, swapped values of one name, null from empty", () => {
    const base = { key: Uint8Array.of(1), value: Uint8Array.of(2), headers: [] };
    const twice = (first: number, second: number): RecordObservation["headers"] => [
      ["x", Uint8Array.of(first)],
      ["x", Uint8Array.of(second)],
    ];
    const changes = [
      base,
      { ...base, key: Uint8Array.of(0) },
      { ...base, key: null },
      { ...base, value: Uint8Array.of(3) },
      { ...base, key: Uint8Array.of(2), value: Uint8Array.of(1) },
      { ...base, value: null },
      { ...base, value: new Uint8Array() },
      { ...base, headers: twice(1, 2) },
      { ...base, headers: twice(2, 1) },
      { ...base, headers: [["x", Uint8Array.of(1)]] },
      { ...base, headers: [["y", Uint8Array.of(1)]] },
      { ...base, headers: [["xy", Uint8Array.of(1)]] },
    ] satisfies Pick<RecordObservation, "key" | "value" | "headers">[];
    for (const [index, one] of changes.entries()) {
      const memory = createContentMemory(1_024);
      memory.remember(record(0, one));
      expect(changes.map((other) => memory.isSame(record(0, other)))).toEqual(
        changes.map((_, other) => other === index),
      );
    }
  });

  it("tells each one and each two flipped bits of a value, also where a word of four bytes ends", () => {
    const value = Uint8Array.from({ length: 11 }, (_, index) => index * 37);
    const flipped = (...bits: readonly number[]): Uint8Array => {
      const copy = Uint8Array.from(value);
      for (const bit of bits) copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return copy;
    };
    const memory = createContentMemory(1_024);
    const rest = { key: null, headers: [] };
    memory.remember(record(0, { ...rest, value }));
    const bits = Array.from({ length: value.length * 8 }, (_, bit) => bit);
    for (const one of bits) {
      for (const other of bits) {
        const same = memory.isSame(record(0, { ...rest, value: one === other ? flipped(one) : flipped(one, other) }));
        expect([one, other, same]).toEqual([one, other, false]);
      }
    }
  });

  it("remembers the last offsets, as many as it was told, and nothing it has not seen", () => {
    const some = { key: null, value: Uint8Array.of(7), headers: [] };
    const memory = createContentMemory(512);
    for (const offset of [10, 11, 13]) memory.remember(record(offset, some));
    expect([9, 10, 11, 12, 13, 14].map((offset) => memory.isSame(record(offset, some)))).toEqual([
      undefined,
      true,
      true,
      undefined,
      true,
      undefined,
    ]);
    for (let offset = 14; offset < 2_000; offset++) memory.remember(record(offset, some));
    expect(memory.isSame(record(1_999 - 511, some))).toBe(true);
    expect(memory.isSame(record(1_999 - 512, some))).toBeUndefined();
    // A jump over more than it holds leaves nothing of before.
    memory.remember(record(5_000, some));
    expect(memory.isSame(record(1_999, some))).toBeUndefined();
    expect(memory.isSame(record(5_000, some))).toBe(true);
  });

  it("takes no record for one that lies as far away as it reaches, whether it has seen it or not", () => {
    const one = (offset: number): RecordObservation =>
      record(offset, { key: null, value: Uint8Array.of(7), headers: [] });
    for (const keep of [256, 512]) {
      const memory = createContentMemory(keep);
      for (let offset = 0; offset < 1_500; offset++) {
        memory.remember(one(offset));
        const far = [offset + 1, offset + keep, offset - keep, offset - 2 * keep];
        expect(far.map((at) => memory.isSame(one(at)))).toEqual(far.map(() => undefined));
        expect(memory.isSame(one(Math.max(0, offset - keep + 1)))).toBe(true);
      }
      // Those between two that lie apart, where others lay before, and those from before the first.
      memory.remember(one(1_600));
      for (const at of [1_500, 1_550, 1_599]) expect(memory.isSame(one(at))).toBeUndefined();
      memory.remember(record(1_600 - keep, { key: null, value: Uint8Array.of(8), headers: [] }));
      expect([memory.isSame(one(1_600 - keep)), memory.isSame(one(1_600))]).toEqual([undefined, true]);
    }
  });

  it("takes no room for offsets that nobody has read", () => {
    const one = (offset: number): RecordObservation =>
      record(offset, { key: null, value: Uint8Array.of(offset % 7), headers: [] });
    for (const keep of [256, Number.POSITIVE_INFINITY]) {
      const memory = createContentMemory(keep);
      const offsets = [5, 2 ** 40, 2 ** 40 + 1, 2 ** 50, 2 ** 52, 2 ** 52 + 200, 2 ** 45];
      for (const offset of offsets) memory.remember(one(offset));
      const kept = (offset: number): boolean => offset >= 2 ** 52 + 201 - keep;
      expect(offsets.map((offset) => memory.isSame(one(offset)))).toEqual(
        offsets.map((offset) => (kept(offset) ? true : undefined)),
      );
      for (const offset of [4, 6, 2 ** 39, 2 ** 40 - 1, 2 ** 40 + 2, 2 ** 45 + 1, 2 ** 52 + 1, 2 ** 53]) {
        expect(memory.isSame(one(offset))).toBeUndefined();
      }
    }
  });

  it("reaches as far back as it was told, also across a hole", () => {
    const one = (offset: number): RecordObservation =>
      record(offset, { key: null, value: Uint8Array.of(offset % 7), headers: [] });
    for (const keep of [300, 512]) {
      const memory = createContentMemory(keep);
      for (let offset = 0; offset < 100; offset++) memory.remember(one(offset));
      memory.remember(one(keep + 50));
      for (let offset = 0; offset < 100; offset++) {
        expect(memory.isSame(one(offset))).toBe(offset >= 51 ? true : undefined);
      }
    }
  });

  it("knows what a Map knows of the offsets within its reach, whatever jumps and comes out of order", () => {
    const move = fc.tuple(
      fc.oneof(fc.integer({ min: -6, max: 6 }), fc.integer({ min: -600, max: 600 }), fc.constantFrom(5_000, -5_000)),
      fc.nat(3),
    );
    const keeps = fc.constantFrom(256, 512, 1_024, Number.POSITIVE_INFINITY);
    fc.assert(
      fc.property(keeps, fc.nat(3_000), fc.array(move, { minLength: 1, maxLength: 60 }), (keep, first, moves) => {
        const memory = createContentMemory(keep);
        const model = new Map<number, number>();
        let [offset, next] = [first, first];
        for (const [step, byte] of [[0, 0] as const, ...moves]) {
          offset = Math.max(0, offset + step);
          const seen = record(offset, { key: null, value: Uint8Array.of(byte), headers: [] });
          model.set(offset, byte);
          next = Math.max(next, offset + 1);
          memory.remember(seen);
          for (let at = Math.max(0, offset - 3); at < offset + 4; at++) expectKnown(at, byte);
          for (const at of [first - 1, first, next - keep - 1, next - keep, next - 1, next]) expectKnown(at, byte);
        }
        for (const at of model.keys()) expectKnown(at, 0);

        function expectKnown(at: number, guess: number): void {
          if (!Number.isFinite(at) || at < 0) return;
          const known = at >= next - keep ? model.get(at) : undefined;
          const found = memory.isSame(record(at, { key: null, value: Uint8Array.of(guess), headers: [] }));
          expect({ at, found }).toEqual({ at, found: known === undefined ? undefined : known === guess });
        }
      }),
      { numRuns: 40 },
    );
  });
});
