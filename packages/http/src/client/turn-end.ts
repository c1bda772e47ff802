import type { ChatSchema } from "@ondash/schemas";
import type { TurnCollector } from "./turn-collector.ts";
import type { TurnEnd } from "./types.ts";

/** What a turn is judged by when nothing more is awaited. */
export interface TurnFacts {
  readonly schema: ChatSchema;
  /** undefined: no event of the turn came. */
  readonly collector: TurnCollector | undefined;
  /** Events that may be the turn's and could not be read. */
  readonly unreadable: number;
}

/** How a turn ended whose end is there. Without sequences, what could not be read may have been a part of the answer. */
export function properEnd({ schema, collector, unreadable }: TurnFacts): TurnEnd {
  const facts = { schema, collector, unreadable };
  if (collector === undefined) return truncatedEnd(facts, "the stream is over");
  if (!schema.sequenced && unreadable > 0) return truncatedEnd(facts, "the turn came to rest");
  const { status, openTasks } = collector.outcome();
  if (status === "incomplete") return truncatedEnd(facts, `the turn ended with open tasks: ${openTasks.join(", ")}`);
  return { kind: status, message: collector.messageOf(collector.count) };
}

/** The end of a turn of which something is missing, or may be. */
export function truncatedEnd({ schema, collector, unreadable }: TurnFacts, why: string, cause?: unknown): TurnEnd {
  const words = [why];
  const state = collector?.state();
  if (state === undefined) words.push("no event of the turn had come");
  else if (state.kind === "open") words.push("its end had not come");
  else if (state.kind === "rests" && cause !== undefined) words.push("it was at rest, but more might have come");
  else if (state.kind === "gaps") {
    const unnamed = state.count - state.missing.length;
    words.push(`missing: events ${state.missing.join(", ")}${unnamed > 0 ? ` and ${unnamed} more` : ""}`);
  }
  if (unreadable > 0 && (!schema.sequenced || state?.kind !== "whole")) {
    words.push(`unreadable: ${unreadable} event${unreadable === 1 ? "" : "s"}`);
  }
  const message = collector?.messageOf(collector.count);
  return { kind: "truncated", message, why: words.join("; "), ...(cause === undefined ? {} : { cause }) };
}
