import { openTasks } from "./order/completeness-rules.ts";
import type { Verdict, Violation } from "./run-result.ts";
import type { TurnFacts } from "./turn/facts.ts";

/** Why a turn leaves the run's verdict open; undefined: it does not. */
export function openReason(turn: TurnFacts, overflowed: string | undefined): string | undefined {
  const name = `turn ${turn.messageId} of conversation ${turn.conversationId} (${turn.schema.name})`;
  if (overflowed !== undefined) return `${name} can't be judged: ${overflowed}`;
  const done = turn.run.ended && turn.run.producersDone;
  if (!turn.ended) return done ? undefined : `${name} has not ended, and the producer is not known to be done`;
  const open = openTasks(turn);
  if (open.length > 0 && !done) {
    return `${name} has open tasks (${open.slice(0, 8).join(", ")}), and the producer is not known to be done`;
  }
  return "why" in turn.settled ? `${name} can't be judged: ${turn.settled.why}` : undefined;
}

/** At most eight lines, and how many more there are. */
export function shorten(lines: readonly string[], what: string): string[] {
  const more = lines.length - 8;
  return more <= 0 ? [...lines] : [...lines.slice(0, 8), `and ${more} more ${what}`];
}

/** The run's verdict: failed by any rule of severity error, else inconclusive for any reason, else passed. */
export function verdictOf(violations: readonly Violation[], reasons: readonly string[]): Verdict {
  if (violations.some(({ severity }) => severity === "error")) return "failed";
  return reasons.length > 0 || violations.length > 0 ? "inconclusive" : "passed";
}
