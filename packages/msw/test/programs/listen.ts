/* A program that uses the mock and then ends, if nothing holds it: `node listen.ts whole|reconnect|idle|abort|leave|alone|timeout`. */
import { streamTurn } from "@ondash/http/client";
import { type HttpFault, handlers } from "@ondash/msw";
import { parseScenario } from "@ondash/scenario";
import { setupServer } from "msw/node";

const [, , what = ""] = process.argv;
const isShort = ["whole", "reconnect", "idle"].includes(what);
const gap = isShort ? "50ms" : "10m";
const scenario = parseScenario(
  `
scenario: slow
match: { user_message: { regex: "." } }
task: task_1
steps:
  - { status: First, task: none }
  - { text: { position: STANDALONE, body: Second }, after: ${gap} }
  - { completion: { type: TASK }, after: ${gap} }
`,
  { file: "slow.yaml" },
);
const faults: readonly HttpFault[] =
  what === "timeout" ? [{ do: "timeout" }] : what === "reconnect" ? [{ do: "cut", after: 1 }] : [];
const mock = handlers([scenario], { speed: 1, faults });
const server = setupServer(...mock);
server.listen({ onUnhandledFrame: "error" });

const api = "http://chat.test/api/conversations/c";
const post = (signal?: AbortSignal): Promise<Response> =>
  fetch(`${api}/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"text":"hello"}',
    ...(signal === undefined ? {} : { signal }),
  });

if (what === "timeout") {
  const page = new AbortController();
  const asked = post(page.signal);
  // The first POST is on its way once a later request has been answered.
  await fetch(`${api}/messages`);
  page.abort();
  await asked.then(
    () => Promise.reject(new Error("answered")),
    () => undefined,
  );
} else {
  await post();
}
if (what === "abort") {
  const page = new AbortController();
  const response = await fetch(`${api}/events`, { signal: page.signal });
  await response.body?.getReader().read();
  page.abort();
}
if (what === "idle") await mock.source.idle();
if (["leave", "whole", "reconnect"].includes(what)) {
  const turn = streamTurn({ baseUrl: "http://chat.test", conversationId: "c" });
  for await (const _update of turn) if (what === "leave") break;
  const { kind } = await turn.ended;
  if (isShort && kind !== "complete") throw new Error(kind);
}
process.stdout.write(`${what}: done\n`);
