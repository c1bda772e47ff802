import { runCompat } from "@ondash/compat";
import { contractRules } from "../contract-rules.ts";
import type { Environment } from "../environment.ts";
import { ruleFields } from "../rule-fields.ts";
import { scenarioFields } from "../scenario-fields.ts";

/** Options of `ondash compat`. */
export interface CompatCommandOptions {
  readonly proto: string | undefined;
  readonly against: string | undefined;
  readonly format: "terminal" | "json" | "github";
  readonly seed: number | undefined;
}

/** The breaking-change gate; for our own schemas a finding names the scenarios that show it and the rules about it. */
export async function compatCommand(options: CompatCommandOptions, environment: Environment): Promise<number> {
  const { exitCode, stdout, stderr } = await runCompat({
    ...options,
    cwd: environment.cwd,
    scenarios: () => scenarioFields(environment),
    contractRules: ruleFields,
    contract: contractRules,
  });
  environment.stdout.write(stdout);
  environment.stderr.write(stderr);
  return exitCode;
}
