import { createRequire } from "node:module";
import type stringWidth from "string-width";

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** ASCII, Latin letters with accents, and what the report itself draws with: one cell each, whatever stands beside. */
const NARROW =
  /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u024f\u2013\u2014\u2018-\u201d\u2026\u2502\u22ee\u25cb\u25cf\u2713\u2717]*$/;

let measure: ((text: string) => number) | undefined;

/** How many terminal cells the text takes: wide characters and emoji two, combining marks none. */
export function cellsOf(text: string): number {
  if (NARROW.test(text)) return text.length;
  // Its tables cost more to load than the rest of this package, and most reports get by without.
  measure ??= (createRequire(import.meta.url)("string-width") as { default: typeof stringWidth }).default;
  return measure(text);
}

/** The text with spaces up to `cells`; a longer one stays as it is. */
export function pad(text: string, cells: number, align: "left" | "right" | "centre" = "left"): string {
  const space = Math.max(0, cells - cellsOf(text));
  if (align === "left") return text + " ".repeat(space);
  if (align === "right") return " ".repeat(space) + text;
  const before = Math.floor(space / 2);
  return " ".repeat(before) + text + " ".repeat(space - before);
}

/** The text if it fits, else as many whole characters as fit before an ellipsis. Never wider than `cells`. */
export function fit(text: string, cells: number): string {
  if (cellsOf(text) <= cells) return text;
  return cells < 1 ? "" : `${takeCells(text, cells - 1)}…`;
}

/** As many whole characters from the start as fit. */
function takeCells(text: string, cells: number, characters: Iterable<string> = clusters(text)): string {
  let taken = "";
  let used = 0;
  for (const character of characters) {
    used += cellsOf(character);
    if (used > cells) break;
    taken += character;
  }
  return taken;
}

/** What a reader takes for one character each. */
function* clusters(text: string): Iterable<string> {
  for (const { segment } of graphemes.segment(text)) yield segment;
}

/**
 * Breaks text at its spaces into lines of at most `cells` cells; a word that is longer is cut between characters. Always
 * at least one line.
 */
export function wrap(text: string, cells: number): string[] {
  const limit = Math.max(cells, 2);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (cellsOf(longer) <= limit) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    let rest = word;
    while (cellsOf(rest) > limit) {
      // A cluster of marks may be wider than a line; a code point never is.
      const piece = takeCells(rest, limit) || takeCells(rest, limit, Array.from(rest));
      lines.push(piece);
      rest = rest.slice(piece.length);
    }
    line = rest;
  }
  lines.push(line);
  return lines;
}
