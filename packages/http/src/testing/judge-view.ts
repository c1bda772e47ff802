import type { Arrival } from "./arrival.ts";
import type { Expectation, FoldedBlock } from "./expectation.ts";
import type { ReadView } from "./read-view.ts";
import type { ViewBlock } from "./types.ts";

/** A view that is wrong, in words. */
export interface Breach {
  readonly expected: string;
  readonly actual: string;
  readonly cause?: unknown;
}

/**
 * What is wrong with a view after an arrival; undefined: nothing.
 * - Its blocks are, each once and in emission order, of those that were delivered; of a whole turn they are all of them.
 * - It is `complete` only if the product's own fold of what was delivered is. A whole turn whose stream was closed is what
 *   the fold says: `complete` or `failed`.
 */
export function judgeView(
  view: ReadView,
  { whole, blocks, status }: Expectation,
  end: Arrival["end"],
): Breach | undefined {
  if (!(whole ? isEqual(view.blocks, blocks) : isPartOf(view.blocks, blocks))) {
    const what = whole ? "" : "nothing but these, each once, in this order, as far as they are shown: ";
    return { expected: `${what}${listFolded(blocks)}`, actual: listViewed(view.blocks) };
  }
  if (view.status === undefined) return undefined;
  if (view.status === "complete" && status !== "complete") {
    const unfinished = whole ? "the turn did not end well" : "not all of the turn is there";
    const why = status === "failed" ? "the turn failed" : unfinished;
    const ended = { open: "", closed: ", though the stream ended", cut: ", and the stream broke off" }[end];
    return { expected: `any status but complete: ${why}${ended}`, actual: "status complete" };
  }
  if (whole && end === "closed" && status !== "incomplete" && view.status !== status) {
    return { expected: `status ${status}: all of the turn is there`, actual: `status ${view.status}` };
  }
  return undefined;
}

function isEqual(viewed: readonly ViewBlock[], folded: readonly FoldedBlock[]): boolean {
  return viewed.length === folded.length && isPartOf(viewed, folded);
}

/** Whether the viewed blocks are some of the folded ones, in their order. */
function isPartOf(viewed: readonly ViewBlock[], folded: readonly FoldedBlock[]): boolean {
  let next = 0;
  for (const block of folded) {
    const wanted = viewed[next];
    if (wanted === undefined) break;
    if (isSame(wanted, block)) next += 1;
  }
  return next === viewed.length;
}

function isSame(viewed: ViewBlock, folded: FoldedBlock): boolean {
  if ("text" in viewed) return folded.kind === "text" && viewed.text === folded.text;
  if (folded.kind !== "chart") return false;
  if (viewed.chartType !== undefined && viewed.chartType !== folded.chartType) return false;
  return typeof viewed.chart === "string"
    ? viewed.chart === folded.configJson
    : isJson(viewed.chart, folded.configJson);
}

function isJson(value: unknown, json: string): boolean {
  try {
    return isDeepEqual(value, JSON.parse(json));
  } catch {
    return false;
  }
}

function isDeepEqual(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isDeepEqual(left[key], right[key]))
  );
}

const SHOWN = 60;

function cut(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

function listFolded(blocks: readonly FoldedBlock[]): string {
  return listViewed(blocks.map((block) => (block.kind === "text" ? block : { chart: block.configJson, ...block })));
}

function listViewed(blocks: readonly ViewBlock[]): string {
  if (blocks.length === 0) return "no block";
  return blocks
    .map((block) => {
      if ("text" in block) return `text ${cut(JSON.stringify(block.text))}`;
      const config = typeof block.chart === "string" ? block.chart : JSON.stringify(block.chart);
      return `chart ${block.chartType === undefined ? "" : `${block.chartType} `}${cut(config)}`;
    })
    .join(", ");
}
