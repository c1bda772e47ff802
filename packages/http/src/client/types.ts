import type { Clock, Random } from "@ondash/core";
import type { SchemaName } from "@ondash/schemas";
import type * as v1 from "@ondash/schemas/chat/v1";
import type * as v2 from "@ondash/schemas/chat/v2";

/** The envelope of a schema version. */
export type EnvelopeFor<S extends SchemaName> = S extends "chat.v1" ? v1.EventEnvelope : v2.EventEnvelope;

/** The stored Message of a schema version. */
export type MessageFor<S extends SchemaName> = S extends "chat.v1" ? v1.Message : v2.Message;

/** What the client knows of one turn after each event. */
export interface TurnUpdate<S extends SchemaName = SchemaName> {
  /** The event that was taken last. */
  readonly event: EnvelopeFor<S>;
  /**
   * All events of the turn so far, each once, in emission order (v2: by sequence, v1: by timestamp). Sorted when it is
   * first read.
   */
  readonly events: readonly EnvelopeFor<S>[];
  /** The stored Message that these events add up to: what the page draws. Folded when it is first read. */
  readonly message: MessageFor<S>;
  /** The SSE id up to which the stream had been read: `lastEventId` of a later `streamTurn` goes on after it. */
  readonly lastEventId: string;
}

/** How a turn's stream ended. Only `complete` is an answer. */
export type TurnEnd<S extends SchemaName = SchemaName> =
  | { readonly kind: "complete"; readonly message: MessageFor<S> }
  /** The backend said that it failed (a FATAL error, or all tasks failed), and the turn ended properly. */
  | { readonly kind: "failed"; readonly message: MessageFor<S> }
  /** The stream broke off or gave up reconnecting before the turn's end; `message` is what there is of it, if anything. */
  | {
      readonly kind: "truncated";
      readonly message: MessageFor<S> | undefined;
      /** What was missing, for people. */
      readonly why: string;
      readonly cause?: unknown;
    };

/** Something in the stream that is no event of the contract. It is left out, never shown. */
export interface StreamProblem {
  /** What is wrong with it. */
  readonly why: string;
  /** The SSE id that it came with, or the last one before it; "": none yet. */
  readonly id: string;
  /** How its data begins: 200 characters at most. */
  readonly data: string;
}

/** A turn that is being followed. */
export interface TurnStream<S extends SchemaName = SchemaName> extends AsyncIterable<TurnUpdate<S>>, AsyncDisposable {
  /**
   * One update for each new event, from the first one on (also for a loop that begins later), and as the iterator's
   * return value the turn's end. Leaving the loop early closes the connection.
   */
  [Symbol.asyncIterator](): AsyncGenerator<TurnUpdate<S>, TurnEnd<S>, undefined>;
  /**
   * How the turn ended; needs no iteration. Rejects with the signal's reason when that aborted. Nobody has to look at it:
   * its rejection is never an unhandled one.
   */
  readonly ended: Promise<TurnEnd<S>>;
  /** What could not be read so far, oldest first, 100 at most. */
  readonly problems: readonly StreamProblem[];
  /** Closes the connection. A turn that has not ended then ends as truncated. */
  close(): void;
}

/** Where requests go, and how. */
export interface ClientOptions {
  /**
   * Any WHATWG fetch. Default: the global one at the time of the call. Wrap it to add what your API needs:
   * `(url, init) => fetch(url, { ...init, credentials: "include" })`.
   */
  readonly fetch?: typeof globalThis.fetch;
  /** Where the API is, e.g. "https://chat.example" or "" for the page's own origin. */
  readonly baseUrl: string;
  /** Ends the request with its reason; the connection is closed. */
  readonly signal?: AbortSignal;
}

/** How the client waits; the defaults suit a page. All times are in milliseconds. */
export interface StreamTiming {
  /** Delay of the first reconnection, until the server sets another with `retry:`. It doubles with each failed one. Default 500. */
  readonly retryMs?: number;
  /** Longest delay of a reconnection. Default 30,000. */
  readonly maxRetryMs?: number;
  /** Failed connections in a row, without a new event between them, after which it gives up. Default 8; 1: never reconnects. */
  readonly maxAttempts?: number;
  /** A connection that carries no byte for so long is dead: the server sends a heartbeat every 15 s. Default 45,000. */
  readonly idleMs?: number;
  /**
   * chat.v1: how long nothing must come after the turn came to rest, before it counts as ended. Default 250; 0: what came
   * in the same chunk is still taken.
   */
  readonly settleMs?: number;
  /**
   * chat.v2: how long events that are known to be missing are waited for, once the final completion is there without
   * them, or one could not be read. Default 10,000.
   */
  readonly gapMs?: number;
  /**
   * How long a turn that has begun, or that was named by its `messageId`, may bring nothing new: the backend may have
   * died. Default 120,000; Infinity: any time.
   */
  readonly stallMs?: number;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Spreads reconnections. Default: `Math.random`. */
  readonly random?: Pick<Random, "unit">;
}

/** What `streamTurn` needs. */
export interface StreamTurnOptions<S extends SchemaName = SchemaName> extends ClientOptions, StreamTiming {
  /** Any WHATWG fetch. Default: the global one. */
  readonly fetch?: typeof globalThis.fetch;
  /** Where the API is, e.g. "https://chat.example" or "" for the page's own origin. */
  readonly baseUrl: string;
  readonly conversationId: string;
  /** The turn to follow; undefined: the first turn that has an event. */
  readonly messageId?: string;
  /** Default chat.v2. */
  readonly schema?: S;
  /** Where to begin, from an earlier update's `lastEventId` (between turns: a turn is followed from its first event). */
  readonly lastEventId?: string;
  /** Ends the iteration with its reason; the connection is closed. */
  readonly signal?: AbortSignal;
}
