/**
 * What can go wrong in `@ondash/http`: misuse by the caller, an event id that the source does not know, more events
 * waiting for a gap in their sequence than may, a reducer that a legal arrival breaks (`@ondash/http/testing`).
 */
export type HttpErrorCode = "argument" | "position" | "hold-back" | "arrival";

/** Thrown by `@ondash/http`. The message begins with the code in brackets. */
export class HttpError extends Error {
  override readonly name: string = "HttpError";
  /** The brand by which `isHttpError` knows it, also across two copies of this package. */
  readonly source: string = "@ondash/http";
  readonly code: HttpErrorCode;
  constructor(code: HttpErrorCode, message: string, options?: ErrorOptions) {
    super(`[${code}] ${message}`, options);
    this.code = code;
  }
}

/** Whether `value` is an `HttpError`. */
export function isHttpError(value: unknown): value is HttpError {
  return value instanceof Error && (value as Partial<HttpError>).source === "@ondash/http";
}
