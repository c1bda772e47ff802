import type { Clock } from "@ondash/core";
import type { SourceEvent } from "@ondash/http";
import type { SchemaName } from "@ondash/schemas";
import { cancelledTail } from "./cancelled.ts";
import type { Playlist } from "./playlist.ts";

/** A turn that is played to its end, whoever listens. */
export interface Turn {
  readonly messageId: string;
  readonly running: boolean;
  /** Ends it now, as a backend does that was told to cancel: see `cancelledTail`. Once it has ended, nothing happens. */
  cancel(): void;
  /** Ends it now, saying nothing more. */
  stop(): void;
  /** Whether its pauses keep the process alive: only while somebody listens. */
  keepAlive(wanted: boolean): void;
}

/** What a turn is played with. */
export interface TurnOptions {
  readonly playlist: Playlist;
  /** 0: at once. */
  readonly speed: number;
  readonly clock: Clock;
  readonly keepAlive: boolean;
  readonly say: (schema: SchemaName, payload: SourceEvent["payload"]) => void;
  readonly onEnd: () => void;
}

/** A nanosecond, the grain of a scenario's times: what is less than that away is due, or rounding would never let it be. */
const GRAIN_MS = 1e-6;

/** Starts a turn. At speed 0 all of it was said when this returns. */
export function startTurn({ playlist, speed, clock, say, onEnd, ...options }: TurnOptions): Turn {
  const { entries } = playlist;
  const started = clock.monotonic();
  let keepAlive = options.keepAlive;
  let next = 0;
  /** The latest step of which something was said. */
  let lastStep = 0;
  let running = true;
  let disarm: (() => void) | undefined;

  const sayNext = (): void => {
    const entry = entries[next++];
    if (entry === undefined) return;
    lastStep = Math.max(lastStep, entry.step);
    say(entry.schema, entry.payload);
  };
  const end = (): void => {
    disarm?.();
    running = false;
    onEnd();
  };
  const dueIn = (at: number): number => (speed === 0 ? 0 : at / speed - (clock.monotonic() - started));
  const advance = (): void => {
    disarm?.();
    for (let entry = entries[next]; entry !== undefined; entry = entries[next]) {
      const wait = dueIn(entry.at);
      if (wait >= GRAIN_MS) {
        disarm = clock.schedule(wait, advance, keepAlive);
        return;
      }
      sayNext();
    }
    end();
  };
  advance();

  return {
    messageId: playlist.messageId,
    get running() {
      return running;
    },
    cancel() {
      if (!running) return;
      const tail = cancelledTail(playlist, lastStep);
      // Steps that were overtaken belong to what was said: without them there would be a hole.
      const left = entries.slice(next).filter(({ step }) => tail === undefined || step <= lastStep);
      for (const { schema, payload } of left) say(schema, payload);
      for (const [schema, envelopes] of tail ?? []) for (const envelope of envelopes) say(schema, { envelope });
      end();
    },
    stop() {
      if (running) end();
    },
    keepAlive(wanted) {
      if (!running || wanted === keepAlive) return;
      keepAlive = wanted;
      advance();
    },
  };
}
