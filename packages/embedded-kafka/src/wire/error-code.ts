import { ErrorCode, type ErrorName, retriableCodes } from "./errors.generated.ts";

const names = new Map(Object.entries(ErrorCode).map(([name, code]) => [code, name as ErrorName]));
const retriable = new Set(retriableCodes);

/** The name of an error code; `ERROR_<code>` for one the table does not have. */
export function errorName(code: number): string {
  return names.get(code) ?? `ERROR_${code}`;
}

/** Whether a client may try again after this code. */
export function isRetriable(code: number): boolean {
  return retriable.has(code);
}
