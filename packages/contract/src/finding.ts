import type { RecordRef } from "./run-result.ts";

/** What is wrong, with its smallest witness: the part of a `Violation` that a rule knows. */
export interface Finding {
  /** One sentence. */
  readonly message: string;
  readonly expected: string;
  readonly actual: string;
  /** One to three records, empty when the witness is an absence. */
  readonly records: readonly RecordRef[];
  /** What proves an absence, or the nearest candidates. */
  readonly notes?: readonly string[];
  readonly eventIds?: readonly string[];
}

/** What one rule says of one scope (a record, a turn, a partition, a message). */
export type Check =
  | { readonly status: "held"; readonly by?: "ledger" | "sequence" }
  | { readonly status: "violated"; readonly finding: Finding }
  | { readonly status: "unprovable"; readonly why: string }
  /** Its trigger did not occur here. */
  | { readonly status: "idle" };

/** The rule was exercised and holds. */
export const held: Check = { status: "held" };
/** The rule's trigger did not occur. */
export const idle: Check = { status: "idle" };

/** The rule is broken. */
export function violated(finding: Finding): Check {
  return { status: "violated", finding };
}

/** The rule can't be judged. */
export function unprovable(why: string): Check {
  return { status: "unprovable", why };
}

/** `ondash.llm.text/3@17`: a record in one word. */
export function nameRecord(record: RecordRef): string {
  return `${record.topic}/${record.partition}@${record.offset}`;
}

/** A string as people may read it: quoted, control characters escaped, cut after `limit` characters. */
export function quote(text: string, limit = 80): string {
  return JSON.stringify(text.length > limit ? `${text.slice(0, limit)}…` : text);
}

/**
 * Two strings that differ, so that the difference can be seen: as `quote` has them, or, where it cuts them before they
 * differ, from a little before that point on.
 */
export function contrast(expected: string, actual: string): readonly [expected: string, actual: string] {
  const [left, right] = [quote(expected), quote(actual)];
  if (left !== right) return [left, right];
  let from = 0;
  while (from < expected.length && expected[from] === actual[from]) from++;
  from = Math.max(0, from - 20);
  return [`…${quote(expected.slice(from))}`, `…${quote(actual.slice(from))}`];
}
