import { compareEmission, completesConversation, completesTask, foldMessage, foldTurn } from "@ondash/contract/fold";
import type { AnyEnvelope, ChatSchema } from "@ondash/schemas";
import type { ReadEvent } from "./decode-event.ts";

/** How far a turn has come. */
export type TurnState =
  | { readonly kind: "open" }
  /** v1: at rest, or its CONVERSATION came. More may come: events of other topics on their way, or a new task. */
  | { readonly kind: "rests" }
  /** v2: the final completion is there, and these are not yet. */
  | { readonly kind: "gaps"; readonly missing: readonly number[]; readonly count: number }
  /** v2: everything is there. */
  | { readonly kind: "whole" };

/** The events of one turn as they come in: each once, whatever the order. */
export interface TurnCollector {
  /** How many events it has. */
  readonly count: number;
  /** Takes an event; false: its event_id was there before, and nothing changes. */
  take(read: ReadEvent): boolean;
  state(): TurnState;
  /** The event that came as the `count`-th, from 1 on. */
  eventAt(count: number): AnyEnvelope | undefined;
  /** The first `count` events that came, in emission order. */
  eventsUpTo(count: number): readonly AnyEnvelope[];
  /** The Message of the first `count` events that came, at least one. */
  messageOf(count: number): ReturnType<typeof foldMessage>;
  /** What the events add up to, and the tasks that are still open. */
  outcome(): { readonly status: "complete" | "incomplete" | "failed"; readonly openTasks: readonly string[] };
}

/** Missing sequences that are named; there may be 2³². */
const MAX_NAMED = 8;

/** Creates the collector of one turn. */
export function createTurnCollector(schema: ChatSchema): TurnCollector {
  const arrived: ReadEvent[] = [];
  const ids = new Set<string>();
  const sequences = new Set<number>();
  const open = new Set<string>();
  const closed = new Set<string>();
  let conversationEnded = false;
  let last = 0;
  let next = 1;

  const inOrder = (count: number): ReadEvent[] =>
    arrived
      .slice(0, count)
      .sort((a, b) => compareEmission(schema, a.event, b.event) || (a.event.eventId < b.event.eventId ? -1 : 1));

  return {
    get count() {
      return arrived.length;
    },
    take(read) {
      const { event } = read;
      if (ids.has(event.eventId)) return false;
      ids.add(event.eventId);
      arrived.push(read);
      sequences.add(event.sequence);
      while (sequences.has(next)) next += 1;
      if (completesTask(event)) closed.add(event.taskId);
      if (event.taskId !== "" && !closed.has(event.taskId)) open.add(event.taskId);
      if (completesTask(event)) open.delete(event.taskId);
      conversationEnded ||= completesConversation(event);
      if (event.body.kind === "completion") last = Math.max(last, event.body.lastSequence);
      return true;
    },
    state() {
      if (!schema.sequenced) {
        return { kind: conversationEnded || (closed.size > 0 && open.size === 0) ? "rests" : "open" };
      }
      if (last === 0) return { kind: "open" };
      if (next > last) return { kind: "whole" };
      let there = next - 1;
      for (const sequence of sequences) if (sequence >= next && sequence <= last) there += 1;
      const missing: number[] = [];
      for (let wanted = next; wanted <= last && missing.length < MAX_NAMED; wanted++) {
        if (!sequences.has(wanted)) missing.push(wanted);
      }
      return { kind: "gaps", missing, count: last - there };
    },
    eventAt: (count) => arrived[count - 1]?.envelope,
    eventsUpTo: (count) => inOrder(count).map(({ envelope }) => envelope),
    messageOf: (count) =>
      foldMessage(
        schema,
        arrived.slice(0, count).map(({ envelope }) => envelope),
      ),
    outcome() {
      const events = inOrder(arrived.length).map(({ event }) => event);
      return { status: foldTurn(events, schema.sequenced).status, openTasks: conversationEnded ? [] : [...open] };
    },
  };
}
