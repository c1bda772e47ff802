/** Exit codes, everywhere. */
export const ExitCode = {
  /** Each expectation was met, or the verdict is passed. */
  passed: 0,
  /** The contract failed, the run is inconclusive, or an expectation was not met. */
  failed: 1,
  /** Wrong usage or an invalid input file. */
  usage: 2,
  /** No broker, no Docker, a deadline. */
  infrastructure: 3,
} as const;

/** Wrong usage: what was wrong, and what to do. Ends the process with exit code 2. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
}
