/**
 * What can go wrong in `@ondash/msw`:
 * - `option`: a value that the function does not take.
 * - `closed`: the source was disposed of or reset while a stream was open.
 * - `fault`: a stream was cut because a fault says so.
 */
export type MswErrorCode = "option" | "closed" | "fault";

/** Thrown by `@ondash/msw`. The message begins with the code in brackets. */
export class MswError extends Error {
  override readonly name: string = "MswError";
  /** The brand by which `isMswError` knows it, also across two copies of this package. */
  readonly source: string = "@ondash/msw";
  readonly code: MswErrorCode;
  constructor(code: MswErrorCode, message: string, options?: ErrorOptions) {
    super(`[${code}] ${message}`, options);
    this.code = code;
  }
}

/** Whether `value` is an `MswError`. */
export function isMswError(value: unknown): value is MswError {
  return value instanceof Error && (value as Partial<MswError>).source === "@ondash/msw";
}
