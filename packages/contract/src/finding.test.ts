import { describe, expect, it } from "vitest";
import { contrast, quote } from "./finding.ts";

describe("a text in a finding", () => {
  it("is quoted, escaped, and cut after 80 characters", () => {
    expect(quote('a "b"\n')).toBe('"a \\"b\\"\\n"');
    expect(quote("x".repeat(80))).toBe(`"${"x".repeat(80)}"`);
    expect(quote("x".repeat(81))).toBe(`"${"x".repeat(80)}…"`);
    expect(quote("abc", 2)).toBe('"ab…"');
  });

  it("is contrasted as it is while that shows the difference", () => {
    expect(contrast("a", "b")).toEqual(['"a"', '"b"']);
    expect(contrast("a".repeat(90), "b")).toEqual([`"${"a".repeat(80)}…"`, '"b"']);
  });

  it("is told from its end on where there is no difference", () => {
    expect(contrast("same", "same")).toEqual(['…"same"', '…"same"']);
    const long = "x".repeat(200);
    expect(contrast(long, long)).toEqual([`…"${"x".repeat(20)}"`, `…"${"x".repeat(20)}"`]);
  });

  it("is contrasted from twenty characters before the difference on where quoting would hide it", () => {
    const common = Array.from({ length: 100 }, (_, index) => String.fromCharCode(0x100 + index)).join("");
    expect(contrast(`${common}left`, `${common}right`)).toEqual([
      `…"${common.slice(80)}left"`,
      `…"${common.slice(80)}right"`,
    ]);
    // One of them may end there.
    expect(contrast(common, `${common}more`)).toEqual([`…"${common.slice(80)}"`, `…"${common.slice(80)}more"`]);
    // Quotes of different lengths look alike when both are cut at the same place.
    expect(contrast(`${common}a`, `${common}bcd`)[0]).toBe(`…"${common.slice(80)}a"`);
  });
});
