import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compress, compressions, decompress } from "./compression.ts";

const codecs = compressions.filter((codec) => codec !== "none");

describe.each(codecs)("%s", (codec) => {
  it("comes back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(Buffer.from(decompress(codec, compress(codec, bytes)))).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 50 },
    );
  });

  it("comes back when it is longer than a block, and is shorter meanwhile", () => {
    const bytes = new Uint8Array(200_000).map((_, index) => index % 251);
    const compressed = compress(codec, bytes);
    expect(compressed.length).toBeLessThan(bytes.length / 4);
    expect(Buffer.from(decompress(codec, compressed)).equals(bytes)).toBe(true);
  });

  it("reads from a view into a larger buffer", () => {
    const compressed = compress(codec, Uint8Array.of(1, 2, 3));
    const larger = new Uint8Array(compressed.length + 20).fill(7);
    larger.set(compressed, 9);
    expect([...decompress(codec, larger.subarray(9, 9 + compressed.length))]).toEqual([1, 2, 3]);
  });

  it("gives a WireError and nothing else for bytes that were changed", () => {
    const compressed = compress(codec, new TextEncoder().encode("to be or not to be ".repeat(20)));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 5 }), (edits) => {
        const damaged = Uint8Array.from(compressed);
        for (const [at, value] of edits) damaged[at % damaged.length] = value;
        try {
          decompress(codec, damaged);
        } catch (error) {
          expect(error).toMatchObject({ name: "WireError", code: "compression" });
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("decompress", () => {
  it.each(codecs)("refuses to inflate beyond the limit: %s", (codec) => {
    const compressed = compress(codec, new Uint8Array(300_000));
    expect(decompress(codec, compressed, 1 << 20)).toHaveLength(300_000);
    expect(() => decompress(codec, compressed, 100_000)).toThrow(`[compression] ${codec} records do not decompress`);
  });

  it("refuses a lie about the length of raw snappy", () => {
    expect(() => decompress("snappy", Uint8Array.of(0x80, 0x80, 0x80, 0x80, 1, 0), 1_000)).toThrow("[compression]");
  });

  it("refuses LZ4 frames of dependent blocks, as Kafka does", () => {
    const frame = Uint8Array.from(compress("lz4", Uint8Array.of(1, 2, 3)));
    frame[4] = (frame[4] ?? 0) & ~0x20;
    expect(() => decompress("lz4", frame)).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ message: expect.stringContaining("dependent") }) }),
    );
  });

  it("reads snappy with and without xerial's frame", () => {
    // Raw snappy of "abc": length 3, a literal of three bytes.
    const raw = Uint8Array.of(3, 2 << 2, 0x61, 0x62, 0x63);
    expect(Buffer.from(decompress("snappy", raw)).toString()).toBe("abc");
    const frame = Buffer.concat([
      Uint8Array.of(0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1),
      Uint8Array.of(0, 0, 0, raw.length),
      raw,
      Uint8Array.of(0, 0, 0, raw.length),
      raw,
    ]);
    expect(Buffer.from(decompress("snappy", frame)).toString()).toBe("abcabc");
    expect(() => decompress("snappy", frame.subarray(0, -1))).toThrow("[compression]");
  });
});
