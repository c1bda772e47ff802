import type { Clock } from "@ondash/core";
import { type ChatSchema, chatSchemas, chatV2 } from "@ondash/schemas";
import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import { accepts } from "./accept.ts";
import { HttpError, isHttpError } from "./error.ts";
import { beginning, parseEventId } from "./event-id.ts";
import type { EventSource } from "./event-source.ts";
import { openEventStream } from "./event-stream.ts";
import { idInPath } from "./path-id.ts";
import { readPostBody } from "./post-body.ts";
import { type ProblemCode, type ProblemFields, problemResponse } from "./problem.ts";
import type { HoldBackLimits } from "./release/sequence-order.ts";
import { storedMessages } from "./stored-messages.ts";

/** What the HTTP surface is made of. */
export interface AppOptions {
  readonly source: EventSource;
  /** Paces the heartbeats. */
  readonly clock: Clock;
  /** Milliseconds without an event after which a stream writes a comment. Default 15 s. */
  readonly heartbeat?: number;
  /** Of a POST; default 64 KiB. */
  readonly maxBodyBytes?: number;
  /** How much of one chat.v2 stream may wait for a gap to be filled. Beyond it the stream is cut. */
  readonly holdBack?: Partial<HoldBackLimits>;
  /** Origins that may call from a browser, or "*". Default: none, so only pages of the same origin may. */
  readonly cors?: readonly string[];
  /** Ends all streams when it aborts, and refuses new ones: the server stops. */
  readonly signal?: AbortSignal;
  /**
   * Told of what the source throws: a request that was answered with 500, a stream that was cut. Clients are not told
   * what it was. Default: nobody is.
   */
  readonly onError?: (error: unknown, request: Request) => void;
}

const HEARTBEAT_MS = 15_000;
const MAX_BODY_BYTES = 64 * 1024;
const HOLD_BACK: HoldBackLimits = { events: 10_000, characters: 16 * 1024 * 1024 };

const CONVERSATION = "/api/conversations/:conversation_id";

/**
 * The HTTP contract as one Hono app over a source of events:
 *
 * | method, path | gives |
 * | --- | --- |
 * | `POST /api/conversations/{conversation_id}/messages` with `{"text": "…"}` | 202 `{"message_id": "…"}` |
 * | `DELETE /api/conversations/{conversation_id}/messages/{message_id}` | 202 |
 * | `GET /api/conversations/{conversation_id}/events?schema=chat.v1\|chat.v2` | `text/event-stream`, resumable by `Last-Event-ID` |
 * | `GET /api/conversations/{conversation_id}/messages?schema=` | the stored messages, a ProtoJSON array |
 *
 * The schema is chat.v2 by default. chat.v2 events come in order of their turn's `sequence`, those that were released
 * already not again; chat.v1 events as they arrive, redeliveries included. An event's `id` is opaque, and all that a
 * server needs to go on after it. A stream that breaks off ends as an error of the body, never as its clean end: so it
 * is too when more waits for a gap in the sequence than may. Every error answer is `application/problem+json`, see
 * `Problem`. HEAD and OPTIONS are answered for every path.
 *
 * The app takes nothing outside of `/api/`: a page is added to it as to any Hono app, before its first request
 * (`app.get("/", …)`). It runs wherever WHATWG fetch does: Node, service workers, pages.
 * @throws HttpError `argument` when a number is out of range.
 */
export function createApp(options: AppOptions): Hono {
  const { source, clock, heartbeat = HEARTBEAT_MS, maxBodyBytes = MAX_BODY_BYTES, onError } = options;
  const limits: HoldBackLimits = { ...HOLD_BACK, ...options.holdBack };
  checkPositive({
    heartbeat,
    maxBodyBytes,
    "holdBack.events": limits.events,
    "holdBack.characters": limits.characters,
  });

  const app = new Hono();
  if (options.cors !== undefined && options.cors.length > 0) {
    app.use("/api/*", cors({ ...CORS, origin: options.cors.includes("*") ? "*" : [...options.cors] }));
  }

  app.post(`${CONVERSATION}/messages`, async (c) => {
    const conversation = idInPath(c.req.url, 2);
    if (!("id" in conversation)) return badId(c, "conversation_id", conversation.why);
    const body = await readPostBody(c.req.raw, maxBodyBytes);
    if (body.kind !== "text") return problem(c, BODY_STATUS[body.kind], body.kind, { detail: body.detail });
    const request = { conversationId: conversation.id, text: body.text, signal: c.req.raw.signal };
    const outcome = await source.post(request);
    if (outcome.kind === "accepted") return c.json({ message_id: outcome.messageId }, 202, NO_STORE);
    if (outcome.kind === "refused") return problem(c, outcome.status, "refused", { detail: outcome.detail });
    const { candidates } = outcome;
    const list = candidates.length === 0 ? "there is nothing that could" : `what could: ${candidates.join(", ")}`;
    return problem(c, 404, "no-match", { detail: `nothing answers this text; ${list}`, candidates });
  });

  app.get(`${CONVERSATION}/messages`, async (c) => {
    const conversation = idInPath(c.req.url, 2);
    if (!("id" in conversation)) return badId(c, "conversation_id", conversation.why);
    const schema = schemaParameter(c);
    if (schema === undefined) return unknownSchema(c);
    if (!accepts(c.req.header("accept"), "application/json")) return notAcceptable(c, "application/json");
    const events = await source.history({ conversationId: conversation.id, schema: schema.name });
    return c.json(storedMessages(schema, events), 200, NO_STORE);
  });

  app.delete(`${CONVERSATION}/messages/:message_id`, async (c) => {
    const conversation = idInPath(c.req.url, 3);
    if (!("id" in conversation)) return badId(c, "conversation_id", conversation.why);
    const message = idInPath(c.req.url, 1);
    if (!("id" in message)) return badId(c, "message_id", message.why);
    const outcome = await source.cancel({ conversationId: conversation.id, messageId: message.id });
    if (outcome === "accepted") return c.body(null, 202, NO_STORE);
    const detail = `conversation "${conversation.id}" has no turn "${message.id}"`;
    return problem(c, 404, "unknown-turn", { detail });
  });

  app.get(`${CONVERSATION}/events`, async (c) => {
    const conversation = idInPath(c.req.url, 2);
    if (!("id" in conversation)) return badId(c, "conversation_id", conversation.why);
    const schema = schemaParameter(c);
    if (schema === undefined) return unknownSchema(c);
    if (!accepts(c.req.header("accept"), "text/event-stream")) return notAcceptable(c, "text/event-stream");
    try {
      const lastEventId = c.req.header("last-event-id") ?? "";
      const resume = lastEventId === "" ? beginning : parseEventId(schema, conversation.id, lastEventId);
      // The answer to HEAD has no body that somebody could end: nothing must be opened for it.
      if (c.req.raw.method === "HEAD") return c.body(null, 200, STREAM_HEADERS);
      if (options.signal?.aborted === true) return problem(c, 503, "refused", { detail: "the server is stopping" });
      const { signal } = c.req.raw;
      const body = await openEventStream({
        source,
        clock,
        schema,
        conversationId: conversation.id,
        resume,
        heartbeat,
        limits,
        signals: options.signal === undefined ? [signal] : [signal, options.signal],
        onError: (error) => onError?.(error, c.req.raw),
      });
      return c.body(body, 200, STREAM_HEADERS);
    } catch (error) {
      if (!isHttpError(error) || error.code !== "position") throw error;
      return problem(c, 400, "bad-last-event-id", { detail: error.message });
    }
  });

  for (const [path, methods] of ROUTES) {
    app.all(path, (c) => {
      const headers = { allow: methods };
      if (c.req.method === "OPTIONS") return c.body(null, 204, headers);
      const detail = `${c.req.method} is not for this path; use one of ${methods}`;
      return problem(c, 405, "method-not-allowed", { detail }, headers);
    });
  }
  app.notFound((c) =>
    problem(c, 404, "unknown-route", { detail: `there is nothing at ${new URL(c.req.url).pathname}` }),
  );
  app.onError((error, c) => {
    // A client that has gone away is no failure, and reads no answer.
    if (!c.req.raw.signal.aborted) onError?.(error, c.req.raw);
    return problem(c, 500, "internal", { detail: "the request failed in the server; its log has the cause" });
  });
  return app;
}

/** All paths with their methods, as the Allow field has them. */
const ROUTES: ReadonlyArray<readonly [path: string, methods: string]> = [
  [`${CONVERSATION}/messages`, "GET, HEAD, OPTIONS, POST"],
  [`${CONVERSATION}/messages/:message_id`, "DELETE, OPTIONS"],
  [`${CONVERSATION}/events`, "GET, HEAD, OPTIONS"],
];

const CORS = {
  allowMethods: ["GET", "HEAD", "POST", "DELETE"],
  allowHeaders: ["content-type", "last-event-id"],
  exposeHeaders: [],
  maxAge: 600,
};

const NO_STORE = { "cache-control": "no-store" };

const STREAM_HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache",
  // For nginx, which gathers what it passes on unless told not to.
  "x-accel-buffering": "no",
};

const BODY_STATUS = { "unsupported-media-type": 415, "body-too-large": 413, "malformed-body": 400 } as const;

function problem(
  c: Context,
  status: number,
  code: ProblemCode,
  fields: ProblemFields,
  headers?: Readonly<Record<string, string>>,
): Response {
  return problemResponse(c.req.raw, status, code, fields, headers);
}

function badId(c: Context, name: string, why: string): Response {
  return problem(c, 400, "bad-id", { detail: `the ${name} in the path ${why}` });
}

function notAcceptable(c: Context, mediaType: string): Response {
  return problem(c, 406, "not-acceptable", { detail: `this path gives ${mediaType}; accept it` });
}

/** Undefined when there is no such schema, or the parameter is there twice. */
function schemaParameter(c: Context): ChatSchema | undefined {
  const [name = chatV2.name, ...more] = c.req.queries("schema") ?? [];
  return more.length > 0 ? undefined : chatSchemas.find((schema) => schema.name === name);
}

function unknownSchema(c: Context): Response {
  const known = chatSchemas.map((schema) => schema.name);
  const got = (c.req.queries("schema") ?? []).map((name) => `"${name}"`).join(" and ");
  return problem(c, 400, "unknown-schema", { detail: `schema must be one of ${known.join(", ")}, got ${got}`, known });
}

function checkPositive(numbers: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (!(value > 0)) throw new HttpError("argument", `${name} must be more than 0, got ${value}`);
  }
}
