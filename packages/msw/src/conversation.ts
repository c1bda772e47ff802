import type { Clock } from "@ondash/core";
import { HttpError, type SourceEvent } from "@ondash/http";
import { type SchemaName, schemaOf } from "@ondash/schemas";
import { createEventLog, type EventLog } from "./event-log.ts";
import type { Playlist } from "./playlist.ts";
import { startTurn, type Turn } from "./turn.ts";

/** A conversation in memory: what was said in it, the turns that are being played, who listens. */
export interface Conversation {
  log(schema: SchemaName): EventLog;
  /** How many events come before a position. Throws HttpError `position` for one that this conversation does not have. */
  indexOf(schema: SchemaName, position: string | undefined): number;
  /** The events from an index on and those to come, until `signal` aborts. */
  follow(schema: SchemaName, index: number, signal: AbortSignal): AsyncIterable<SourceEvent>;
  /** Counts the turns of a scenario: 1 for the first. */
  count(scenario: string): number;
  start(playlist: Playlist, pace: { readonly speed: number; readonly clock: Clock }): void;
  turn(messageId: string): Turn | undefined;
  /** Resolves when no turn is being played. */
  idle(): Promise<void>;
  stop(): void;
}

/** Creates a conversation without events. */
export function createConversation(): Conversation {
  const logs = new Map<SchemaName, EventLog>();
  const counts = new Map<string, number>();
  const turns = new Map<string, Turn>();
  const waiting = new Set<() => void>();
  let listeners = 0;

  const log = (schema: SchemaName): EventLog => {
    const known = logs.get(schema);
    if (known !== undefined) return known;
    const { version } = schemaOf(schema);
    const made = createEventLog((length) => `${version}.${length}`);
    logs.set(schema, made);
    return made;
  };
  const isRunning = (): boolean => [...turns.values()].some(({ running }) => running);
  const listen = (change: 1 | -1): void => {
    listeners += change;
    for (const turn of turns.values()) turn.keepAlive(listeners > 0);
  };
  return {
    log,
    indexOf(schema, position) {
      if (position === undefined) return 0;
      const { version } = schemaOf(schema);
      const length = log(schema).events.length;
      const [, digits] = /^(?:1|2)\.(0|[1-9]\d{0,14})$/.exec(position) ?? [];
      if (digits !== undefined && position.startsWith(`${version}.`) && Number(digits) <= length) return Number(digits);
      const known = `${version}.0 to ${version}.${length}`;
      throw new HttpError("position", `${position} is no position of this conversation in ${schema}: it has ${known}`);
    },
    async *follow(schema, from, signal) {
      const { events, grown } = log(schema);
      listen(1);
      try {
        for (let index = from; !signal.aborted; ) {
          const event = events[index];
          if (event === undefined) await grown(index, signal);
          else {
            index++;
            yield event;
          }
        }
      } finally {
        listen(-1);
      }
    },
    count(scenario) {
      const count = (counts.get(scenario) ?? 0) + 1;
      counts.set(scenario, count);
      return count;
    },
    start(playlist, pace) {
      const turn = startTurn({
        ...pace,
        playlist,
        keepAlive: listeners > 0,
        say: (schema, payload) => log(schema).append(payload),
        onEnd() {
          for (const wake of waiting) wake();
        },
      });
      turns.set(turn.messageId, turn);
    },
    turn: (messageId) => turns.get(messageId),
    async idle() {
      // Who waits for the end keeps the process alive as a listener does.
      listen(1);
      try {
        while (isRunning()) {
          const { promise, resolve } = Promise.withResolvers<void>();
          waiting.add(resolve);
          await promise;
          waiting.delete(resolve);
        }
      } finally {
        listen(-1);
      }
    },
    stop() {
      for (const turn of turns.values()) turn.stop();
    },
  };
}
