/**
 * What can go wrong in `@ondash/harness`, beside what its parts throw:
 * - `scenario-not-found`: a name, path or pattern that fits no scenario file; the message names the nearest.
 * - `file`: a file can't be read or written.
 * - `topics`: the topics of a broker have other partition counts than a run can use.
 */
export type HarnessErrorCode = "scenario-not-found" | "file" | "topics";

/** Thrown by `@ondash/harness`. The message begins with the code in brackets. */
export class HarnessError extends Error {
  override readonly name: string = "HarnessError";
  /** The brand by which `isHarnessError` knows it. */
  readonly source: string = "@ondash/harness";
  readonly code: HarnessErrorCode;
  constructor(code: HarnessErrorCode, message: string, options?: ErrorOptions) {
    super(`[${code}] ${message}`, options);
    this.code = code;
  }
}

/** Whether `value` is a `HarnessError`. */
export function isHarnessError(value: unknown): value is HarnessError {
  return value instanceof Error && (value as Partial<HarnessError>).source === "@ondash/harness";
}
