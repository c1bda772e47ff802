import type { ChatSchema } from "@ondash/schemas";
import { compareEmission, completesConversation, completesTask, type PlacedEvent } from "../event.ts";
import { createRangeSet } from "../ranges.ts";

/** All events with one (conversation_id, message_id) in one schema version, as far as they were observed. */
export interface Turn {
  readonly schema: ChatSchema;
  readonly conversationId: string;
  readonly messageId: string;
  /** Sound events in the order of observation. */
  readonly events: readonly PlacedEvent[];
  /** Numbers of the partitions that hold a record of it, sound or not. */
  readonly partitions: ReadonlySet<number>;
  /** Why its order and grammar can't be judged at all; undefined: they can. */
  readonly spoiled: string | undefined;
  /** Whether sequences lay further apart than the window: then its events are no longer kept. */
  readonly overflowed: boolean;
  /**
   * How many barriers had been asked for when its end was observed (chat.v1: when it came to rest); undefined while it
   * has none. A barrier asked for from then on makes the turn decidable.
   */
  readonly endAsked: number | undefined;
  add(event: PlacedEvent): void;
  /**
   * Says why the turn can't be judged: a record of it breaks a REC rule.
   * @param partition of that record.
   * @param end barriers asked for by then, if the record would have been an end, had it been sound.
   */
  spoil(why: string, partition?: number, end?: number): void;
  /** Where the newest completion stands in each partition of `complete`. */
  readonly completions: ReadonlyMap<number, PlacedEvent>;
}

/**
 * Creates the state of one turn.
 * @param window how far sequences may lie apart; beyond it the turn is given up.
 */
export function createTurn(schema: ChatSchema, conversationId: string, messageId: string, window: number): Turn {
  let events: PlacedEvent[] = [];
  const partitions = new Set<number>();
  const opened = new Set<string>();
  /** Closed tasks, with the number of barriers asked for when that was observed. */
  const closed = new Map<string, number>();
  const completions = new Map<number, PlacedEvent>();
  const sequences = createRangeSet();
  let next = 1;
  let spoiled: string | undefined;
  let overflowed = false;
  let final: PlacedEvent | undefined;
  let spoiledEnd: number | undefined;

  const windowHolds = ({ event }: PlacedEvent): boolean => {
    if (event.sequence - next >= window) return false;
    sequences.add(event.sequence, event.sequence);
    next = sequences.nextMissing(next);
    return true;
  };
  const close = (placed: PlacedEvent): void => {
    const { event, place } = placed;
    const newest = completions.get(place.partition);
    if (newest === undefined || newest.place.offset < place.offset) completions.set(place.partition, placed);
    if (completesTask(event) && !closed.has(event.taskId)) closed.set(event.taskId, placed.asked);
    if (isFinal(schema, placed) && (final === undefined || compareEmission(schema, placed.event, final.event) < 0))
      final = placed;
  };
  return {
    schema,
    conversationId,
    messageId,
    partitions,
    completions,
    get events() {
      return events;
    },
    get spoiled() {
      return spoiled;
    },
    get overflowed() {
      return overflowed;
    },
    get endAsked() {
      if (final !== undefined) return final.asked;
      if (schema.sequenced || opened.size === 0 || opened.size > closed.size) return spoiledEnd;
      return Math.max(...closed.values());
    },
    add(placed) {
      const { event, place } = placed;
      partitions.add(place.partition);
      if (event.taskId !== "") opened.add(event.taskId);
      if (event.body.kind === "completion") close(placed);
      if (overflowed) return;
      if (schema.sequenced && !windowHolds(placed)) {
        overflowed = true;
        spoiled ??= `sequence ${event.sequence} came while ${next} was missing: further apart than the window of ${window}`;
        events = [];
        return;
      }
      events.push(placed);
    },
    spoil(why, partition, end) {
      spoiled ??= why;
      if (partition !== undefined) partitions.add(partition);
      spoiledEnd ??= end;
    },
  };
}

/** Whether it ends its turn for good: chat.v2's completion with last_sequence, chat.v1's CONVERSATION. */
export function isFinal(schema: ChatSchema, { event }: PlacedEvent): boolean {
  if (!schema.sequenced) return completesConversation(event);
  return event.body.kind === "completion" && event.body.lastSequence !== 0;
}
