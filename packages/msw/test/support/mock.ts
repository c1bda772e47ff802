import { type HandlersOptions, handlers, type ScenarioHandlers, type ScenarioInput } from "@ondash/msw";
import { setupServer } from "msw/node";

/** Where the mocked API seems to be. */
export const ORIGIN = "http://chat.test";

/** Handlers in front of this process's fetch. */
export interface Mock extends Disposable {
  readonly handlers: ScenarioHandlers;
  /** Posts a text; the raw answer. */
  post(conversation: string, text: string, init?: RequestInit): Promise<Response>;
  /** Opens an event stream; the raw answer. */
  events(conversation: string, query?: string, init?: RequestInit): Promise<Response>;
}

/** Starts them. */
export function startMock(scenarios: ScenarioInput, options: HandlersOptions = {}): Mock {
  const made = handlers(scenarios, options);
  const server = setupServer(...made);
  server.listen({ onUnhandledFrame: "error" });
  const url = (conversation: string, rest: string): string => `${ORIGIN}/api/conversations/${conversation}/${rest}`;
  return {
    handlers: made,
    post: (conversation, text, init = {}) =>
      fetch(url(conversation, "messages"), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ text }),
        ...init,
      }),
    events: (conversation, query = "", init = {}) => fetch(url(conversation, `events${query}`), init),
    [Symbol.dispose]() {
      made[Symbol.dispose]();
      server.close();
    },
  };
}
