import { createManualClock, type ManualClock } from "@ondash/core";
import { postMessage, streamTurn, type TurnEnd } from "@ondash/http/client";
import { type HandlersOptions, handlers, parseScenarios, type ScenarioHandlers } from "@ondash/msw";
import type { Scenario } from "@ondash/scenario";
import { EventSource as FetchEventSource } from "eventsource";
import { type SetupWorker, setupWorker } from "msw/browser";

/** What the tests use on the page, as `ondash` of its global object. */
export interface PageApi {
  /** Puts scenarios, by path, behind the service worker, in place of those before. */
  start(
    files: Readonly<Record<string, string>>,
    options?: Omit<HandlersOptions, "clock"> & {
      /** Time stands still until `clock` is advanced. */
      readonly manual?: boolean;
      /** Names of the scenarios that answer; the others are there for `extends` and `include`. Default: all. */
      readonly only?: readonly string[];
    },
  ): Promise<void>;
  readonly clock: ManualClock;
  readonly mock: ScenarioHandlers;
  readonly streamTurn: typeof streamTurn;
  /** The npm package's EventSource, which is made of fetch. */
  readonly FetchEventSource: typeof FetchEventSource;
  /** Says something in a conversation; gives the id of the message that answers. */
  say(conversationId: string, text: string): Promise<string>;
  /** The ids of a turn's events and how it ended, followed by `streamTurn`. */
  follow(conversationId: string, messageId: string): Promise<{ ids: string[]; end: TurnEnd["kind"] }>;
}

declare global {
  /** Set by the page program. */
  var ondash: PageApi;
}

const clock = createManualClock();
let mock: ScenarioHandlers | undefined;

let worker: SetupWorker | undefined;
let parsed: { readonly files: object; readonly scenarios: readonly Scenario[] } | undefined;

globalThis.ondash = {
  async start(files, { manual = false, only, ...options } = {}) {
    mock?.[Symbol.dispose]();
    if (parsed?.files !== files) parsed = { files, scenarios: parseScenarios(files) };
    const answering = parsed.scenarios.filter(({ name }) => only?.includes(name) ?? true);
    mock = handlers(answering, manual ? { ...options, clock } : options);
    if (worker !== undefined) return worker.resetHandlers(...mock);
    worker = setupWorker(...mock);
    // What no handler answers is an error in the tests, but for the page's own files, which are loaded already.
    await worker.start({ quiet: true, onUnhandledFrame: "error" });
  },
  clock,
  get mock() {
    if (mock === undefined) throw new Error("start() comes first");
    return mock;
  },
  streamTurn,
  FetchEventSource,
  async say(conversationId, text) {
    const { messageId } = await postMessage({ baseUrl: "", conversationId, text });
    return messageId;
  },
  async follow(conversationId, messageId) {
    const turn = streamTurn({ baseUrl: "", conversationId, messageId, retryMs: 1 });
    const ids: string[] = [];
    for await (const { event } of turn) ids.push(event.eventId);
    return { ids, end: (await turn.ended).kind };
  },
};
