import type { AnyEnvelope, SchemaName } from "@ondash/schemas";
import type * as v1 from "@ondash/schemas/chat/v1";
import type * as v2 from "@ondash/schemas/chat/v2";

/** What the client knows of one turn after each event. */
export interface TurnUpdate {
  /** The event that was taken last. */
  readonly event: AnyEnvelope;
  /** All events of the turn so far, each once, in emission order (v2: by sequence, v1: by timestamp). */
  readonly events: readonly AnyEnvelope[];
  /** The stored Message that these events add up to: what the page draws. */
  readonly message: v1.Message | v2.Message;
}

/** How a turn's stream ended. Only `complete` is an answer. */
export type TurnEnd =
  | { readonly kind: "complete"; readonly message: v1.Message | v2.Message }
  /** The backend said that it failed (a FATAL error, or all tasks failed), and the turn ended properly. */
  | { readonly kind: "failed"; readonly message: v1.Message | v2.Message }
  /** The stream broke off or gave up reconnecting before the turn's end; `message` is what there is of it, if anything. */
  | {
      readonly kind: "truncated";
      readonly message: v1.Message | v2.Message | undefined;
      /** What was missing, for people. */
      readonly why: string;
      readonly cause?: unknown;
    };

/** What `streamTurn` needs. */
export interface StreamTurnOptions {
  /** Any WHATWG fetch. Default: the global one. */
  readonly fetch?: typeof globalThis.fetch;
  /** Where the API is, e.g. "https://chat.example" or "" for the page's own origin. */
  readonly baseUrl: string;
  readonly conversationId: string;
  /** The turn to follow; undefined: the first turn that has an event. */
  readonly messageId?: string;
  /** Default chat.v2. */
  readonly schema?: SchemaName;
  /** Ends the iteration with its reason; the connection is closed. */
  readonly signal?: AbortSignal;
}
