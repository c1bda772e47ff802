import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findInvalidUtf8 } from "./utf8.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function isWellFormed(bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

describe("findInvalidUtf8", () => {
  it("agrees with TextDecoder on every sequence of up to two bytes, alone and before a letter", () => {
    const wrong: Uint8Array[] = [];
    for (let first = 0; first < 256; first++) {
      for (let second = 0; second < 256; second++) {
        for (const bytes of [Uint8Array.of(first), Uint8Array.of(first, second), Uint8Array.of(first, second, 0x61)]) {
          if (findInvalidUtf8(bytes, 0, bytes.length) < 0 !== isWellFormed(bytes)) wrong.push(bytes);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it("agrees with TextDecoder on sequences around every bound", () => {
    const bounds = [
      0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef,
    ];
    const byte = fc.constantFrom(...bounds, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff);
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 6 }), (values) => {
        const bytes = Uint8Array.from(values);
        expect(findInvalidUtf8(bytes, 0, bytes.length) < 0).toBe(isWellFormed(bytes));
      }),
      { numRuns: 20_000 },
    );
  });

  it("accepts every code point, and names the first byte of what is not well-formed behind it", () => {
    const text = fc.string({ unit: "binary" }).map((value) => new TextEncoder().encode(value));
    fc.assert(
      fc.property(text, (bytes) => {
        expect(findInvalidUtf8(bytes, 0, bytes.length)).toBe(-1);
        expect(findInvalidUtf8(Uint8Array.of(...bytes, 0xff), 0, bytes.length + 1)).toBe(bytes.length);
      }),
    );
  });

  it("looks at its range only", () => {
    const bytes = Uint8Array.of(0xff, 0x61, 0xc3, 0xbc, 0xff);
    expect(findInvalidUtf8(bytes, 1, 4)).toBe(-1);
    expect(findInvalidUtf8(bytes, 1, 3)).toBe(2);
    expect(findInvalidUtf8(bytes, 2, 2)).toBe(-1);
  });
});
