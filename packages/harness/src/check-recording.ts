import { createMonitor, type RunResult } from "@ondash/contract";
import { readRecording } from "./read-recording.ts";
import { placeViolations } from "./violations.ts";

/** How a recording is judged. */
export interface CheckOptions {
  /** How errors and reports name the file; default: its path. */
  readonly name?: string;
  /** Keep the timeline. Default false. */
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
  const monitor = createMonitor({ window: Number.POSITIVE_INFINITY, timeline: options.timeline ?? false });
  for await (const observation of readRecording(path, file)) monitor.observe(observation);
  const judgement = monitor.finish();
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
