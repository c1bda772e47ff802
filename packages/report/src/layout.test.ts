import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { cellsOf, fit, pad, wrap } from "./layout.ts";

const texts = fc.string({ unit: "grapheme", maxLength: 60 });

describe("cellsOf", () => {
  it("is what string-width says, also where it is not asked", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.integer({ min: 0x20, max: 0x2fff }).map((code) => String.fromCharCode(code)) }),
        (text) => {
          expect(cellsOf(text)).toBe(stringWidth(text));
        },
      ),
    );
    for (let code = 0x20; code < 0x3000; code++) {
      const character = String.fromCharCode(code);
      expect(cellsOf(character)).toBe(stringWidth(character));
    }
  });
});

describe("fit", () => {
  it("never takes more cells than given, and keeps what fits", () => {
    fc.assert(
      fc.property(texts, fc.nat(40), (text, cells) => {
        const fitted = fit(text, cells);
        expect(cellsOf(fitted)).toBeLessThanOrEqual(cells);
        expect(fitted === text).toBe(cellsOf(text) <= cells);
      }),
    );
  });
  it("does not cut a character of several code points", () => {
    expect(fit("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 3)).toBe("👩‍👩‍👧‍👦…");
    expect(fit("e\u0301e\u0301e\u0301", 2)).toBe("e\u0301…");
    expect(fit("界界", 2)).toBe("…");
  });
});

describe("pad", () => {
  it("counts cells, not characters", () => {
    expect(pad("界", 4)).toBe("界  ");
    expect(pad("e\u0301", 3, "right")).toBe("  e\u0301");
    expect(pad("●", 6, "centre")).toBe("  ●   ");
    expect(pad("long", 2)).toBe("long");
  });
});

describe("wrap", () => {
  it("cuts a cluster that is wider than a line", () => {
    const cluster = `\u0915${"\u093e".repeat(12)}`;
    expect(cellsOf(cluster)).toBeGreaterThan(6);
    expect(wrap(cluster, 4).join("")).toBe(cluster);
    expect(wrap(cluster, 4).length).toBeGreaterThan(2);
  });

  it("loses nothing but the spaces where it breaks", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 2, max: 40 }), (text, cells) => {
        const lines = wrap(text, cells);
        expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
        for (const line of lines) expect(cellsOf(line)).toBeLessThanOrEqual(cells);
      }),
    );
  });
});
