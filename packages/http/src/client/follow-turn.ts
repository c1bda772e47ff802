import { systemClock } from "@ondash/core";
import type { ChatSchema } from "@ondash/schemas";
import { createBackoff } from "./backoff.ts";
import { decodeEvent } from "./decode-event.ts";
import { isClientError } from "./error.ts";
import { type Awaited, type GivingUp, startPatience } from "./patience.ts";
import { answerOf, untilAborted, wordsOf } from "./request.ts";
import { readSse, type SseEvent } from "./sse.ts";
import { type Refusal, readAnswer } from "./stream-answer.ts";
import { createTurnCollector, type TurnCollector } from "./turn-collector.ts";
import { properEnd, type TurnFacts, truncatedEnd } from "./turn-end.ts";
import type { StreamTurnOptions, TurnEnd } from "./types.ts";
import type { Unreadable } from "./unreadable.ts";

/** A connection that held so long was a good one: its loss does not count as one more failure in a row. */
const HEALTHY_MS = 10_000;

/** What following a turn needs. */
export interface Following {
  readonly options: StreamTurnOptions;
  readonly schema: ChatSchema;
  readonly url: string;
  /** Ends everything, with its reason. */
  readonly signal: AbortSignal;
  readonly unreadable: Unreadable;
  /** Called once for each new event of the turn. */
  readonly onEvent: (collector: TurnCollector, lastEventId: string) => void;
}

/** What became of one connection: the turn's end is known, or the connection is gone. */
type Connection = { readonly kind: "end"; readonly end: TurnEnd } | ({ readonly kind: "lost" } & Refusal);

/**
 * Follows a turn over as many connections as it takes, until its end is known.
 * @throws the signal's reason once it aborts, and nothing else.
 */
export async function followTurn(following: Following): Promise<TurnEnd> {
  const { options, schema, url, signal, unreadable, onEvent } = following;
  const { clock = systemClock, idleMs = 45_000, settleMs = 250, gapMs = 10_000 } = options;
  const { stallMs = 120_000 } = options;
  const backoff = createBackoff(options);
  let wanted = options.messageId;
  let collector: TurnCollector | undefined;
  let lastEventId = options.lastEventId ?? "";
  let newestAt = clock.monotonic();

  for (;;) {
    const connection = await connect();
    if (connection.kind === "end") return connection.end;
    const { why, cause, final, retryAfterMs } = connection;
    const delay = final ? undefined : backoff.next();
    if (delay === undefined) {
      return truncatedEnd(facts(), backoff.failures > 1 ? `${why} (${backoff.failures} times in a row)` : why, cause);
    }
    await clock.sleep(Math.max(delay, retryAfterMs ?? 0), signal);
  }

  async function connect(): Promise<Connection> {
    const own = new AbortController();
    const both = AbortSignal.any([signal, own.signal]);
    const patience = startPatience(clock, idleMs, (why) => own.abort(why));
    let opened: number | undefined;
    try {
      const resume = lastEventId === "" ? undefined : { "last-event-id": bytesOf(lastEventId) };
      const headers = { accept: "text/event-stream", ...resume };
      const response = await answerOf({ ...options, signal: both }, url, { headers, cache: "no-store" });
      const answer = await untilAborted(readAnswer(response), both);
      if (answer.kind === "refusal") return refused(answer);
      if (answer.kind === "nothing") return over("the server says that nothing is to come (204)", true);
      opened = clock.monotonic();
      patience.until(waiting(opened));
      for await (const batch of readSse(answer.body, lastEventId, both)) {
        patience.alive();
        if (batch.retryMs !== undefined) backoff.setBase(batch.retryMs);
        const end = takeAll(batch.events);
        lastEventId = batch.lastEventId;
        if (end.fresh) {
          newestAt = clock.monotonic();
          backoff.reset();
        }
        if (end.known !== undefined) return { kind: "end", end: end.known };
        patience.until(waiting(opened));
      }
      return over("the server ended the stream", false);
    } catch (cause) {
      signal.throwIfAborted();
      const givenUp = own.signal.aborted ? (own.signal.reason as GivingUp) : undefined;
      if (givenUp === "settled") return { kind: "end", end: properEnd(facts()) };
      if (givenUp === "gap") return { kind: "end", end: truncatedEnd(facts(), "what is missing did not come") };
      if (givenUp === "stalled") {
        return { kind: "end", end: truncatedEnd(facts(), `nothing new came for ${stallMs / 1000} s`) };
      }
      const final = isClientError(cause) && cause.code === "response";
      return { kind: "lost", why: `the connection broke: ${wordsOf(cause)}`, cause, final };
    } finally {
      patience.stop();
      if (opened !== undefined && clock.monotonic() - opened >= HEALTHY_MS) backoff.reset();
      own.abort();
    }
  }

  /**
   * What is waited for on a connection, and until when. Redeliveries and heartbeats prolong nothing, and a connection has
   * time to bring what the one before did not.
   */
  function waiting(opened: number): { readonly what: Awaited; readonly due: number } | undefined {
    const state = collector?.state().kind;
    const since = Math.max(newestAt, opened);
    if (state === "rests") return { what: "settled", due: since + settleMs };
    // In chat.v2 what could not be read leaves a gap, and a server may hold back what follows.
    const gap = state === "gaps" || (state === "open" && schema.sequenced && unreadable.countFor(wanted) > 0);
    if (gap) return { what: "gap", due: since + gapMs };
    if (state === undefined && options.messageId === undefined) return undefined;
    return { what: "stalled", due: Math.max(newestAt + stallMs, opened + Math.min(gapMs, stallMs)) };
  }

  /** Takes what one chunk brought, up to the turn's end. */
  function takeAll(events: readonly SseEvent[]): { readonly fresh: boolean; readonly known?: TurnEnd } {
    let fresh = false;
    for (const event of events) {
      if (!take(event)) continue;
      fresh = true;
      if (collector?.state().kind === "whole") return { fresh, known: properEnd(facts()) };
    }
    const state = collector?.state();
    if (state?.kind === "rests" && settleMs <= 0) return { fresh, known: properEnd(facts()) };
    // What is missing is what could not be read: waiting would be in vain.
    if (state?.kind === "gaps" && state.count <= facts().unreadable) {
      return { fresh, known: truncatedEnd(facts(), "what is missing can't come") };
    }
    return { fresh };
  }

  /** Whether the event is a new one of the turn. */
  function take(sse: SseEvent): boolean {
    const decoding = decodeEvent(schema, sse, options.conversationId);
    if (decoding.kind === "problem") unreadable.add(sse, decoding);
    if (decoding.kind !== "event") return false;
    unreadable.heal(sse);
    wanted ??= decoding.event.messageId;
    if (decoding.event.messageId !== wanted) return false;
    collector ??= createTurnCollector(schema);
    if (!collector.take(decoding)) return false;
    onEvent(collector, sse.id);
    return true;
  }

  /** An id that the server does not know (any more) costs nothing but time: what comes again is not taken twice. */
  function refused(refusal: Refusal): Connection {
    const startOver = isUnknownId(refusal.cause) && lastEventId !== "";
    if (startOver) lastEventId = "";
    return { ...refusal, kind: "lost", final: refusal.final === true && !startOver };
  }

  /** The server has no more, on purpose: that ends a v1 turn at rest. */
  function over(why: string, final: boolean): Connection {
    return collector?.state().kind === "rests"
      ? { kind: "end", end: properEnd(facts()) }
      : { kind: "lost", why, final };
  }

  function facts(): TurnFacts {
    return { schema, collector, unreadable: unreadable.countFor(wanted) };
  }
}

function isUnknownId(cause: unknown): boolean {
  return isClientError(cause) && /\bbad-last-event-id$/.test(cause.problem?.type ?? "");
}

/** An id as a header carries it: its UTF-8 bytes, each as one character (Fetch, "isomorphic decode"). */
function bytesOf(id: string): string {
  return String.fromCharCode(...new TextEncoder().encode(id));
}
