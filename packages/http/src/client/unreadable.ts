import type { Decoding } from "./decode-event.ts";
import type { SseEvent } from "./sse.ts";
import type { StreamProblem } from "./types.ts";

/** Problems that are kept; a stream of nothing else must not fill the memory. */
const MAX_KEPT = 100;
const MAX_DATA = 200;

/** What could not be read. */
export interface Unreadable {
  readonly problems: readonly StreamProblem[];
  add(event: SseEvent, problem: Extract<Decoding, { kind: "problem" }>): void;
  /** An event came whole under this SSE id: if it was unreadable before (a broken delivery), it no longer is. */
  heal(event: SseEvent): void;
  /** How many events that may be the turn's are lost by it. */
  countFor(messageId: string | undefined): number;
}

/** Creates an empty list. */
export function createUnreadable(): Unreadable {
  const problems: StreamProblem[] = [];
  // Keyed by id and data, so that a redelivery counts once.
  const lost = new Map<string, { readonly id: string; readonly messageId: string | undefined }>();
  return {
    problems,
    add({ id, data }, { why, messageId }) {
      const start = data.slice(0, MAX_DATA);
      const key = `${id}\n${start}`;
      if (lost.has(key) || problems.length >= MAX_KEPT) return;
      lost.set(key, { id, messageId });
      problems.push({ why, id, data: start });
    },
    heal({ id, ownId }) {
      if (!ownId) return;
      for (const [key, entry] of lost) if (entry.id === id) lost.delete(key);
    },
    countFor(messageId) {
      let count = 0;
      for (const entry of lost.values()) if (entry.messageId === undefined || entry.messageId === messageId) count += 1;
      return count;
    },
  };
}
