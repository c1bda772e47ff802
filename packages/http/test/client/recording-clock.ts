import { type Clock, createManualClock, type ManualClock } from "@ondash/core";

/** A clock that stands still, but on which nobody sleeps: pauses are noted and over at once. */
export interface RecordingClock extends Clock {
  readonly manual: ManualClock;
  /** The pauses, in milliseconds, in order. */
  readonly slept: readonly number[];
}

/** Creates it. */
export function recordingClock(): RecordingClock {
  const manual = createManualClock();
  const slept: number[] = [];
  return {
    ...manual,
    manual,
    slept,
    sleep(ms, signal) {
      slept.push(ms);
      return signal?.aborted === true ? Promise.reject(signal.reason as Error) : Promise.resolve();
    },
  };
}
