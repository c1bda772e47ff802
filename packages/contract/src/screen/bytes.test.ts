import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { equalBytes, hashBytes, hashBytesToo, hasVisibleAscii, isAscii } from "./bytes.ts";

/** Bytes, and a part of them. */
const part = fc.uint8Array({ min: 0x1f, max: 0x81, maxLength: 6 }).chain((bytes) =>
  fc.tuple(fc.constant(bytes), fc.nat(bytes.length), fc.nat(bytes.length)).map(([all, one, other]) => ({
    all,
    start: Math.min(one, other),
    end: Math.max(one, other),
  })),
);

/** All lists of at most three of a few bytes. */
function short(values: readonly number[]): number[][] {
  const lists: number[][] = [[]];
  for (let from = 0, length = 1; length <= 3; length++) {
    const to = lists.length;
    for (; from < to; from++) for (const value of values) lists.push([...(lists[from] ?? []), value]);
  }
  return lists;
}

/** Each part of each short list. */
function* parts(values: readonly number[]): Generator<{ all: Uint8Array; start: number; end: number }> {
  for (const list of short(values)) {
    const all = Uint8Array.from(list);
    for (let start = 0; start <= all.length; start++)
      for (let end = start; end <= all.length; end++) yield { all, start, end };
  }
}

describe("bytes", () => {
  it("are ASCII, and visible, as the characters say", () => {
    for (const { all, start, end } of parts([0x20, 0x21, 0x7e, 0x7f, 0x80])) {
      const inside = [...all.subarray(start, end)];
      expect(isAscii(all, start, end)).toBe(inside.every((byte) => byte < 128));
      expect(hasVisibleAscii(all, start, end)).toBe(/[!-~]/.test(String.fromCharCode(...inside)));
    }
  });

  it("are equal where their lists are", () => {
    const all = [...parts([1, 2])].map((one) => ({ ...one, text: one.all.subarray(one.start, one.end).join() }));
    const wrong = all.flatMap((one) =>
      all
        .filter((other) => {
          const equal = equalBytes(one.all, one.start, one.end, other.all, other.start, other.end);
          return equal !== (one.text === other.text);
        })
        .map((other) => ({ one, other })),
    );
    expect(wrong).toEqual([]);
    const [some, more] = [Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3)];
    expect(equalBytes(some, 0, 2, more)).toBe(false);
    expect(equalBytes(more, 1, 3, more, 1)).toBe(true);
    expect(equalBytes(some, 0, 2, some)).toBe(true);
  });

  it.each([hashBytes, hashBytesToo])("hash to numbers that depend on all of them and no others (%o)", (hash) => {
    const hashes = new Set(short([0, 1, 0x80, 0xff]).map((list) => hash(7, Uint8Array.from(list), 0, list.length)));
    expect(hashes.size).toBe(short([0, 1, 0x80, 0xff]).length);
    for (const { all, start, end } of parts([1, 2])) {
      expect(hash(7, all, start, end)).toBe(hash(7, all.slice(start, end), 0, end - start));
    }
    fc.assert(
      fc.property(part, fc.integer(), fc.integer(), ({ all, start, end }, seed, other) => {
        const found = hash(seed, all, start, end);
        expect(found).toBe(hash(seed, all.slice(start, end), 0, end - start));
        expect(found).toBe(found | 0);
        if (seed !== other) expect(found).not.toBe(hash(other, all, start, end));
      }),
    );
  });

  it("hash to two numbers that say nothing of each other", () => {
    const lists = short([0, 1, 2, 3, 0x80, 0xff]).map((list) => Uint8Array.from(list));
    expect(
      lists.some(
        (list) => list.length > 0 && hashBytes(7, list, 0, list.length) === hashBytesToo(7, list, 0, list.length),
      ),
    ).toBe(false);
  });
});
