import { createRandom } from "@ondash/core";
import { type Plan, parseScenario, plan } from "@ondash/scenario";
import type { SchemaName } from "@ondash/schemas";
import { type Poison, poisons } from "./poisons.ts";

/** A turn that breaks the contract on purpose, to see whether the checker notices. */
export interface CanaryPlan {
  readonly plan: Plan;
  readonly poison: Poison;
  /** The rule that must be violated, and no other. */
  readonly rule: string;
}

/** The turn that is poisoned: small, with a bit of everything. */
const turn = `
task: { id: task_1, scenario: chart_generation }
steps:
  - { status: Decomposing query..., task: none }
  - status: Executing chart_generation...
  - status: Querying database...
  - text: { position: BEFORE, body: Here is your sales chart }
  - { id: chart, chart: { type: bar, config: { xAxis: { data: [Q1, Q2] }, yAxis: {}, series: [{ type: bar, data: [12, 19] }] } } }
  - text: { position: AFTER, body: Sales increased in Q2 }
  - completion: { type: TASK, message: Task completed }
`;

/**
 * The canary of a run: which poison it has follows from the run's scenario and seed, so that many runs try all of them and
 * each can be repeated. Its ids are those of a run of its own.
 * @param beside the plan that it runs beside; of one for both versions it takes chat.v2.
 * @param salt as the run's.
 */
export function planCanary(
  beside: Pick<Plan, "scenario" | "schema" | "seed" | "partitions">,
  salt: string | undefined,
): CanaryPlan {
  const { scenario, schema, seed, partitions } = beside;
  const version: SchemaName = schema === "both" ? "chat.v2" : schema;
  const random = createRandom(seed).fork("canary", scenario);
  const possible = poisons.flatMap((poison) => {
    const rule = poison.rule[version];
    return rule === undefined ? [] : [{ poison, rule }];
  });
  const chosen = possible[random.int(0, possible.length - 1)];
  if (chosen === undefined) throw new Error(`no poison for ${version}`);
  const { poison, rule } = chosen;
  const text = `scenario: canary${turn}faults: [${poison.fault}]\nexpect: { verdict: failed, violations: [${rule}] }\n`;
  const parsed = parseScenario(text, { file: "canary" });
  const canary = plan(parsed, { schema: version, seed, partitions, salt: `canary of ${scenario} ${salt ?? ""}` });
  return { plan: canary, poison, rule };
}
