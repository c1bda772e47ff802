import { createManualClock, type ManualClock } from "@ondash/core";

/** A clock that a test moves, and that says when something waits for it. */
export interface WatchedClock extends ManualClock {
  /** Resolves as soon as exactly `count` callbacks are pending. */
  whenPending(count: number): Promise<void>;
}

/** Creates one that stands at 0. */
export function createWatchedClock(): WatchedClock {
  const clock = createManualClock();
  const waits = new Set<() => void>();
  function notify(): void {
    for (const resolve of waits) resolve();
    waits.clear();
  }
  return {
    ...clock,
    get pending() {
      return clock.pending;
    },
    schedule(ms, callback, keepAlive) {
      const cancel = clock.schedule(ms, callback, keepAlive);
      notify();
      return () => {
        cancel();
        notify();
      };
    },
    async whenPending(count) {
      for (;;) {
        if (clock.pending === count) return;
        await new Promise<void>((resolve) => waits.add(resolve));
      }
    },
  };
}
