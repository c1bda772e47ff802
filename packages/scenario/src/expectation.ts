import type { SchemaName } from "@ondash/schemas";
import type { ExpectedViolations } from "./file-types.ts";
import type { Expectation, PlanSchema } from "./plan-types.ts";
import type { ResolvedFile } from "./resolve-file.ts";
import type { Scenario } from "./scenario.ts";
import { memberLocation } from "./source.ts";

/**
 * What the checker must find in a run of one schema version or both, with or without a ledger. Default: passed; where violations
 * are named and no verdict is, failed, for nothing that has violations can pass.
 */
export function expectationOf(
  scenario: Scenario,
  { expect }: ResolvedFile,
  schema: PlanSchema,
  ledger: boolean,
): Expectation {
  const versions: readonly SchemaName[] = schema === "both" ? ["chat.v1", "chat.v2"] : [schema];
  const violations = versions.flatMap((version) => violationsOf(expect?.violations, version, ledger));
  return {
    verdict: expect?.verdict ?? (violations.length > 0 ? "failed" : "passed"),
    violations: [...new Set(violations)].toSorted(),
    warnings: expect?.warnings === undefined ? undefined : [...new Set(expect.warnings)].toSorted(),
    blocks: expect?.blocks,
    message: expect?.message,
    location: memberLocation(scenario.root, "expect", "key") ?? scenario.location,
  };
}

function violationsOf(
  violations: ExpectedViolations | undefined,
  schema: SchemaName,
  ledger: boolean,
): readonly string[] {
  if (violations === undefined || isList(violations)) return violations ?? [];
  if (schema === "chat.v2") return violations["chat.v2"] ?? [];
  const own = violations["chat.v1"] ?? [];
  return isList(own) ? own : ((ledger ? own.ledger : own.observed) ?? []);
}

/** `Array.isArray` does not narrow unions with readonly arrays. */
function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value);
}
