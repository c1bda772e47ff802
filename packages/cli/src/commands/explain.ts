import { findRule, rules } from "@ondash/contract";
import { nearest } from "@ondash/core";
import type { Environment } from "../environment.ts";
import { ExitCode, UsageError } from "../exit-code.ts";

/** Prints a rule with an example of breach and cure. */
export function explainCommand(id: string, { stdout }: Environment): number {
  const rule = findRule(id.toUpperCase());
  if (rule === undefined) {
    const ids = rules.map((known) => known.id);
    const meant = nearest(id, ids);
    throw new UsageError(
      `there is no rule ${id}: ${meant === undefined ? `expected one of ${ids.join(", ")}` : `did you mean ${meant}?`}`,
    );
  }
  const severities = Object.entries(rule.severity).map(([schema, severity]) => `${severity} in ${schema}`);
  stdout.write(
    [
      `${rule.id}  ${rule.title}`,
      `${severities.join(", ")}; judged per ${rule.scope}; exercised by ${rule.trigger}`,
      "",
      rule.text,
      "",
      `Breach  ${rule.breach}`,
      `Cure    ${rule.cure}`,
      "",
    ].join("\n"),
  );
  return ExitCode.passed;
}
