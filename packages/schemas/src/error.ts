/**
 * What can go wrong in `@ondash/schemas`: a schema or topic name that does not exist, a record that can't be made, a
 * string that UTF-8 can't hold, an event that is ill-formed, an argument out of range.
 */
export type SchemasErrorCode = "schema" | "record" | "string" | "event" | "argument";

/** Thrown by `@ondash/schemas` on misuse. The message begins with the code in brackets. What is decoded never throws. */
export class SchemasError extends Error {
  override readonly name: string = "SchemasError";
  /** The brand by which `isSchemasError` knows it, also across two copies of this package. */
  readonly source: string = "@ondash/schemas";
  readonly code: SchemasErrorCode;
  constructor(code: SchemasErrorCode, message: string, options?: ErrorOptions) {
    super(`[${code}] ${message}`, options);
    this.code = code;
  }
}

/** Whether `value` is a `SchemasError`. */
export function isSchemasError(value: unknown): value is SchemasError {
  return value instanceof Error && (value as Partial<SchemasError>).source === "@ondash/schemas";
}
