import type { ChatSchema } from "@ondash/schemas";
import { type Barrier, speaksOf } from "../barrier.ts";
import type { Logs } from "../log/logs.ts";
import type { TopicOffsets } from "../observation.ts";

/** Turns by their keys, two numbers each, one after the other. */
type Keys = number[];

/** Turns that wait for a barrier, in the order in which they came to their end. */
export interface BarrierQueue {
  add(keyHigh: number, keyLow: number): void;
  /** Whether a turn has ended since the last barrier was asked for. */
  readonly waiting: boolean;
  /** Barrier number `index` is being asked for: it covers all that wait. */
  ask(index: number): void;
  grant(barrier: Barrier): void;
  /** The next turns whose barrier has been reached, with its end offsets; undefined: none has. */
  next(): { readonly keys: readonly number[]; readonly ends: TopicOffsets } | undefined;
  /** Takes out what no granted barrier covers. */
  uncovered(): readonly number[];
}

/** Creates an empty queue. Positions are those of `logs`. */
export function createBarrierQueue(logs: Logs, schema: ChatSchema): BarrierQueue {
  let waiting: Keys = [];
  /** What each barrier that was asked for and not granted covers, in the order of asking. */
  let asked: { readonly index: number; readonly keys: Keys }[] = [];
  const granted: { readonly keys: Keys; readonly ends: TopicOffsets }[] = [];

  return {
    add(keyHigh, keyLow) {
      waiting.push(keyHigh, keyLow);
    },
    get waiting() {
      return waiting.length > 0;
    },
    ask(index) {
      asked.push({ index, keys: waiting });
      waiting = [];
    },
    grant(barrier) {
      // One that does not name all topics proves nothing: what it was asked for waits for the next.
      if (!speaksOf(barrier, schema)) return;
      const covered = asked.filter(({ index }) => index <= barrier.index);
      asked = asked.filter(({ index }) => index > barrier.index);
      const keys = covered.flatMap((entry) => entry.keys);
      if (keys.length > 0) granted.push({ keys, ends: barrier.ends });
    },
    next() {
      const [first] = granted;
      if (first === undefined || logs.short(first, schema) !== undefined) return undefined;
      granted.shift();
      return first;
    },
    uncovered() {
      const keys = [...asked.flatMap((entry) => entry.keys), ...waiting];
      asked = [];
      waiting = [];
      return keys;
    },
  };
}
