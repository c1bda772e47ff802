import type { Observation } from "@ondash/contract";
import type { Random } from "@ondash/core";
import type { AnyEnvelope, ChatSchema } from "@ondash/schemas";

/** A legal turn that an operator spoils. */
export interface Legal {
  readonly schema: ChatSchema;
  readonly events: readonly AnyEnvelope[];
  readonly random: Random;
}

/** Breaks one thing in a legal turn. */
export interface Operator {
  /** The rule that must be found, and no other. */
  readonly rule: string;
  /** What it does: "a record is dropped". */
  readonly does: string;
  /** Versions whose legal turns it takes; default both. */
  readonly versions?: readonly (1 | 2)[];
  /** Rules of severity warning that it can't but break, too. */
  readonly beside?: readonly string[];
  /** Whether what it breaks is more than its own conversation, so that other mutants can't be judged beside it. */
  readonly alone?: boolean;
  /** Whether nobody can tell whose record it is: the finding names no conversation. */
  readonly anonymous?: boolean;
  /** Whether its records must lie in the log before anybody asks for a barrier: later they would break another rule. */
  readonly atOnce?: boolean;
  /** The whole run's observations; undefined: this turn offers nothing to break. */
  readonly mutate: (legal: Legal) => Observation[] | undefined;
}

/** One of the items, or undefined if there is none. */
export function pick<T>(random: Random, items: readonly T[]): T | undefined {
  return items.length === 0 ? undefined : items[random.int(0, items.length - 1)];
}

/** The index of one of the events that satisfy a condition. */
export function pickIndex(
  { events, random }: Legal,
  suits: (event: AnyEnvelope, index: number) => boolean,
): number | undefined {
  return pick(
    random,
    events.flatMap((event, index) => (suits(event, index) ? [index] : [])),
  );
}

/** Whether a completion ends its turn for good. */
export function isFinal({ event }: AnyEnvelope): boolean {
  if (event.case !== "completion") return false;
  return "lastSequence" in event.value ? event.value.lastSequence !== 0 : event.value.type === 2;
}

/** Tasks that have an ERROR or FATAL error. */
export function failedTasks(events: readonly AnyEnvelope[]): ReadonlySet<string> {
  return new Set(
    events.flatMap(({ taskId, event }) => (event.case === "error" && event.value.severity >= 2 ? [taskId] : [])),
  );
}
