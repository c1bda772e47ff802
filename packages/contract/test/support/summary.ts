import type { Judgement } from "@ondash/contract";

interface Summary {
  readonly verdict: string;
  readonly violations: readonly string[];
  readonly warnings: readonly string[];
  readonly reasons: readonly string[];
}

/** What tests compare of a judgement: the verdict, and the broken rules. */
export function summary({ verdict, violations, warnings, reasons }: Judgement): Summary {
  return {
    verdict,
    violations: violations.map(({ rule }) => rule),
    warnings: warnings.map(({ rule }) => rule),
    reasons,
  };
}

/** A judgement with nothing to complain about. */
export const clean: Summary = { verdict: "passed", violations: [], warnings: [], reasons: [] };

/** Each rule's outcome in a word: `held 7`, `unprovable`, … without those that were not exercised or are not built. */
export function outcomes(judgement: Judgement): Record<string, string> {
  return Object.fromEntries(
    Object.entries(judgement.rules).flatMap(([id, outcome]) => {
      if (outcome.status === "not exercised" || (outcome.status === "unprovable" && outcome.why === "not implemented"))
        return [];
      const by = outcome.status === "held" && outcome.by !== undefined ? ` by ${outcome.by}` : "";
      return [[id, "count" in outcome ? `${outcome.status} ${outcome.count}${by}` : outcome.status]];
    }),
  );
}
