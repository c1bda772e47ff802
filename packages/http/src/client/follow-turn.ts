import { systemClock } from "@ondash/core";
import type { ChatSchema, SchemaName } from "@ondash/schemas";
import { type Backoff, createBackoff } from "./backoff.ts";
import { decodeEvent } from "./decode-event.ts";
import { ClientError, isClientError } from "./error.ts";
import { answerOf, statusError, untilAborted, wordsOf } from "./request.ts";
import { readSse, type SseEvent } from "./sse.ts";
import { createTurnCollector, type TurnCollector } from "./turn-collector.ts";
import type { MessageFor, StreamTurnOptions, TurnEnd } from "./types.ts";
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

/** What became of one connection. */
type Connection =
  | { readonly kind: "end"; readonly end: TurnEnd }
  | {
      readonly kind: "lost";
      readonly why: string;
      readonly cause?: unknown;
      /** Trying again is of no use. */
      readonly final?: boolean;
      /** The server asked for at least that pause. */
      readonly retryAfterMs?: number;
    };

/** Why a connection was closed from here, as the abort's reason. */
type Closing = "settled" | "gap" | "done";

/**
 * Follows a turn over as many connections as it takes, until its end is known.
 * @throws the signal's reason once it aborts, and nothing else.
 */
export function followTurn(following: Following): Promise<TurnEnd> {
  const { options, schema, url, signal, unreadable, onEvent } = following;
  const { clock = systemClock, idleMs = 45_000, settleMs = 250, gapMs = 10_000 } = options;
  const backoff: Backoff = createBackoff(options);
  let wanted = options.messageId;
  let collector: TurnCollector | undefined;
  let lastEventId = options.lastEventId ?? "";

  return follow();

  async function follow(): Promise<TurnEnd> {
    for (;;) {
      const connection = await connect();
      if (connection.kind === "end") return connection.end;
      const { why, cause, final = false, retryAfterMs = 0 } = connection;
      const delay = final ? undefined : backoff.next();
      if (delay === undefined) {
        const tries = backoff.failures > 1 ? `, ${backoff.failures} times in a row` : "";
        return truncated(`${why}${tries}`, cause);
      }
      await clock.sleep(Math.max(delay, retryAfterMs), signal);
    }
  }

  async function connect(): Promise<Connection> {
    const closing = new AbortController();
    const close = (reason: Closing | ClientError): void => closing.abort(reason);
    const either = AbortSignal.any([signal, closing.signal]);
    let cancelIdle: (() => void) | undefined;
    let cancelQuiet: (() => void) | undefined;
    const stayAlive = (): void => {
      cancelIdle?.();
      const silent = new ClientError("network", `nothing came for ${idleMs / 1000} s, not even a heartbeat`);
      cancelIdle = clock.schedule(idleMs, () => close(silent));
    };
    /** Waits for what may still come, once nothing is certain to. */
    const watch = (fresh: boolean): TurnEnd | undefined => {
      const state = collector?.state();
      if (state?.kind === "whole" || (state?.kind === "rests" && settleMs <= 0)) return ended();
      if (state?.kind === "gaps" && state.count <= unreadable.countFor(wanted)) return gap();
      if (state?.kind !== "rests" && state?.kind !== "gaps") {
        cancelQuiet?.();
        cancelQuiet = undefined;
      } else if (fresh || cancelQuiet === undefined) {
        cancelQuiet?.();
        const [ms, reason] = state.kind === "rests" ? ([settleMs, "settled"] as const) : ([gapMs, "gap"] as const);
        cancelQuiet = clock.schedule(ms, () => close(reason));
      }
      return undefined;
    };
    let opened: number | undefined;
    try {
      stayAlive();
      const response = await answerOf({ ...options, signal: either }, url, {
        headers: {
          accept: "text/event-stream",
          ...(lastEventId === "" ? {} : { "last-event-id": bytesOf(lastEventId) }),
        },
        cache: "no-store",
      });
      const refused = await untilAborted(refusal(response), either);
      if (refused !== undefined) return refused;
      const { body } = response;
      if (response.status === 204 || body === null) return over("the server says that there is nothing to come", true);
      opened = clock.monotonic();
      const whole = watch(true);
      if (whole !== undefined) return { kind: "end", end: whole };
      for await (const batch of readSse(body, lastEventId, either)) {
        stayAlive();
        if (batch.retryMs !== undefined) backoff.setBase(batch.retryMs);
        let fresh = false;
        for (const event of batch.events) {
          lastEventId = event.id;
          if (!take(event)) continue;
          fresh = true;
          if (collector?.state().kind === "whole") break;
        }
        lastEventId = batch.events.length === 0 || !fresh ? batch.lastEventId : lastEventId;
        if (fresh) backoff.reset();
        const end = watch(fresh);
        if (end !== undefined) return { kind: "end", end };
      }
      return over("the server ended the stream", false);
    } catch (cause) {
      signal.throwIfAborted();
      if (cause === "settled") return { kind: "end", end: ended() };
      if (cause === "gap") return { kind: "end", end: gap() };
      const final = isClientError(cause) && cause.code === "response";
      return { kind: "lost", why: `the connection broke: ${wordsOf(cause)}`, cause, final };
    } finally {
      cancelIdle?.();
      cancelQuiet?.();
      if (opened !== undefined && clock.monotonic() - opened >= HEALTHY_MS) backoff.reset();
      close("done");
    }
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

  /** The server closed the stream on purpose: a v1 turn at rest has nothing more to come. */
  function over(why: string, final: boolean): Connection {
    return collector?.state().kind === "rests" ? { kind: "end", end: ended() } : { kind: "lost", why, final };
  }

  /** The turn ended: how? */
  function ended(): TurnEnd {
    if (collector === undefined) return truncated("there was no event");
    const unread = schema.sequenced ? 0 : unreadable.countFor(wanted);
    if (unread > 0) return truncated(`${plural(unread, "event")} could not be read`);
    const { status, openTasks } = collector.outcome();
    if (status === "incomplete") return truncated(`${plural(openTasks.length, "task")} never completed`);
    return { kind: status, message: collector.messageOf(collector.count) };
  }

  /** The turn's end is there, and something before it is not. */
  function gap(): TurnEnd {
    return truncated("the turn's end came");
  }

  function truncated(why: string, cause?: unknown): TurnEnd {
    const message = collector?.messageOf(collector.count);
    const state = collector?.state();
    const words = [why];
    if (state === undefined) words.push("no event of the turn had come");
    else if (state.kind === "gaps") {
      const more = state.count > state.missing.length ? ` and ${state.count - state.missing.length} more` : "";
      words.push(`events ${state.missing.join(", ")}${more} are missing`);
    } else if (state.kind === "open") words.push("the turn's end had not come");
    const unread = unreadable.countFor(wanted);
    if (unread > 0 && state?.kind !== "rests") words.push(`${plural(unread, "event")} could not be read`);
    return { kind: "truncated", message, why: words.join("; "), ...(cause === undefined ? {} : { cause }) };
  }
}

/** What an answer that is no event stream means; undefined: it is one, or has no content. */
async function refusal(response: Response): Promise<Extract<Connection, { kind: "lost" }> | undefined> {
  const { status } = response;
  if (!response.ok) {
    const cause = await statusError(response, "the event stream");
    const final = status < 500 && status !== 408 && status !== 429;
    const seconds = Number(response.headers.get("retry-after") ?? 0);
    const retryAfterMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
    return { kind: "lost", why: wordsOf(cause), cause, final, retryAfterMs };
  }
  const type = response.headers.get("content-type") ?? "";
  if (status === 204 || /^text\/event-stream\b/i.test(type)) return undefined;
  await response.body?.cancel();
  const cause = new ClientError(
    "response",
    `expected text/event-stream, got ${type === "" ? "no content type" : type}`,
    {
      status,
    },
  );
  return { kind: "lost", why: wordsOf(cause), cause, final: true };
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** An id as a header carries it: its UTF-8 bytes, each as one character (Fetch, "isomorphic decode"). */
function bytesOf(id: string): string {
  return String.fromCharCode(...new TextEncoder().encode(id));
}
