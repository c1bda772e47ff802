import { findRule, type Judgement, type Violation } from "@ondash/contract";
import type { NaiveFinding, NaiveVerdict } from "./judge-naively.ts";

/** What the monitor and the naive judge say differently of one run, a line each; empty where they agree. */
export function differences(judgement: Judgement, naive: NaiveVerdict): string[] {
  const lines: string[] = [];
  const compare = (what: string, monitor: string, other: string): void => {
    if (monitor !== other) lines.push(`${what}: the monitor says ${monitor}, the naive judge ${other}`);
  };
  compare("verdict", judgement.verdict, naive.verdict);
  compareFindings("violation", judgement.violations.map(findingOf), naive.violations, naive.open, lines);
  compareFindings("warning", judgement.warnings.map(findingOf), naive.warnings, naive.open, lines);
  for (const [rule, status] of Object.entries(naive.statuses)) {
    if (status !== "undefined") compare(`status of ${rule}`, judgement.rules[rule]?.status ?? "nothing", status);
  }
  return lines;
}

/** A finding of the monitor in the naive judge's terms. */
function findingOf(violation: Violation): NaiveFinding {
  const { rule, conversationId, messageId, records } = violation;
  const [first] = records;
  const { topic, partition, offset } = first ?? {};
  const what = findRule(rule)?.scope;
  if (what === "record") return { rule, scope: `record ${topic}/${partition}@${offset}` };
  if (what === "partition") {
    if (first !== undefined) return { rule, scope: `partition ${topic}/${partition}` };
    // An absence has no record for a witness: the place stands in the text.
    const text = `${violation.message} ${violation.expected}`;
    const place = /(ondash\.[a-z0-9.]+)(?:, partition |\/)(\d+)/.exec(text);
    if (place !== null) return { rule, scope: `partition ${place[1]}/${place[2]}` };
    return { rule, scope: `topics ${/chat\.v\d/.exec(text)?.[0]}` };
  }
  return { rule, scope: `${what} ${JSON.stringify([conversationId, messageId])}` };
}

function compareFindings(
  what: string,
  monitor: readonly NaiveFinding[],
  naive: readonly NaiveFinding[],
  open: ReadonlySet<string>,
  lines: string[],
): void {
  const counts = new Map<string, number>();
  for (const [list, by] of [
    [monitor, 1],
    [naive, -1],
  ] as const) {
    for (const { rule, scope } of list) {
      const key = `${rule} of ${scope}`;
      counts.set(key, (counts.get(key) ?? 0) + by);
    }
  }
  for (const [key, count] of counts) {
    if (open.has(key)) continue;
    if (count > 0) lines.push(`${what} ${key}: only the monitor says so`);
    if (count < 0) lines.push(`${what} ${key}: only the naive judge says so`);
  }
}
