import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase64, encodeBase64 } from "./base64.ts";

describe("base64", { timeout: 60_000 }, () => {
  it("is that of RFC 4648 section 4", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20_000 }), (bytes) => {
        const text = encodeBase64(bytes);
        expect(text).toBe(Buffer.from(bytes).toString("base64"));
        expect(decodeBase64(text)).toEqual(bytes);
      }),
    );
  });

  it("is whole however long it is", () => {
    const bytes = Uint8Array.from({ length: 20_000 }, (_, index) => (index * 31) & 255);
    expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
  });

  it("takes a text only if it is what its bytes are written as", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("A", "B", "+", "/", "=", "-", "_", " ", "\n", "9", "é"), maxLength: 12 }),
        (text) => {
          const bytes = decodeBase64(text);
          if (bytes !== undefined) expect(encodeBase64(bytes)).toBe(text);
        },
      ),
      { numRuns: 2_000 },
    );
    for (const text of [
      "A",
      "AA",
      "AAA",
      "AA=",
      "=AAA",
      "A===",
      "====",
      "AAAA=",
      "AA==AA==",
      "AB==",
      "AAB=",
      " AAA",
      "AA\n=",
    ]) {
      expect(decodeBase64(text), text).toBeUndefined();
    }
  });
});
