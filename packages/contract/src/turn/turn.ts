import type { ChatSchema } from "@ondash/schemas";
import type { Barrier } from "../barrier.ts";
import { compareEmission, completesConversation, completesTask, type PlacedEvent, type SoundEvent } from "../event.ts";
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
  /** The reached barrier that decided it last: kept here, since those of long ago are forgotten. */
  readonly decidedBy: Barrier | undefined;
  decide(barrier: Barrier): void;
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

/** A turn's ids as one string; the length keeps ids apart that contain each other's beginnings. */
export function turnKey(conversationId: string, messageId: string): string {
  return `${conversationId.length} ${conversationId}${messageId}`;
}

/**
 * Creates the state of one turn.
 * @param window how far sequences may lie apart; beyond it the turn is given up.
 */
export function createTurn(schema: ChatSchema, conversationId: string, messageId: string, window: number): Turn {
  let events: PlacedEvent[] = [];
  const partitions = new Set<number>();
  const opened = new Set<string>();
  const taskIds = new Map<string, string>();
  const closed = new Set<string>();
  /** How many barriers had been asked for when a task was closed last. */
  let lastClosed = 0;
  const completions = new Map<number, PlacedEvent>();
  const sequences = createRangeSet();
  let next = 1;
  let spoiled: string | undefined;
  let overflowed = false;
  let final: PlacedEvent | undefined;
  let spoiledEnd: number | undefined;
  let decidedBy: Barrier | undefined;

  const windowHolds = (sequence: number): boolean => {
    if (sequence - next >= window) return false;
    sequences.add(sequence, sequence);
    next = sequences.nextMissing(next);
    return true;
  };
  const close = (placed: PlacedEvent): void => {
    const { event, place } = placed;
    const newest = completions.get(place.partition);
    if (newest === undefined || newest.place.offset < place.offset) completions.set(place.partition, placed);
    if (completesTask(event) && !closed.has(event.taskId)) {
      closed.add(event.taskId);
      lastClosed = placed.asked;
    }
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
      return schema.sequenced || opened.size === 0 || opened.size > closed.size ? spoiledEnd : lastClosed;
    },
    get decidedBy() {
      return decidedBy;
    },
    decide(barrier) {
      decidedBy = barrier;
    },
    add(placed) {
      const { place } = placed;
      // Each decoded envelope has its own copies of the ids: one of each is kept.
      const taskId = taskIds.get(placed.event.taskId) ?? placed.event.taskId;
      taskIds.set(taskId, taskId);
      const event: SoundEvent = { ...placed.event, conversationId, messageId, taskId };
      partitions.add(place.partition);
      if (taskId !== "") opened.add(taskId);
      const kept: PlacedEvent = { event, place, asked: placed.asked };
      if (event.body.kind === "completion") close(kept);
      if (overflowed) return;
      if (schema.sequenced && !windowHolds(event.sequence)) {
        overflowed = true;
        spoiled ??= `sequence ${event.sequence} came while ${next} was missing: further apart than the window of ${window}`;
        events = [];
        return;
      }
      events.push(kept);
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
