/**
 * What can go wrong in `@ondash/harness`, beside what its parts throw:
 * - `scenario-not-found`: a name, path or pattern that fits no scenario file; the message names the nearest.
 * - `file`: a file that was named can't be read, or can't be opened for writing.
 * - `recording`: a recording that was begun can't be written on (the disk is full, say).
 * - `start`: a recording that is to go on does not say where it began, or has ended properly.
 * - `canary`: the checker did not flag a turn that was poisoned to see whether it does.
 * - `trigger`: the command that is to make the producer produce can't be started.
 * - `replay`: a record of a recording can't be sent again as it is, or was refused.
 * - `turn`: there is no recorded turn, or it can't be said as a scenario.
 */
export type HarnessErrorCode =
  | "scenario-not-found"
  | "file"
  | "recording"
  | "start"
  | "trigger"
  | "canary"
  | "replay"
  | "turn";

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
