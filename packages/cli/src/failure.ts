import { ExitCode, UsageError } from "./exit-code.ts";

/** How an error ends the process. */
export interface Failure {
  readonly code: number;
  readonly text: string;
}

/** Codes that mean wrong usage or a wrong file where the package otherwise means infrastructure. */
const USAGE_CODES: ReadonlySet<unknown> = new Set([
  "config",
  "argument",
  "scenario-not-found",
  "file",
  "start",
  "turn",
  "duration",
]);

/**
 * What a thrown error means for the exit code and the person at the terminal. Errors are told apart by the brand of the
 * package that threw them, so that nothing heavy is loaded to name them.
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof UsageError) return { code: ExitCode.usage, text: `ondash: ${error.message}` };
  if (!(error instanceof Error)) return unexpected(String(error));
  const { source, code } = error as { readonly source?: unknown; readonly code?: unknown };
  const text = error.message.replace(/^\[[\w-]+\] /, "");
  switch (source) {
    case "@ondash/scenario":
      // `FILE:LINE:COLUMN: why`, a line each, as editors and CI systems find them.
      return { code: ExitCode.usage, text };
    case "@ondash/contract":
      // An unreadable recording: `FILE:LINE: why`. Anything else is a mistake of ours.
      return code === "recording" ? { code: ExitCode.usage, text } : unexpected(error.message);
    case "@ondash/core":
    case "@ondash/emitter":
    case "@ondash/embedded-kafka":
    case "@ondash/harness":
    case "@ondash/transport":
      return {
        code: USAGE_CODES.has(code) ? ExitCode.usage : ExitCode.infrastructure,
        text: `ondash: ${text}`,
      };
    default:
      return unexpected(`${error.name}: ${error.message}`);
  }
}

/** Something that nobody foresaw: one line for the person, and how to get the rest. */
function unexpected(what: string): Failure {
  return {
    code: ExitCode.infrastructure,
    text: `ondash: unexpected ${what} (with ONDASH_DEBUG=1 the stack follows; please report it)`,
  };
}
