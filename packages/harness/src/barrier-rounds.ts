import type { Monitor, Observation, TopicOffsets } from "@ondash/contract";

/** Drives the barrier: asks for the end offsets when the monitor wants them, one round at a time. */
export interface BarrierRounds {
  /** Call after each observation that may have made the monitor want a barrier. */
  pump(): void;
  /** Resolves when no round is under way and the monitor wants none. Rejects when a round failed. */
  settled(): Promise<void>;
}

/**
 * One round serves every turn that ended before it; what ends while one is under way gets the next.
 * @param ends asks the broker for the high watermarks of all partitions, now.
 * @param feed gives an observation to the monitor (and the recorder).
 * @param before the number of the last barrier that was asked for, when an earlier observation is continued.
 */
export function createBarrierRounds(
  monitor: Pick<Monitor, "wantsBarrier">,
  ends: () => Promise<TopicOffsets>,
  feed: (observation: Observation) => void,
  before = 0,
): BarrierRounds {
  let last = before;
  const state: { underWay: Promise<void> | undefined } = { underWay: undefined };

  const run = async (): Promise<void> => {
    try {
      while (monitor.wantsBarrier) {
        const id = ++last;
        feed({ kind: "asked", id });
        feed({ kind: "barrier", id, ends: await ends() });
      }
    } finally {
      state.underWay = undefined;
    }
  };
  const pump = (): void => {
    if (state.underWay !== undefined || !monitor.wantsBarrier) return;
    state.underWay = run();
    // Whoever settles hears of it.
    state.underWay.catch(() => undefined);
  };
  return {
    pump,
    async settled() {
      for (pump(); state.underWay !== undefined; pump()) await state.underWay;
    },
  };
}
