import type { SourceLocation } from "./plan-types.ts";

/** One thing that is wrong with a scenario: what was expected, what came, and where. */
export interface Problem {
  readonly location: SourceLocation;
  readonly text: string;
  /** Which kind of error it is when it is the only one. Default `invalid`. */
  readonly code?: ScenarioErrorCode;
}

/**
 * What can be wrong:
 * - `yaml`: the file is no YAML.
 * - `invalid`: it is YAML, but no scenario.
 * - `param`: a parameter's value (`--set`) is wrong or unknown.
 * - `not-found`: a file of `extends` or `include` can't be read.
 * - `option`: what the plan was asked for (seed, partitions) makes no sense.
 */
export type ScenarioErrorCode = "yaml" | "invalid" | "param" | "not-found" | "option";

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

/** The error for what is wrong, each place and text once, in the order of the file. Its code is `invalid` unless all share another. */
export function errorOf(problems: readonly Problem[]): ScenarioError {
  const distinct = new Map(problems.map((problem) => [formatProblem(problem), problem]));
  const sorted = [...distinct.values()].toSorted(
    (a, b) =>
      Number(a.location.file > b.location.file) - Number(a.location.file < b.location.file) ||
      a.location.line - b.location.line ||
      a.location.column - b.location.column,
  );
  const codes = new Set(sorted.map(({ code = "invalid" }) => code));
  const [code = "invalid"] = codes;
  return new ScenarioError(codes.size === 1 ? code : "invalid", sorted);
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
