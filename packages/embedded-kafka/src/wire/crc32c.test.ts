import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc32c } from "./crc32c.ts";

/** Bit by bit, from the definition: Castagnoli's polynomial, reflected. */
function reference(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f6_3b78 : crc >>> 1;
  }
  return (crc ^ 0xffff_ffff) >>> 0;
}

describe("crc32c", () => {
  // RFC 3720, appendix B.4, and the usual check value.
  it.each<[string, Uint8Array, number]>([
    ["nothing", new Uint8Array(0), 0],
    ["123456789", new TextEncoder().encode("123456789"), 0xe306_9283],
    ["32 zeros", new Uint8Array(32), 0x8a91_36aa],
    ["32 ones", new Uint8Array(32).fill(0xff), 0x62a8_ab43],
    ["0 to 31", Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd_794e],
    ["31 to 0", Uint8Array.from({ length: 32 }, (_, index) => 31 - index), 0x113f_db5c],
  ])("gives the known value of %s", (_, bytes, value) => {
    expect(crc32c(bytes)).toBe(value);
  });

  it("gives what the definition gives, of any part", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(), fc.nat(), (bytes, a, b) => {
        const [start, end] = [a % (bytes.length + 1), b % (bytes.length + 1)].toSorted((x, y) => x - y);
        expect(crc32c(bytes, start, end)).toBe(reference(bytes.subarray(start, end)));
      }),
    );
  });
});
