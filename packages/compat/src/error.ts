/**
 * What keeps the gate from giving a verdict:
 * - `usage`: an option or argument that makes no sense. Exit code 2.
 * - `file`: a policy, consumers or waivers file that can't be understood; the message has file:line. Exit code 2.
 * - `syntax`: the .proto files do not compile; the message has file:line:column. Exit code 2.
 * - `baseline`: there is nothing to compare with. Exit code 3.
 * - `buf`: buf can't be started, or fails in a way that is no finding. Exit code 3.
 */
export type CompatErrorCode = "usage" | "file" | "syntax" | "baseline" | "buf";

/** Thrown by `@ondash/compat`. The message begins with the code in brackets. */
export class CompatError extends Error {
  override readonly name: string = "CompatError";
  /** The brand by which `isCompatError` knows it. */
  readonly source: string = "@ondash/compat";
  readonly code: CompatErrorCode;
  constructor(code: CompatErrorCode, message: string, options?: ErrorOptions) {
    super(`[${code}] ${message}`, options);
    this.code = code;
  }
}

/** Whether `value` is a `CompatError`. */
export function isCompatError(value: unknown): value is CompatError {
  return value instanceof Error && (value as Partial<CompatError>).source === "@ondash/compat";
}
