import { readdirSync, readFileSync } from "node:fs";
import { handlers, type ScenarioInput } from "@ondash/msw";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { describe, expect, it } from "vitest";
import { startMock } from "./support/mock.ts";
import { directory, shippedNames, shippedScenario } from "./support/scenarios.ts";
import { readEvents } from "./support/sse.ts";

const HELLO = `
scenario: hello
match: { user_message: { regex: hello } }
steps: [{ status: "Hello, you" }, { completion: { type: CONVERSATION } }]
`;

describe("handlers", () => {
  it.each<[string, ScenarioInput]>([
    ["a text", [HELLO]],
    ["texts by path", { "./mocks/hello.yaml": HELLO }],
    ["a text beside a parsed scenario", [shippedScenario("sales-chart"), HELLO]],
  ])("take %s", async (_what, input) => {
    using mock = startMock(input);
    expect((await mock.post("c", "hello")).status).toBe(202);
    const stream = readEvents(await mock.events("c"));
    const [first] = await stream.take(1);
    expect(JSON.parse(first?.data ?? "")).toMatchObject({ sequence: 1, status: { message: "Hello, you" } });
    await stream.close();
  });

  it("take all files of a folder, as a bundler gives them; the first that matches answers", async () => {
    const files = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((file) => /\.ya?ml$/.test(file));
    const texts = Object.fromEntries(
      files.map((file) => [`/scenarios/${file}`, readFileSync(`${directory}/${file}`, "utf8")]),
    );
    using mock = startMock(texts);
    const answer = await mock.post("c", "nothing that anybody answers");
    const { candidates } = (await answer.json()) as { candidates: string[] };
    expect(candidates.toSorted()).toEqual(shippedNames().toSorted());
    expect((await mock.post("c", "What does EBITDA stand for?")).status).toBe(202);
  });

  it("leave every other request to other handlers", async () => {
    const server = setupServer(
      ...handlers([HELLO]),
      http.get("*/api/users", () => HttpResponse.json(["me"])),
    );
    server.listen({ onUnhandledFrame: "error" });
    expect(await (await fetch("http://chat.test/api/users")).json()).toEqual(["me"]);
    server.close();
  });

  it("tell what went wrong in the mock itself, or broke a stream", async () => {
    const told: string[] = [];
    const onError = (error: unknown, request: Request): void => {
      told.push(`${new URL(request.url).pathname.replace(/.*\//, "")}: ${String(error)}`);
    };
    using mock = startMock([HELLO], { onError });
    const stream = readEvents(await mock.events("c"));
    const rest = stream.rest();
    mock.handlers.reset();
    expect(await rest).toMatchObject({ events: [], end: "broken" });
    mock.handlers[Symbol.dispose]();
    expect((await mock.post("c", "hello")).status).toBe(500);
    expect(told).toEqual([
      "events: MswError: [closed] the conversation was reset",
      expect.stringMatching(/^messages: MswError: \[closed\] these scenarios were disposed of/),
    ]);
  });

  it("begin anew after a reset: the same ids, the same faults", async () => {
    using mock = startMock([shippedScenario("sales-chart")], { faults: [{ do: "cut", after: 1 }] });
    const rounds: unknown[] = [];
    for (const _round of [1, 2]) {
      const posted = await (await mock.post("c", "sales")).json();
      const { events, end } = await readEvents(await mock.events("c")).rest();
      rounds.push([posted, events, end]);
      mock.handlers.reset();
    }
    expect(rounds[1]).toEqual(rounds[0]);
  });
});
