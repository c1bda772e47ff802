import type { Judgement, Violation } from "@ondash/contract";

/** What of a judgement must not depend on the broker, the moment, or what lay in the topics before. */
export interface Essence {
  readonly verdict: string;
  readonly violations: readonly unknown[];
  readonly warnings: readonly unknown[];
  readonly rules: unknown;
  readonly turns: number;
  readonly records: number;
}

/** Takes it out. */
export function essence({ verdict, violations, warnings, rules, turns, counts }: Judgement): Essence {
  return {
    verdict,
    violations: violations.map(charge),
    warnings: warnings.map(charge),
    rules: JSON.parse(withoutPlaces(JSON.stringify(rules))),
    turns: turns.length,
    records: counts.records,
  };
}

/** Who is charged with what. */
function charge({ rule, severity, also }: Violation): unknown {
  return { rule, severity, also };
}

/** Partitions follow from salted ids, offsets from what was there before. */
function withoutPlaces(text: string): string {
  return text.replaceAll(/\/\d+@\d+/g, "/P@N");
}
