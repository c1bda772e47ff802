import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inflateSnappyBlock } from "./snappy-block.ts";

const snappyjs = createRequire(import.meta.url)("snappyjs") as { compress(bytes: Uint8Array): Uint8Array };
const inflate = (...bytes: number[]): number[] => [...inflateSnappyBlock(Uint8Array.from(bytes), 1_000)];

describe("a block of raw snappy", () => {
  it("comes back from snappyjs, with its repetitions", () => {
    const parts = fc.array(fc.tuple(fc.uint8Array({ maxLength: 30 }), fc.nat({ max: 300 })), { maxLength: 20 });
    fc.assert(
      fc.property(parts, (drawn) => {
        const bytes = Uint8Array.from(
          drawn.flatMap(([part, times]) => Array.from({ length: times }, () => [...part]).flat()),
        );
        expect(Buffer.from(inflateSnappyBlock(snappyjs.compress(bytes), bytes.length)).equals(bytes)).toBe(true);
      }),
    );
  });

  it("has lengths of one to four bytes, and offsets of eleven, sixteen and thirty-two bits", () => {
    expect(inflate(0)).toEqual([]);
    expect(inflate(1, 0, 7)).toEqual([7]);
    for (const count of [1, 2, 3, 4]) {
      expect(inflate(2, (59 + count) << 2, 1, ...Array.from({ length: count - 1 }, () => 0), 7, 8)).toEqual([7, 8]);
    }
    expect(inflate(6, 1 << 2, 7, 8, 1, 2)).toEqual([7, 8, 7, 8, 7, 8]);
    expect(inflate(4, 1 << 2, 7, 8, (1 << 2) | 2, 2, 0)).toEqual([7, 8, 7, 8]);
    expect(inflate(4, 1 << 2, 7, 8, (1 << 2) | 3, 1, 0, 0, 0)).toEqual([7, 8, 8, 8]);
    // The high bits of the short offset: 260 back.
    const literal = Array.from({ length: 260 }, (_, index) => index % 251);
    expect(inflate(0x88, 2, 61 << 2, 3, 1, ...literal, (1 << 5) | 1, 4)).toEqual([...literal, 0, 1, 2, 3]);
  });

  it.each([
    ["nothing", [], "cut at byte 0"],
    ["a length without end", [0x80, 0x80, 0x80, 0x80, 0x80, 0], "more than 1000 bytes"],
    ["a length above the limit", [0xe9, 7, 0, 7], "more than 1000 bytes"],
    ["a length that so few bytes can't give", [100, 0, 7], "100 bytes do not fit into 3"],
    [
      "a literal that would be of negative length",
      [4, 63 << 2, 0, 0, 0, 0x98, 1],
      "a literal of 2550136833 bytes at byte 6",
    ],
    ["a literal beyond the end", [4, 3 << 2, 1, 2, 3], "a literal of 4 bytes at byte 2"],
    ["a literal whose length is cut", [4, 63 << 2, 0, 0, 0], "cut at byte 2"],
    ["a copy of nothing", [4, 1 << 2, 7, 8, 2, 0, 0], "a copy from 0 back of 2 bytes"],
    ["a copy from before the start", [4, 1 << 2, 7, 8, 2, 3, 0], "a copy from 3 back of 2 bytes"],
    ["a copy that would be from ahead", [4, 1 << 2, 7, 8, 7, 1, 0, 0, 0xff], "a copy from 4278190081 back of 2 bytes"],
    ["a copy whose offset is cut", [4, 1 << 2, 7, 8, 3, 1, 0, 0], "cut at byte 5"],
    ["a literal above the length", [1, 1 << 2, 7, 8], "more than the 1 bytes it says"],
    ["a copy above the length", [3, 1 << 2, 7, 8, (1 << 2) | 2, 1, 0], "more than the 3 bytes it says"],
    ["less than the length", [3, 1 << 2, 7, 8], "2 bytes, not the 3 it says"],
  ])("is none: %s", (_, bytes, message) => {
    expect(() => inflate(...bytes)).toThrow(new RangeError(`snappy: ${message}`));
  });
});
