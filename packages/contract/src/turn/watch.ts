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
  /** The position of a partition moved. */
  advanced(log: PartitionLog): void;
  /** Whether a turn has ended since the last barrier was asked for. */
  readonly wantsBarrier: boolean;
  readonly undecided: number;
  isUndecided(turn: Turn): boolean;
}

/** A granted barrier that has turns to decide. */
interface Pending {
  readonly barrier: Barrier;
  readonly turns: Set<Turn>;
}

/** Creates the watch. `decided` is called for each turn whose barrier is reached, each time it is. */
export function createWatch(law: BarrierLaw, barriers: Barriers, logs: Logs, decided: (turn: Turn) => void): Watch {
  const undecided = new Set<Turn>();
  /** Turns that ended since the last barrier was asked for. */
  let awaiting = new Set<Turn>();
  /** What each barrier that was asked for covers, in the order of asking. */
  const asked = new Map<number, Set<Turn>>();
  /** Each barrier stands with a partition that is short of it, in order of asking, and moves on when that caught up. */
  const waiting = new Map<PartitionLog, Pending[]>();

  const settle = (entry: Pending): void => {
    const { barrier, turns } = entry;
    for (const turn of turns) {
      const short = logs.short(barrier, turn.schema);
      if (short !== undefined) {
        let entries = waiting.get(short);
        if (entries === undefined) waiting.set(short, (entries = []));
        entries.splice(entries.findLastIndex((other) => other.barrier.index < barrier.index) + 1, 0, entry);
        return;
      }
      turns.delete(turn);
      // It may have gone on in the meantime, or ended anew: then a later barrier has it.
      if (turn.endAsked === undefined || !law.covers(barrier.index, turn.endAsked)) continue;
      undecided.delete(turn);
      turn.decide(barrier);
      decided(turn);
    }
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
      asked.set(barriers.asked, awaiting);
      awaiting = new Set();
    },
    granted(barrier) {
      // It also covers what earlier barriers were asked for that were never granted.
      const turns = new Set<Turn>();
      for (const [index, covered] of asked) {
        if (index > barrier.index) break;
        asked.delete(index);
        for (const turn of covered) turns.add(turn);
      }
      settle({ barrier, turns });
    },
    advanced(log) {
      const entries = waiting.get(log);
      if (entries === undefined) return;
      const position = log.position ?? 0;
      const caughtUp = ({ barrier }: Pending): boolean =>
        law.reached(position, barrier.ends[log.topic]?.[log.partition] ?? 0);
      // Ends grow from barrier to barrier: what is short of one is short of the later ones.
      for (let [first] = entries; first !== undefined && caughtUp(first); [first] = entries) {
        entries.shift();
        settle(first);
      }
    },
  };
}
