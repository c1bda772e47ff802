import type { Judgement, RunResult } from "@ondash/contract";
import { shellWord } from "./shell-word.ts";
import { placeViolations } from "./violations.ts";

/**
 * The judgement of a recording as reporters take it: no scenario stands behind it.
 * @param started when judging began, as `performance.now()` tells it.
 */
export function recordingResult(judgement: Judgement, file: string, started: number): RunResult {
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
