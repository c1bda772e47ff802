import { createRandom, systemClock } from "@ondash/core";
import { createApp } from "@ondash/http";
import { parseScenario, type Scenario } from "@ondash/scenario";
import type { RequestHandler } from "msw";
import { http } from "msw/http";
import { MswError } from "./error.ts";
import { type HttpFault, isPostFault, refuseWrongFaults, strikesRequest } from "./faults.ts";
import { faultySource } from "./faulty-source.ts";
import { faultyStream } from "./faulty-stream.ts";
import { drawLatency, type Latency, latencyBounds } from "./latency.ts";
import { parseScenarios } from "./parse-scenarios.ts";
import { createScenarioSource, type ScenarioSource, type ScenarioSourceOptions } from "./scenario-source.ts";

/** How the mocked server behaves. */
export interface HandlersOptions extends ScenarioSourceOptions {
  /** How long each answer takes to begin, whatever `speed` is. Default: no time at all. */
  readonly latency?: Latency;
  /** What goes wrong on the way to the page. Default: nothing. */
  readonly faults?: readonly HttpFault[];
  /**
   * Told of what went wrong in the mock itself (a scenario that can't be played with these options, too much held back
   * for a gap) or broke a stream. The page is told no more than that it did: 500, or a cut. Default: nobody is.
   */
  readonly onError?: (error: unknown, request: Request) => void;
}

/** Handlers for `setupServer(...handlers)` and `setupWorker(...handlers)`, and what is behind them. */
export interface ScenarioHandlers extends ReadonlyArray<RequestHandler>, Disposable {
  /** What plays the scenarios: wait for its `idle`, or ask for a conversation's `history`. */
  readonly source: ScenarioSource;
  /** Between two tests: forgets all conversations and counts; turns stop, open streams are cut. */
  reset(): void;
  /** As `reset`, for good. */
  [Symbol.dispose](): void;
}

/**
 * Scenarios, or the texts of their files: by path (see `parseScenarios`), or alone when they need no other file.
 */
export type ScenarioInput = readonly (Scenario | string)[] | Readonly<Record<string, string>>;

/**
 * The HTTP contract of ONDASH as MSW handlers, with scenarios behind it: the same app that the live server runs, so the
 * paths, the status codes, the events and their ids are the real ones. They answer for
 * `*\/api/conversations/*` of any host; everything else is left to your other handlers.
 *
 * At speed 0 everything is deterministic: the same requests get the same bytes.
 *
 * @throws MswError `option` for options that it does not take; ScenarioError for texts that are no scenario.
 */
export function handlers(input: ScenarioInput, options: HandlersOptions = {}): ScenarioHandlers {
  const { faults = [], latency = 0, clock = systemClock, seed = 42, onError } = options;
  refuseWrongFaults(faults);
  const bounds = latencyBounds(latency);
  const source = createScenarioSource(scenariosOf(input), options);
  let lifetime = new AbortController();
  const counts = new Map<string, number>();
  const count = (key: string): number => {
    const next = (counts.get(key) ?? 0) + 1;
    counts.set(key, next);
    return next;
  };
  const streamFaults = faults.flatMap((fault) => (isPostFault(fault) ? [] : [fault]));
  const app = createApp({
    source: faultySource(source, {
      faults: faults.filter(isPostFault),
      countOf: (conversationId) => count(`post ${conversationId}`),
      lifetime: () => lifetime.signal,
    }),
    clock,
    ...(onError === undefined ? {} : { onError }),
  });
  const draws = createRandom(seed).fork("http");

  async function answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (bounds.max > 0) {
      const random = draws.fork("latency", request.method, pathname, count(`latency ${request.method} ${pathname}`));
      await clock.sleep(drawLatency(bounds, random), request.signal);
    }
    const response = await app.fetch(request);
    const { body } = response;
    if (body === null || !isStream(response)) return response;
    const nth = count(`stream ${pathname}`);
    const striking = streamFaults.filter((fault) => strikesRequest(fault, nth));
    const random = draws.fork("stream", pathname, nth);
    const stream = faultyStream(body, { faults: striking, random, clock });
    // A body of unknown length: without saying so, Node would take its breaking off for its end.
    const headers = new Headers(response.headers);
    headers.set("transfer-encoding", "chunked");
    return new Response(stream, { status: response.status, headers });
  }

  const handler = http.all("*/api/conversations/*", async ({ request }) => {
    try {
      return await answer(request);
    } catch (error) {
      // Nobody waits for an answer any more.
      if (request.signal.aborted) return Response.error();
      throw error;
    }
  });
  const reset = (): void => {
    counts.clear();
    lifetime.abort(new MswError("closed", "the mock was reset"));
    lifetime = new AbortController();
    source.reset();
  };
  return Object.assign([handler], {
    source,
    reset,
    [Symbol.dispose]() {
      reset();
      source[Symbol.dispose]();
    },
  });
}

function isStream({ headers }: Response): boolean {
  return headers.get("content-type")?.startsWith("text/event-stream") === true;
}

function scenariosOf(input: ScenarioInput): readonly Scenario[] {
  if (!Array.isArray(input)) return parseScenarios(input as Readonly<Record<string, string>>);
  return (input as readonly (Scenario | string)[]).map((item, index) =>
    typeof item === "string" ? parseScenario(item, { file: `scenario ${index + 1}` }) : item,
  );
}
