import type { SourceEvent } from "@ondash/http";

/** What a conversation has said in one schema version, and who waits for more of it. */
export interface EventLog {
  readonly events: readonly SourceEvent[];
  readonly append: (payload: SourceEvent["payload"]) => void;
  /** Resolves when there are more than `length` events, or `signal` aborts. */
  readonly grown: (length: number, signal: AbortSignal) => Promise<void>;
}

/** Creates an empty log. `positionOf` names the place after the n-th event. */
export function createEventLog(positionOf: (length: number) => string): EventLog {
  const events: SourceEvent[] = [];
  const waiting = new Set<() => void>();
  return {
    events,
    append(payload) {
      events.push({ position: positionOf(events.length + 1), payload });
      for (const wake of waiting) wake();
    },
    async grown(length, signal) {
      if (events.length > length || signal.aborted) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const wake = (): void => resolve();
      waiting.add(wake);
      signal.addEventListener("abort", wake);
      await promise;
      signal.removeEventListener("abort", wake);
      waiting.delete(wake);
    },
  };
}
