import type { AnyEnvelope, EventKind, SchemaName } from "@ondash/schemas";

/** One event of a conversation, as its source has it. */
export interface SourceEvent {
  /**
   * Where to go on after this event: opaque, printable ASCII without spaces, from the source (a scenario's index, Kafka
   * positions). Opening with it gives what came after this event in this source's order, and nothing before it.
   */
  readonly position: string;
  readonly payload:
    | { readonly envelope: AnyEnvelope }
    /** A payload that is no ProtoJSON envelope, passed on as it is: mocks send malformed events with it. */
    | { readonly kind: EventKind; readonly raw: string };
}

/** What to open. */
export interface OpenRequest {
  readonly conversationId: string;
  readonly schema: SchemaName;
  /** A `position` of this source; undefined: from the conversation's first event. */
  readonly after: string | undefined;
  /** Aborts when the client went away or the server stops: the iteration ends and leaves nothing open. */
  readonly signal: AbortSignal;
}

/** What became of a user's message. */
export type PostOutcome =
  | { readonly kind: "accepted"; readonly messageId: string }
  /** Nothing answers this text: the names of what could. */
  | { readonly kind: "no-match"; readonly candidates: readonly string[] }
  /** The backend refuses (mocks: a 5xx on demand). */
  | { readonly kind: "refused"; readonly status: 500 | 502 | 503 | 504; readonly detail: string };

/**
 * Where the events of the HTTP surface come from: scenarios (msw), Kafka (the live server). The app on top of it
 * speaks HTTP, SSE and ids; a source speaks events in the order in which they arrived.
 */
export interface EventSource {
  /**
   * The events of a conversation in arrival order, from its first or after a position; it stays open for those to come,
   * until `signal` aborts. A source that breaks off throws: the client then sees the stream cut, not ended.
   * An unknown conversation is one without events so far.
   * @throws HttpError `position` for a position that is not of this source (the app answers 400): from the call, or from
   * the iteration before it waits for anything. Later the answer has begun, and the stream is cut.
   */
  open(request: OpenRequest): AsyncIterable<SourceEvent>;
  post(request: {
    readonly conversationId: string;
    readonly text: string;
    readonly signal: AbortSignal;
  }): Promise<PostOutcome>;
  /** Cancels a running turn. "unknown": there is no such turn. A turn that has ended counts as cancelled. */
  cancel(request: { readonly conversationId: string; readonly messageId: string }): Promise<"accepted" | "unknown">;
  /** All events of the conversation so far, in arrival order: the app folds them to the stored messages. */
  history(request: { readonly conversationId: string; readonly schema: SchemaName }): Promise<readonly AnyEnvelope[]>;
}
