export type { Problem, ScenarioErrorCode } from "./error.ts";
export { formatLocation, formatProblem, isScenarioError, ScenarioError } from "./error.ts";
export type { ParseOptions } from "./parse-scenario.ts";
export { parseScenario } from "./parse-scenario.ts";
export { plan } from "./plan.ts";
export type {
  Expectation,
  Plan,
  PlannedEvent,
  PlannedSend,
  PlanOptions,
  PlanSchema,
  SourceLocation,
} from "./plan-types.ts";
export type { Scenario } from "./scenario.ts";
