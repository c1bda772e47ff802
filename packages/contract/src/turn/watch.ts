import type { Barrier, BarrierLaw, Barriers } from "../barrier.ts";
import type { Logs } from "../log/logs.ts";
import type { PartitionLog } from "../log/partition-log.ts";
import type { Turn } from "./turn.ts";

/**
 * Which turns are undecided, and which wait for a barrier: what whoever drives the monitor needs to know while the run
 * goes on.
 */
export interface Watch {
  /** A turn became known or changed. `before`: its `endAsked` then. */
  changed(turn: Turn, before: number | undefined): void;
  /** A barrier was asked for: it covers all that waits for one. Call before `Barriers.ask`. */
  asked(): void;
  granted(barrier: Barrier): void;
  /** A position moved. */
  advanced(): void;
  /** Whether a turn has ended since the last barrier was asked for. */
  readonly wantsBarrier: boolean;
  readonly undecided: number;
  isUndecided(turn: Turn): boolean;
}

interface Pending {
  readonly barrier: Barrier;
  readonly turns: Set<Turn>;
  /** The partition it was last seen to wait for. */
  short: PartitionLog | undefined;
}

/** Creates the watch. `decided` is called for each turn whose barrier is reached, each time it is. */
export function createWatch(law: BarrierLaw, barriers: Barriers, logs: Logs, decided: (turn: Turn) => void): Watch {
  const undecided = new Set<Turn>();
  let awaiting = new Set<Turn>();
  let asked: { index: number; turns: Set<Turn> }[] = [];
  let pending: Pending[] = [];

  const settle = (entry: Pending): boolean => {
    const waits = entry.short;
    if (waits !== undefined) {
      const end = entry.barrier.ends[waits.topic]?.[waits.partition] ?? 0;
      if (!law.reached(waits.position ?? 0, end)) return false;
    }
    for (const turn of entry.turns) {
      entry.short = logs.short(entry.barrier, turn.schema);
      if (entry.short !== undefined) return false;
      entry.turns.delete(turn);
      // It may have gone on in the meantime, or ended anew: then a later barrier has it.
      if (turn.endAsked === undefined || !law.covers(entry.barrier.index, turn.endAsked)) continue;
      undecided.delete(turn);
      decided(turn);
    }
    return true;
  };
  return {
    get wantsBarrier() {
      return awaiting.size > 0;
    },
    get undecided() {
      return undecided.size;
    },
    isUndecided: (turn) => undecided.has(turn),
    changed(turn, before) {
      const end = turn.endAsked;
      if (end === undefined) {
        undecided.add(turn);
        awaiting.delete(turn);
      } else if (end !== before) {
        undecided.add(turn);
        awaiting.add(turn);
      }
    },
    asked() {
      asked.push({ index: barriers.asked, turns: awaiting });
      awaiting = new Set();
    },
    granted(barrier) {
      const covered = asked.filter(({ index }) => index <= barrier.index);
      asked = asked.filter(({ index }) => index > barrier.index);
      const turns = new Set(covered.flatMap((entry) => [...entry.turns]));
      const entry: Pending = { barrier, turns, short: undefined };
      if (!settle(entry)) pending.push(entry);
    },
    advanced() {
      if (pending.length > 0) pending = pending.filter((entry) => !settle(entry));
    },
  };
}
