import type { ChatSchema } from "@ondash/schemas";
import { ContractError } from "./error.ts";
import type { TopicOffsets } from "./observation.ts";
import { lowest } from "./ranges.ts";

/**
 * The three comparisons that make absence provable. They are a parameter so that a test can put the plausible mistakes
 * in their place and show that the suite notices; everything else uses `barrierLaw`.
 */
export interface BarrierLaw {
  /**
   * Whether the barrier asked for as number `index` (from 0) covers an end before whose observation `asked` barriers
   * had been asked for. A barrier asked for earlier says nothing: events that the end vouches for may lie above it.
   */
  covers(index: number, asked: number): boolean;
  /** Whether a position (next offset to be read, control and aborted ones counted) has reached an end offset. */
  reached(position: number, end: number): boolean;
  /** Whether an offset lies at or above an end offset. */
  late(offset: number, end: number): boolean;
}

/** The comparisons as they are right. */
export const barrierLaw: BarrierLaw = {
  covers: (index, asked) => index >= asked,
  reached: (position, end) => position >= end,
  late: (offset, end) => offset >= end,
};

/** End offsets that were asked for and granted. */
export interface Barrier {
  /** Its number in the observations; undefined: the end of the run. */
  readonly id: number | undefined;
  /** Which one it is in the order of asking, from 0. */
  readonly index: number;
  readonly ends: TopicOffsets;
}

/** The barriers of a run, asked for and granted. */
export interface Barriers {
  /** How many have been asked for. */
  readonly asked: number;
  /** @throws ContractError `observation` if the number does not follow. */
  ask(id: number): void;
  /** @throws ContractError `observation` if it was not asked for, or was granted, or a later one was. */
  grant(id: number, ends: TopicOffsets): Barrier;
  /**
   * The first granted barrier that covers an end before whose observation `asked` had been asked for, and that says
   * something of all topics of the version. One that was never granted counts for nothing.
   */
  covering(asked: number, schema: ChatSchema): Barrier | undefined;
  readonly granted: number;
}

/** Creates an empty set of barriers, which remembers the last `keep` granted ones. */
export function createBarriers(law: BarrierLaw, keep: number): Barriers {
  const granted: Barrier[] = [];
  const pending = new Map<number, number>();
  let asked = 0;
  let lastAsked = Number.NEGATIVE_INFINITY;
  let count = 0;
  return {
    get asked() {
      return asked;
    },
    get granted() {
      return count;
    },
    ask(id) {
      if (id <= lastAsked)
        throw new ContractError("observation", `barrier ${id} is asked for after barrier ${lastAsked}`);
      lastAsked = id;
      pending.set(id, asked++);
    },
    grant(id, ends) {
      const index = pending.get(id);
      if (index === undefined) {
        throw new ContractError("observation", `barrier ${id} is granted, and was not asked for or came out of order`);
      }
      // Grants come in the order of asking: what was asked for before and not granted by now never will be.
      for (const [other, otherIndex] of pending) {
        if (otherIndex > index) break;
        pending.delete(other);
      }
      const barrier: Barrier = { id, index, ends };
      granted.push(barrier);
      count++;
      if (granted.length > keep) granted.shift();
      return barrier;
    },
    covering(since, schema) {
      let at = lowest(granted.length, (index) => law.covers(granted[index]?.index ?? 0, since));
      for (let barrier = granted[at]; barrier !== undefined; barrier = granted[++at]) {
        if (speaksOf(barrier, schema)) return barrier;
      }
      return undefined;
    },
  };
}

/** Whether a barrier names all topics of a version: one that does not proves nothing about its turns. */
export function speaksOf(barrier: Pick<Barrier, "ends">, schema: ChatSchema): boolean {
  return schema.topicList.every((topic) => barrier.ends[topic] !== undefined);
}
