import { foldTurn } from "@ondash/contract/fold";
import type { Arrival } from "./arrival.ts";
import type { LegalTurn } from "./legal-turn.ts";

/** A block of the product's own fold. */
export type FoldedBlock =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "chart"; readonly chartType: string; readonly configJson: string };

/** What the product's own fold says of the events that were delivered. */
export interface Expectation {
  /** Whether they are the whole turn. */
  readonly whole: boolean;
  readonly blocks: readonly FoldedBlock[];
  readonly status: "complete" | "failed" | "incomplete";
}

/** A fold that remembers: many arrivals deliver the same events. */
export function createExpectations(turn: LegalTurn): (arrival: Arrival) => Expectation {
  const known = new Map<string, Expectation>();
  return ({ order }) => {
    const indices = order.toSorted((a, b) => a - b);
    const key = indices.join();
    const before = known.get(key);
    if (before !== undefined) return before;
    const events = indices.flatMap((index) => turn.events[index]?.event ?? []);
    const { blocks, status } = foldTurn(events, turn.schema.sequenced);
    const expectation = { whole: order.length === turn.events.length, blocks, status };
    known.set(key, expectation);
    return expectation;
  };
}
