/** What went wrong. `argument`: misuse by the caller; `position`: an event id that the source does not know. */
export type HttpErrorCode = "argument" | "position";

const brand: unique symbol = Symbol.for("ondash.HttpError");

/** Misuse of this package, or a request that its source can't serve. The code also stands in the message. */
export class HttpError extends Error {
  readonly code: HttpErrorCode;
  readonly [brand] = true;

  constructor(code: HttpErrorCode, message: string, options?: ErrorOptions) {
    super(`[${code}] ${message}`, options);
    this.name = "HttpError";
    this.code = code;
  }
}

/** Whether a value is an `HttpError`, also one of another copy of this package. */
export function isHttpError(value: unknown): value is HttpError {
  return typeof value === "object" && value !== null && brand in value;
}
