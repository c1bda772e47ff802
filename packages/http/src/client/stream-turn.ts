import { type AnyEnvelope, type SchemaName, schemaOf } from "@ondash/schemas";
import { followTurn } from "./follow-turn.ts";
import { urlOf } from "./request.ts";
import type { TurnCollector } from "./turn-collector.ts";
import type { EnvelopeFor, MessageFor, StreamTurnOptions, TurnEnd, TurnStream, TurnUpdate } from "./types.ts";
import { createUnreadable } from "./unreadable.ts";

/**
 * Follows one turn of a conversation: connects at once, reconnects by itself where it left off, and gives the Message
 * after each event.
 *
 * ```ts
 * const turn = streamTurn({ baseUrl: "", conversationId, messageId });
 * for await (const { message } of turn) draw(message);
 * const end = await turn.ended;
 * if (end.kind !== "complete") drawBroken(end);
 * ```
 *
 * Events count once each (by event_id), in emission order, however often and in whatever order they arrive; what was taken
 * is never changed by a later delivery. What is no event of the contract is left out and listed in `problems`; a turn that
 * lost an event that way does not end as complete.
 *
 * When a turn has ended: **v2** knows it, when the completion with `last_sequence` and all events 1 … last_sequence are
 * there. **v1** can't know it: a turn that came to rest (each task that was opened is completed) may open another task, and
 * a completion may overtake its task's texts, since they travel in different topics. So a v1 turn counts as ended when it
 * rests (or its CONVERSATION came) and nothing more came for `settleMs`, or the server closed the stream. A pause between
 * two tasks that is longer looks like the end.
 *
 * Ends as `complete`, `failed` or `truncated`. A turn that brings nothing new for `stallMs`, or in v2 lacks an event for
 * `gapMs`, is truncated; a stream that breaks off is reconnected (network errors, a closed or silent
 * connection, 408, 429 and 5xx, with backoff) until `maxAttempts` failures in a row, other 4xx, an answer that is no event
 * stream, or 204 end it at once: as truncated, with a `ClientError` as the cause.
 *
 * Needs what browsers have since 2024 and Node since version 22: `AbortSignal.any`, `Promise.withResolvers`.
 * @throws ClientError `argument`, SchemasError for a schema that there is not: at once, from this call.
 */
export function streamTurn<S extends SchemaName = "chat.v2">(options: StreamTurnOptions<S>): TurnStream<S> {
  const schema = schemaOf(options.schema ?? "chat.v2");
  const url = urlOf(options, options.conversationId, ["events"], { schema: schema.name });
  const unreadable = createUnreadable();
  const left = new AbortController();
  const signals = options.signal === undefined ? [left.signal] : [left.signal, options.signal];
  const positions: string[] = [];
  let turn: TurnCollector | undefined;
  let over = false;
  let changed = Promise.withResolvers<void>();

  const wake = (): void => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  const close = (): void => left.abort();
  const partial = (): TurnEnd => ({
    kind: "truncated",
    message: turn?.messageOf(turn.count),
    why: "the reader left before the turn's end",
  });
  const ended = (
    followTurn({
      options,
      schema,
      url,
      signal: AbortSignal.any(signals),
      unreadable,
      onEvent(collector, lastEventId) {
        turn = collector;
        positions.push(lastEventId);
        wake();
      },
    }).catch((reason: unknown) => {
      if (options.signal?.aborted === true || !left.signal.aborted) throw reason;
      return partial();
    }) as Promise<TurnEnd<S>>
  ).finally(() => {
    over = true;
    wake();
  });
  // Whoever only iterates gets the reason there.
  ended.catch(() => undefined);

  async function* updates(): AsyncGenerator<TurnUpdate<S>, TurnEnd<S>, undefined> {
    try {
      for (let index = 0; ; ) {
        options.signal?.throwIfAborted();
        const lastEventId = positions[index];
        if (turn !== undefined && lastEventId !== undefined) {
          index += 1;
          yield updateOf<S>(turn, index, lastEventId);
        } else if (over) return await ended;
        else await changed.promise;
      }
    } finally {
      close();
    }
  }

  return {
    ended,
    problems: unreadable.problems,
    close,
    [Symbol.asyncIterator]() {
      const iterator = updates();
      const leave = iterator.return.bind(iterator);
      // A generator that waits takes its `return` only after its next event: closing must not wait for that.
      iterator.return = (value) => {
        close();
        return leave(value);
      };
      return iterator;
    },
    async [Symbol.asyncDispose]() {
      close();
      await ended.catch(() => undefined);
    },
  };
}

/** Sorting and folding cost time for each event there is; a page that draws once a frame needs only some of them. */
function updateOf<S extends SchemaName>(turn: TurnCollector, count: number, lastEventId: string): TurnUpdate<S> {
  let events: readonly AnyEnvelope[] | undefined;
  let message: ReturnType<TurnCollector["messageOf"]> | undefined;
  return {
    event: turn.eventAt(count) as EnvelopeFor<S>,
    get events() {
      events ??= turn.eventsUpTo(count);
      return events as readonly EnvelopeFor<S>[];
    },
    get message() {
      message ??= turn.messageOf(count);
      return message as MessageFor<S>;
    },
    lastEventId,
  };
}
