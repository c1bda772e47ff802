import type { SchemaName } from "@ondash/schemas";
import { inEmissionOrder } from "../event.ts";
import type { TurnResult, Verdict } from "../run-result.ts";
import { type Turn, turnKey } from "./turn.ts";

/** The turns as they are reported: one entry for both versions of a dual-published one. */
export interface TurnResults {
  /** Makes a turn known; results come in this order. */
  open(conversationId: string, messageId: string): void;
  /** Something of the turn (a record, its order, its message) broke a rule of severity error. */
  fail(conversationId: string, messageId: string): void;
  /** One version of the turn was judged. */
  judged(turn: Turn, inconclusive: boolean): void;
  list(): TurnResult[];
  readonly size: number;
}

interface Growing {
  readonly conversationId: string;
  readonly messageId: string;
  failed: boolean;
  inconclusive: boolean;
  blocks: readonly ("text" | "chart")[];
  /** The version that the blocks are from: the newest one observed. */
  blocksOf: SchemaName | undefined;
}

/** Creates the empty list. */
export function createTurnResults(): TurnResults {
  const results = new Map<string, Growing>();
  const at = (conversationId: string, messageId: string): Growing => {
    const key = turnKey(conversationId, messageId);
    let result = results.get(key);
    if (result === undefined) {
      result = { conversationId, messageId, failed: false, inconclusive: false, blocks: [], blocksOf: undefined };
      results.set(key, result);
    }
    return result;
  };
  return {
    get size() {
      return results.size;
    },
    open(conversationId, messageId) {
      at(conversationId, messageId);
    },
    fail(conversationId, messageId) {
      at(conversationId, messageId).failed = true;
    },
    judged(turn, inconclusive) {
      const result = at(turn.conversationId, turn.messageId);
      result.inconclusive ||= inconclusive;
      if (turn.events.length === 0 || (result.blocksOf ?? "") > turn.schema.name) return;
      result.blocksOf = turn.schema.name;
      result.blocks = blocksOf(turn);
    },
    list: () =>
      Array.from(results.values(), ({ conversationId, messageId, failed, inconclusive, blocks }) => {
        const verdict: Verdict = failed ? "failed" : inconclusive ? "inconclusive" : "passed";
        return { conversationId, messageId, verdict, blocks };
      }),
  };
}

/** Kinds of the content blocks that the turn's events make, each event_id once. */
function blocksOf(turn: Turn): ("text" | "chart")[] {
  const seen = new Set<string>();
  const blocks: ("text" | "chart")[] = [];
  for (const { event } of inEmissionOrder(turn.schema, turn.events)) {
    if (seen.has(event.eventId)) continue;
    seen.add(event.eventId);
    if (event.body.kind === "text" || event.body.kind === "chart") blocks.push(event.body.kind);
  }
  return blocks;
}
