import { createKeyIndex } from "./key-index.ts";
import type { LegalTurn } from "./order-core.ts";
import type { TurnName } from "./read-record.ts";

/** A turn that was found legal, by its names. */
export type NamedTurn = LegalTurn & TurnName;

/** Turns that were found legal: so that what comes late for one of them is noticed, and for the report. */
export interface LegalTurns {
  add(turn: NamedTurn): void;
  has(keyHigh: number, keyLow: number): boolean;
  /** How many have been found so far. */
  readonly count: number;
  /** Those that are remembered. */
  list(): readonly NamedTurn[];
}

/**
 * Creates an empty list.
 * @param keep how many are remembered; Infinity: all.
 */
export function createLegalTurns(keep: number): LegalTurns {
  const index = createKeyIndex();
  const turns: NamedTurn[] = [];
  let count = 0;
  return {
    add(turn) {
      index.add(turn.keyHigh, turn.keyLow, 0);
      const place = count++ % keep;
      const oldest = turns[place];
      if (oldest !== undefined) index.delete(oldest.keyHigh, oldest.keyLow);
      turns[place] = turn;
    },
    has: (keyHigh, keyLow) => index.get(keyHigh, keyLow) >= 0,
    get count() {
      return count;
    },
    list: () => turns,
  };
}
