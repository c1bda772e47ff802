import type { RunResult } from "@ondash/contract";

/** Where a report goes: a stream, a file, a string in a test. */
export interface ReportOutput {
  write(text: string): void;
}

/**
 * Shows runs as they are judged. `start` once, `run` for each in order, `end` once when all are judged (it is not called
 * when something stopped them: a machine format then writes nothing rather than a part).
 */
export interface Reporter {
  /** @param total how many runs there will be. */
  start(total: number): void;
  run(result: RunResult): void;
  end(): void;
}
