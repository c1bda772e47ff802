export type { Rule, RuleScope } from "./catalogue.ts";
export { compareRules, findRule, rules, severityOf } from "./catalogue.ts";
export type { ContractErrorCode } from "./error.ts";
export { ContractError, isContractError } from "./error.ts";
export { createMonitor } from "./monitor.ts";
export type * from "./monitor-types.ts";
export type * from "./observation.ts";
export type * from "./run-result.ts";
