export type { JsonReport, JsonRun, JsonTurn, JsonViolation } from "./json-report.ts";
export { createJsonReporter, formatJsonReport, toJsonReport } from "./json-report.ts";
export type { Reporter, ReportOutput } from "./reporter.ts";
export { sanitise } from "./sanitise.ts";
export type { TerminalReporterOptions } from "./terminal-reporter.ts";
export { createTerminalReporter } from "./terminal-reporter.ts";
export { isGood } from "./verdict-view.ts";
