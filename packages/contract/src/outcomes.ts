import type { SchemaName } from "@ondash/schemas";
import { compareRules, findRule, rules, severityOf } from "./catalogue.ts";
import type { Finding } from "./finding.ts";
import { placeKey } from "./ledger.ts";
import type { RuleOutcome, Severity, Violation } from "./run-result.ts";
import type { Checks } from "./turn/judge-turn.ts";

/** Whom a scope's violations are about. */
export interface ScopeOwner {
  /** The version whose severities apply. */
  readonly schema: SchemaName;
  readonly conversationId: string | null;
  readonly messageId: string | null;
}

/** Collects what the rules say of each scope, and makes of it what is reported of the run. */
export interface Outcomes {
  /**
   * Reports one scope: of its broken rules of severity error the first in the catalogue is the violation, the others
   * stand in its `also`; each warning and each KAF-02 is an entry of its own.
   * @returns the primary rule, if a rule of severity error is broken.
   */
  report(owner: ScopeOwner, checks: Checks): string | undefined;
  readonly violations: readonly Violation[];
  readonly warnings: readonly Violation[];
  /** Every rule of the catalogue; those in `notImplemented` are unprovable. */
  rules(notImplemented: ReadonlySet<string>): Readonly<Record<string, RuleOutcome>>;
  /** Rules that the record at a place breaks or is a witness of, in the order of the catalogue. */
  rulesAt(place: Parameters<typeof placeKey>[0]): readonly string[];
}

interface Tally {
  held: number;
  violated: number;
  unprovable: number;
  why: string;
  by: Set<"ledger" | "sequence">;
}

/** Creates an empty collection. */
export function createOutcomes(): Outcomes {
  const tallies = new Map<string, Tally>();
  const violations: Violation[] = [];
  const warnings: Violation[] = [];
  const marks = new Map<string, Set<string>>();

  const tallyOf = (rule: string): Tally => {
    let tally = tallies.get(rule);
    if (tally === undefined)
      tallies.set(rule, (tally = { held: 0, violated: 0, unprovable: 0, why: "", by: new Set() }));
    return tally;
  };
  const count = (checks: Checks): void => {
    for (const [rule, check] of checks) {
      if (check.status === "idle") continue;
      const tally = tallyOf(rule);
      tally[check.status]++;
      if (check.status === "unprovable" && tally.unprovable === 1) tally.why = check.why;
      if (check.status === "held" && check.by !== undefined) tally.by.add(check.by);
    }
  };
  const mark = (rule: string, finding: Finding): void => {
    for (const place of finding.records) {
      const key = placeKey(place);
      const set = marks.get(key);
      if (set === undefined) marks.set(key, new Set([rule]));
      else set.add(rule);
    }
  };
  return {
    violations,
    warnings,
    report(owner, checks) {
      count(checks);
      const broken = checks.flatMap(([rule, check]) =>
        check.status === "violated" ? [{ rule, finding: check.finding }] : [],
      );
      const errors: typeof broken = [];
      for (const { rule, finding } of broken) {
        mark(rule, finding);
        const severity = severityOf(rule, owner.schema) ?? "error";
        if (severity === "error") errors.push({ rule, finding });
        else (severity === "warning" ? warnings : violations).push(violation(owner, rule, severity, finding, []));
      }
      errors.sort((a, b) => compareRules(a.rule, b.rule));
      const [primary, ...others] = errors;
      if (primary === undefined) return undefined;
      const also = others.map(({ rule }) => rule);
      violations.push(violation(owner, primary.rule, "error", primary.finding, also));
      return primary.rule;
    },
    rules: (notImplemented) =>
      Object.fromEntries(rules.map(({ id }) => [id, outcome(id, notImplemented.has(id), tallies.get(id))])),
    rulesAt: (place) => [...(marks.get(placeKey(place)) ?? [])].sort(compareRules),
  };
}

function violation(
  owner: ScopeOwner,
  rule: string,
  severity: Severity,
  finding: Finding,
  also: readonly string[],
): Violation {
  const kafka = findRule(rule)?.scope === "partition";
  return {
    rule,
    severity,
    conversationId: kafka ? null : owner.conversationId,
    messageId: kafka ? null : owner.messageId,
    message: finding.message,
    also,
    records: finding.records,
    expected: finding.expected,
    actual: finding.actual,
    notes: finding.notes ?? [],
    eventIds: finding.eventIds ?? [],
  };
}

/** A breach outweighs everything; what could not be judged somewhere is not called held because it held elsewhere. */
function outcome(id: string, notImplemented: boolean, tally: Tally | undefined): RuleOutcome {
  if (notImplemented) return { status: "unprovable", why: "not implemented" };
  if (tally === undefined) return { status: "not exercised" };
  if (tally.violated > 0) return { status: "violated", count: tally.violated };
  if (tally.unprovable > 0) {
    const scope = findRule(id)?.scope ?? "turn";
    const more = tally.unprovable - 1;
    return {
      status: "unprovable",
      why: more === 0 ? tally.why : `${tally.why} (and ${more} more ${scope}${more === 1 ? "" : "s"})`,
    };
  }
  const [by] = tally.by.has("sequence") ? (["sequence"] as const) : tally.by;
  return { status: "held", count: tally.held, ...(by === undefined ? {} : { by }) };
}
