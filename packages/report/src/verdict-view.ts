import type { RunResult } from "@ondash/contract";
import type { Tone } from "./style.ts";

/** Whether a run is good news: a scenario's expectation was met, a recording passed. */
export function isGood(result: Pick<RunResult, "verdict" | "expectation">): boolean {
  return result.expectation === null ? result.verdict === "passed" : result.expectation === "met";
}

/** How good the news is, as a sign and a tone. */
export function signOf(result: Pick<RunResult, "verdict" | "expectation">): { sign: string; tone: Tone } {
  if (isGood(result)) return { sign: "✓", tone: "good" };
  const open = result.verdict === "inconclusive" && result.expectation === null;
  return open ? { sign: "?", tone: "warn" } : { sign: "✗", tone: "bad" };
}

/** The verdict in words: `passed, as expected`, `failed as expected: ORD-04`, `passed, not as expected`. */
export function verdictText(result: Pick<RunResult, "verdict" | "expectation" | "violations">): string {
  const { verdict, expectation } = result;
  const rules = violatedRules(result);
  const which = rules.length === 0 ? "" : `: ${rules.join(" ")}`;
  if (expectation === null) return `${verdict}${which}`;
  if (expectation === "met") return verdict === "passed" ? "passed, as expected" : `${verdict} as expected${which}`;
  return `${verdict}${which}, not as expected`;
}

/** Ids of the violated rules, each once, in the order they were found. */
export function violatedRules({ violations }: Pick<RunResult, "violations">): string[] {
  return [...new Set(violations.map(({ rule }) => rule))];
}

/** `3 records`, `1 record`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
