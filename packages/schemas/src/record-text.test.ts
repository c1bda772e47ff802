import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { headerValues, utf8Text } from "./record-text.ts";

describe("utf8Text", () => {
  it("reads back every text, one that begins with U+FEFF too", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        for (const value of [text, `\uFEFF${text}`]) expect(utf8Text(new TextEncoder().encode(value))).toBe(value);
      }),
    );
  });

  it("reads nothing from null and from what is not UTF-8", () => {
    expect([utf8Text(null), utf8Text(Uint8Array.of(0x61, 0xc3))]).toEqual([undefined, undefined]);
    expect(utf8Text(new Uint8Array())).toBe("");
  });
});

describe("headerValues", () => {
  it("gives all values of one name in their order", () => {
    const [a, b] = [Uint8Array.of(1), Uint8Array.of(2)];
    const headers = [
      ["ce_id", b],
      ["CE_ID", a],
      ["ce_type", a],
      ["ce_id", null],
      ["ce_id", a],
    ] as const;
    expect(headerValues(headers, "ce_id")).toEqual([b, null, a]);
    expect(headerValues(headers, "ce_time")).toEqual([]);
  });
});
