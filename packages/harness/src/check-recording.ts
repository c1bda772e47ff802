import type { RunResult } from "@ondash/contract";
import { judgeRecording } from "./judge-recording.ts";
import { placeViolations } from "./violations.ts";

/** How a recording is judged. */
export interface CheckOptions {
  /** How errors and reports name the file; default: its path. */
  readonly name?: string;
  /** Keep the timeline, unless the file is larger than 32 MiB. Default false. */
  readonly timeline?: boolean;
}

/**
 * Judges recorded traffic offline, reading the file piece by piece.
 * @throws ContractError `recording` (`FILE:LINE: why`) for a file that is no recording, HarnessError `file` when it
 * can't be read.
 */
export async function checkRecording(path: string, options: CheckOptions = {}): Promise<RunResult> {
  const file = options.name ?? path;
  const started = performance.now();
  const judgement = await judgeRecording(path, file, options.timeline ?? false);
  const replay = `ondash check ${shellWord(file)}`;
  return {
    ...judgement,
    violations: placeViolations(judgement.violations, { replay }),
    warnings: placeViolations(judgement.warnings, { replay }),
    scenario: null,
    file,
    broker: null,
    seed: null,
    expectation: null,
    unmet: [],
    durationMs: Math.round(performance.now() - started),
  };
}

/** A word as a POSIX shell takes it, quoted where needed. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
