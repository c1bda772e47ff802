export type { Problem, ScenarioErrorCode } from "./error.ts";
export { formatLocation, formatProblem, isScenarioError, ScenarioError } from "./error.ts";
export { plan } from "./plan.ts";
export type {
  Expectation,
  Plan,
  PlannedEvent,
  PlannedSend,
  PlanOptions,
  SourceLocation,
} from "./plan-types.ts";
export type { ParseOptions, Scenario } from "./scenario.ts";
export { parseScenario } from "./scenario.ts";
