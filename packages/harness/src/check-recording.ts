import type { RunResult } from "@ondash/contract";
import { judgeRecording } from "./judge-recording.ts";
import { recordingResult } from "./recording-result.ts";

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
  return recordingResult(judgement, file, started);
}
