import stringWidth from "string-width";

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** How many terminal cells the text takes: wide characters and emoji two, combining marks none. */
export function cellsOf(text: string): number {
  return stringWidth(text);
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
function takeCells(text: string, cells: number): string {
  let taken = "";
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += cellsOf(segment);
    if (used > cells) break;
    taken += segment;
  }
  return taken;
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
      const piece = takeCells(rest, limit);
      lines.push(piece);
      rest = rest.slice(piece.length);
    }
    line = rest;
  }
  lines.push(line);
  return lines;
}
