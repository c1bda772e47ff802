export { checkRecording } from "./check-recording.ts";
export type { HarnessErrorCode } from "./error.ts";
export { HarnessError, isHarnessError } from "./error.ts";
export type { Recorder } from "./recorder.ts";
export { openRecorder } from "./recorder.ts";
export type { RunOptions } from "./run-scenario.ts";
export { DEFAULT_PARTITIONS, runScenario } from "./run-scenario.ts";
