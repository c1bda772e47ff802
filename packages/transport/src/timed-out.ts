import { isCoreError } from "@ondash/core";
import { TransportError } from "./error.ts";

/**
 * An error of a bounded wait: a `CoreError` of code `deadline` becomes ours, with what was missing; all others (the reason
 * of a signal that aborted) stay as they are.
 */
export function timedOut(error: unknown, missing: () => string): unknown {
  if (!isCoreError(error) || error.code !== "deadline") return error;
  const time = /after [^,]+/.exec(error.message)?.[0] ?? "the time is over";
  return new TransportError("deadline", `${time}, still missing: ${missing()}`, { cause: error });
}
