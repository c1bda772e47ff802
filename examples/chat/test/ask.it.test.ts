import { handlers } from "@ondash/msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ask, cancel } from "../src/ask.ts";
import { blocksOf, newTurn, phaseOf, problemsOf, statusOf, type Turn, turnReducer } from "../src/turn.ts";
import { scenarios } from "./scenarios.ts";

const backend = { baseUrl: "http://chat.test", conversationId: "c", retryMs: 1 };
const mock = handlers([...scenarios.values()]);
const server = setupServer(...mock);

beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterEach(() => {
  server.resetHandlers();
  mock.reset();
});
afterAll(() => server.close());

/** Asks, and gives all states that the page would draw. */
async function statesOf(text: string, leave = new AbortController()): Promise<readonly Turn[]> {
  const states = [newTurn(text)];
  await ask(backend, text, leave.signal, (action) => states.push(turnReducer(states.at(-1) as Turn, action)));
  return states;
}

describe("asking", () => {
  it("ends with the whole answer, its blocks in the order in which they were emitted", async () => {
    const states = await statesOf("Create a chart with sales data");
    expect(states.map(statusOf)).toEqual([
      "Sending…",
      "Waiting…",
      "Decomposing query...",
      "Executing chart_generation...",
      "Querying database...",
      "Querying database...",
      "Querying database...",
      "Querying database...",
      "",
    ]);
    const last = states.at(-1) as Turn;
    expect(phaseOf(last)).toBe("complete");
    expect(blocksOf(last).map(({ kind }) => kind)).toEqual(["text", "chart", "text"]);
  });

  it("shows what failed beside what is there", async () => {
    const last = (await statesOf("Chart churn and tell me why")).at(-1) as Turn;
    expect(phaseOf(last)).toBe("failed");
    expect(blocksOf(last).map(({ kind }) => kind)).toEqual(["text", "chart"]);
    expect(problemsOf(last)).toEqual([{ kind: "error", message: "The explanation could not be generated" }]);
  });

  it("is refused, with the reason, when nothing answers", async () => {
    const last = (await statesOf("Sing")).at(-1) as Turn;
    expect(phaseOf(last)).toBe("refused");
    expect(last.left?.why).toContain("nothing answers this text");
  });

  it("never takes a stream that breaks off for an answer", async () => {
    server.use(
      ...handlers([...scenarios.values()], {
        faults: [1, 2, 3, 4].map((nth) => ({ do: "cut", after: nth === 1 ? 6 : 0, nth })),
      }),
    );
    const last = (await statesOf("Create a chart with sales data")).at(-1) as Turn;
    expect(phaseOf(last)).toBe("truncated");
    expect(last.left?.why).not.toBe("");
  });

  it("is told that the user left, and then so is the backend", async () => {
    server.use(...handlers([...scenarios.values()], { speed: 1 }));
    const leave = new AbortController();
    const states = [newTurn("Think hard about our pricing")];
    await ask(backend, "Think hard about our pricing", leave.signal, (action) => {
      states.push(turnReducer(states.at(-1) as Turn, action));
      if (action.type === "accepted") leave.abort();
    });
    const last = states.at(-1) as Turn;
    expect(phaseOf(last)).toBe("cancelled");
    await cancel(backend, last.messageId as string);
    const response = await fetch(`${backend.baseUrl}/api/conversations/c/messages`);
    expect(await response.json()).toMatchObject([{ id: last.messageId, status: "MESSAGE_STATUS_FAILED" }]);
  });
});
