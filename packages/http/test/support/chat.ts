import { type AppOptions, createApp } from "@ondash/http";
import type { Hono } from "hono";
import { expect } from "vitest";
import { createMemorySource, type MemorySource } from "./memory-source.ts";
import { readSse, type SseReader } from "./read-sse.ts";
import { createWatchedClock, type WatchedClock } from "./watched-clock.ts";

/** A way from a client to the app. */
export interface Connection extends AsyncDisposable {
  /** Fetches a path of the app. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Events of 64 KiB that the way itself may hold while the client reads nothing. */
  readonly buffers: number;
  /** Whether a cut may overtake what was sent just before it: a socket that is torn down loses what it had not sent. */
  readonly lossy: boolean;
}

/** Connects a client to an app. */
export type Connect = (app: Hono) => Promise<Connection>;

/** A client, an app and what is behind it. */
export interface Chat extends Connection {
  readonly source: MemorySource;
  readonly clock: WatchedClock;
  /** What the app reported. */
  readonly errors: readonly unknown[];
  /** Opens the stream of conv_1. */
  open(init?: RequestInit, query?: string): Promise<SseReader>;
}

/** The path of conv_1's stream. */
export const EVENTS = "/api/conversations/conv_1/events";

/** Connects a client to an app over an empty source. */
export async function startChat(connect: Connect, options: Partial<AppOptions> = {}): Promise<Chat> {
  const source = createMemorySource();
  const clock = createWatchedClock();
  const errors: unknown[] = [];
  const app = createApp({ source, clock, onError: (error) => errors.push(error), ...options });
  const connection = await connect(app);
  return {
    source,
    clock,
    errors,
    fetch: (path, init) => connection.fetch(path, init),
    buffers: connection.buffers,
    lossy: connection.lossy,
    async open(init = {}, query = "") {
      const response = await connection.fetch(EVENTS + query, init);
      expect(response.status).toBe(200);
      return readSse(response);
    },
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}
