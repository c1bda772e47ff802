import { createManualClock } from "@ondash/core";
import { type AppOptions, createApp, type Problem } from "@ondash/http";
import { expect } from "vitest";
import { createMemorySource, type MemorySource } from "./memory-source.ts";

/** The path of a conversation. */
export const CONVERSATION = "/api/conversations/conv_1";
/** Header fields of a POST. */
export const JSON_TYPE: Readonly<Record<string, string>> = { "content-type": "application/json" };

/** Calls an app in the process. */
export interface Call {
  (method: string, path: string, init?: RequestInit): Promise<Response>;
  readonly source: MemorySource;
  /** What the app reported. */
  readonly errors: readonly unknown[];
}

/** An app over a source, with a clock that stands. */
export function setUp(options: Partial<AppOptions> = {}, source: MemorySource = createMemorySource()): Call {
  const errors: unknown[] = [];
  const app = createApp({ source, clock: createManualClock(), onError: (error) => errors.push(error), ...options });
  const call = async (method: string, path: string, init: RequestInit = {}): Promise<Response> =>
    app.fetch(new Request(`http://chat.test${path}`, { method, ...init }));
  return Object.assign(call, { source, errors });
}

/** Checks that an answer is a problem of RFC 9457 with that status and code, and gives it. */
export async function expectProblem(response: Response, status: number, code: string): Promise<Problem> {
  expect(response.status).toBe(status);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(response.headers.get("cache-control")).toBe("no-store");
  const problem = (await response.json()) as Problem;
  expect(problem).toMatchObject({ type: `urn:ondash:problem:${code}`, status });
  expect(problem.title).not.toBe("");
  expect(problem.detail).not.toBe("");
  return problem;
}

/** A POST of a message. */
export function post(text: unknown): RequestInit {
  return { headers: JSON_TYPE, body: JSON.stringify({ text }) };
}
