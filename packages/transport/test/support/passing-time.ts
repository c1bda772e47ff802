import type { ManualClock } from "@ondash/core";

/** Moves a manual clock on, in small steps and whenever nothing else can happen, until the promise is settled. */
export async function passingTime<T>(clock: ManualClock, promise: Promise<T>): Promise<T> {
  const state = { settled: false };
  const watched = promise.finally(() => {
    state.settled = true;
  });
  watched.catch(() => undefined);
  while (!state.settled) {
    await new Promise((resolve) => setImmediate(resolve));
    if (!state.settled) await clock.advance(10);
  }
  return watched;
}
