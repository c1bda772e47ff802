import type { Monitor, Observation, TopicOffsets } from "@ondash/contract";

/** Drives the barrier: asks for the end offsets when the monitor wants them, one round at a time. */
export interface BarrierRounds {
  /** Call after each observation that may have made the monitor want a barrier. */
  pump(): void;
  /** Resolves when no round is under way and the monitor wants none. Rejects when a round failed. */
  settled(): Promise<void>;
  /** Resolves when a barrier has been granted. */
  granted(): Promise<void>;
  readonly count: number;
}

/**
 * @param ends asks the broker for the high watermarks of all partitions, now.
 * @param feed gives an observation to the monitor (and the recorder).
 */
export function createBarrierRounds(
  monitor: Monitor,
  ends: () => Promise<TopicOffsets>,
  feed: (observation: Observation) => void,
): BarrierRounds {
  let count = 0;
  let round: Promise<void> | undefined;
  const first = Promise.withResolvers<void>();
  // Whoever needs it awaits it; a run without held sends does not.
  first.promise.catch(() => {});

  const run = async (): Promise<void> => {
    while (monitor.wantsBarrier) {
      const id = ++count;
      feed({ kind: "asked", id });
      feed({ kind: "barrier", id, ends: await ends() });
      first.resolve();
    }
  };
  const pump = (): void => {
    if (round !== undefined || !monitor.wantsBarrier) return;
    round = run().finally(() => {
      round = undefined;
    });
    round.catch((error: unknown) => first.reject(error));
  };
  return {
    pump,
    async settled() {
      for (pump(); round !== undefined; pump()) await round;
    },
    granted: () => first.promise,
    get count() {
      return count;
    },
  };
}
