import { ExitCode, UsageError } from "./exit-code.ts";

/** How an error ends the process. */
export interface Failure {
  readonly code: number;
  readonly text: string;
}

interface Coded {
  readonly source?: unknown;
  readonly code?: unknown;
  readonly problems?: readonly { readonly text?: string }[];
  readonly detail?: unknown;
}

/** Codes that mean wrong usage or a wrong file where the package otherwise means infrastructure. */
const USAGE_CODES: ReadonlySet<string> = new Set(["config", "argument", "scenario-not-found", "file", "duration"]);

/**
 * What a thrown error means for the exit code and the person at the terminal. Errors are told apart by the brand of the
 * package that threw them, so that nothing heavy is loaded to name them.
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof UsageError) return { code: ExitCode.usage, text: error.message };
  if (!(error instanceof Error)) return { code: ExitCode.infrastructure, text: `unexpected: ${String(error)}` };
  const { source, code } = error as Coded;
  const text = error.message.replace(/^\[[\w-]+\] /, "");
  switch (source) {
    case "@ondash/scenario":
    case "@ondash/contract":
    case "@ondash/schemas":
      return { code: ExitCode.usage, text };
    case "@ondash/core":
    case "@ondash/harness":
    case "@ondash/transport":
    case "@ondash/embedded-kafka":
      return { code: USAGE_CODES.has(String(code)) ? ExitCode.usage : ExitCode.infrastructure, text };
    default:
      return {
        code: ExitCode.infrastructure,
        text: `unexpected ${error.name}: ${error.message} (ONDASH_DEBUG=1 shows where; please report it)`,
      };
  }
}
