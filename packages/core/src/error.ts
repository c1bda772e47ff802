/** What can go wrong in `@ondash/core`: a deadline that passed, a malformed duration, an argument out of range. */
export type CoreErrorCode = "deadline" | "duration" | "argument";

/** Thrown by `@ondash/core`. The message begins with the code in brackets. */
export class CoreError extends Error {
  override readonly name: string = "CoreError";
  /** The brand by which `isCoreError` knows it, also across two copies of this package. */
  readonly source: string = "@ondash/core";
  readonly code: CoreErrorCode;
  constructor(code: CoreErrorCode, message: string, options?: ErrorOptions) {
    super(`[${code}] ${message}`, options);
    this.code = code;
  }
}

/** Whether `value` is a `CoreError`. */
export function isCoreError(value: unknown): value is CoreError {
  return value instanceof Error && (value as Partial<CoreError>).source === "@ondash/core";
}
