import type { SourceLocation } from "./plan-types.ts";

/** One thing that is wrong with a scenario: what was expected, what came, and where. */
export interface Problem {
  readonly location: SourceLocation;
  readonly text: string;
}

/**
 * What can be wrong:
 * - `yaml`: the file is no YAML.
 * - `invalid`: it is YAML, but no scenario.
 * - `param`: a parameter's value (`--set`) is wrong or unknown.
 * - `not-found`: a file of `extends` or `include` can't be read.
 */
export type ScenarioErrorCode = "yaml" | "invalid" | "param" | "not-found";

/** Thrown for a scenario that can't be used, with everything that is wrong. `FILE:LINE:COLUMN: text`, a line each. */
export class ScenarioError extends Error {
  override readonly name: string = "ScenarioError";
  /** The brand by which `isScenarioError` knows it. */
  readonly source: string = "@ondash/scenario";
  readonly code: ScenarioErrorCode;
  readonly problems: readonly Problem[];
  constructor(code: ScenarioErrorCode, problems: readonly Problem[], options?: ErrorOptions) {
    super(`[${code}] ${problems.map(formatProblem).join("\n")}`, options);
    this.code = code;
    this.problems = problems;
  }
}

/** `file:line:column: text`. */
export function formatProblem({ location, text }: Problem): string {
  return `${formatLocation(location)}: ${text}`;
}

/** `file:line:column`. */
export function formatLocation({ file, line, column }: SourceLocation): string {
  return `${file}:${line}:${column}`;
}

/** Whether `value` is a `ScenarioError`. */
export function isScenarioError(value: unknown): value is ScenarioError {
  return value instanceof Error && (value as Partial<ScenarioError>).source === "@ondash/scenario";
}
