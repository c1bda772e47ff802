/* A program that uses the mock and then ends, if nothing holds it: `node listen.ts whole|abort|leave|alone|timeout`. */
import { streamTurn } from "@ondash/http/client";
import { handlers } from "@ondash/msw";
import { parseScenario } from "@ondash/scenario";
import { setupServer } from "msw/node";

const [, , what = ""] = process.argv;
const gap = what === "whole" ? "50ms" : "10m";
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
const mock = handlers([scenario], { speed: 1, ...(what === "timeout" ? { faults: [{ do: "timeout" }] } : {}) });
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
if (what === "leave" || what === "whole") {
  const turn = streamTurn({ baseUrl: "http://chat.test", conversationId: "c" });
  for await (const _update of turn) if (what === "leave") break;
  const { kind } = await turn.ended;
  if (what === "whole" && kind !== "complete") throw new Error(kind);
}
process.stdout.write(`${what}: done\n`);
