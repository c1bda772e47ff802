import { createParser } from "eventsource-parser";
import { ClientError } from "./error.ts";
import { untilAborted } from "./request.ts";

/**
 * Characters of one SSE event at most. A record has 512 KiB at most (REC-10), and JSON writes a byte as up to six
 * characters.
 */
const MAX_EVENT_CHARACTERS = 4_194_304;

/** One event of a stream. */
export interface SseEvent {
  /** The `event:` field; undefined: none. */
  readonly name: string | undefined;
  /** The stream's last event id after this event; "": none yet. */
  readonly id: string;
  /** Whether this event itself has an `id:` field. */
  readonly ownId: boolean;
  readonly data: string;
}

/** What one chunk of the body brought; often nothing that is whole yet. */
export interface SseBatch {
  readonly events: readonly SseEvent[];
  /** The last id so far: a block without data may set one. */
  readonly lastEventId: string;
  /** The newest `retry:` field, in milliseconds. */
  readonly retryMs: number | undefined;
}

/**
 * Reads an event stream (WHATWG HTML, 9.2.6), chunk by chunk as they come, until the body ends. An event whose blank line
 * has not come is none. The body is cancelled when the reader leaves early.
 * @param lastEventId the id that the stream goes on from.
 * @throws whatever the body fails with; the signal's reason once it aborts; ClientError `response` for an event that is too
 * large.
 */
export async function* readSse(
  body: ReadableStream<Uint8Array>,
  lastEventId: string,
  signal: AbortSignal,
): AsyncGenerator<SseBatch, void, undefined> {
  let events: SseEvent[] = [];
  let retryMs: number | undefined;
  let id = lastEventId;
  let tooLarge = false;
  const parser = createParser({
    maxBufferSize: MAX_EVENT_CHARACTERS,
    onId: (given) => {
      id = given;
    },
    onEvent: ({ event, id: own, data }) => events.push({ name: event, id, ownId: own !== undefined, data }),
    onRetry: (given) => {
      retryMs = given;
    },
    onError: ({ type }) => {
      tooLarge ||= type === "max-buffer-size-exceeded";
    },
  });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await untilAborted(reader.read(), signal);
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      if (tooLarge) throw new ClientError("response", `an event has more than ${MAX_EVENT_CHARACTERS} characters`);
      const batch = { events, lastEventId: id, retryMs };
      events = [];
      yield batch;
    }
  } finally {
    // Not awaited: a body need not answer, and what it says no longer matters.
    reader.cancel().catch(() => undefined);
  }
}
