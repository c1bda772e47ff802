import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { toJson } from "@bufbuild/protobuf";
import { foldMessage } from "@ondash/contract";
import { createManualClock, startDeadline } from "@ondash/core";
import { streamTurn } from "@ondash/http/client";
import { parseScenario } from "@ondash/scenario";
import { type SchemaName, schemaOf } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { expectedOf } from "./laws/expected.ts";
import { ORIGIN, startMock } from "./support/mock.ts";
import { shippedScenario } from "./support/scenarios.ts";
import { readEvents } from "./support/sse.ts";

const SCHEMAS: readonly SchemaName[] = ["chat.v1", "chat.v2"];
const SALES = "Create a chart with sales data";

/** Its second event comes in ten minutes: whoever sees the first has not waited for the last. */
const endless = parseScenario(
  `
scenario: endless
match: { user_message: { regex: "." } }
task: task_1
steps:
  - { status: First, task: none }
  - { text: { position: STANDALONE, body: Second }, after: 10m }
  - completion: { type: TASK }
`,
  { file: "endless.yaml" },
);

describe("in Node, with msw's setupServer", () => {
  it.each(SCHEMAS)("each event of %s is read before the next is said", async (schema) => {
    const clock = createManualClock();
    const scenario = shippedScenario("sales-chart");
    using mock = startMock([scenario], { speed: 1, clock });
    const stream = readEvents(await mock.events("c", `?schema=${schema}`));
    expect((await mock.post("c", SALES)).status).toBe(202);
    const { plan } = expectedOf(scenario, schema, "c");
    const said = async (): Promise<number> =>
      (await mock.handlers.source.history({ conversationId: "c", schema })).length;
    expect(await said()).toBe(0);
    for (const [index, { eventId, at }] of plan.events.entries()) {
      // Not a millisecond earlier than the scenario says.
      await clock.advance(Math.max(0, at - clock.monotonic() - 1e-3));
      expect(await said()).toBe(index);
      await clock.advance(at - clock.monotonic() + 1e-3);
      const event = await stream.next();
      expect(JSON.parse(event?.data ?? "")).toMatchObject({ eventId });
      expect(await said()).toBe(index + 1);
    }
    await stream.close();
  });

  it("on the machine's own clock, too: the first event is read while the last is not said yet", async () => {
    using mock = startMock([endless], { speed: 1 });
    await mock.post("c", "hello");
    const stream = readEvents(await mock.events("c"));
    expect(await stream.next()).toMatchObject({ event: "status" });
    expect(await mock.handlers.source.history({ conversationId: "c", schema: "chat.v2" })).toHaveLength(1);
    await stream.close();
  });

  describe("a cut stream", () => {
    it("is an error for fetch, after the events that came before it", async () => {
      using mock = startMock([shippedScenario("sales-chart")], { faults: [{ do: "cut", after: 3 }] });
      await mock.post("c", SALES);
      const { events, end, error } = await readEvents(await mock.events("c")).rest();
      expect([events.length, end]).toEqual([3, "broken"]);
      expect(error).toBeInstanceOf(TypeError);
    });

    it.each(SCHEMAS)("is truncated for streamTurn of %s when it does not reconnect, else complete", async (schema) => {
      for (const after of [0, 1, 6]) {
        using mock = startMock([shippedScenario("sales-chart")], { faults: [{ do: "cut", after }] });
        for (const [conversation, maxAttempts, kind] of [
          ["a", 1, "truncated"],
          ["b", 3, "complete"],
        ] as const) {
          await mock.post(conversation, SALES);
          const options = {
            baseUrl: ORIGIN,
            conversationId: conversation,
            schema,
            maxAttempts,
            retryMs: 1,
            settleMs: 0,
          };
          const turn = streamTurn(options);
          let updates = 0;
          for await (const _update of turn) updates++;
          const ended = await turn.ended;
          expect([after, ended.kind, updates]).toEqual([after, kind, kind === "complete" ? 7 : after]);
        }
      }
    });
  });

  it("an abort ends the stream at once and lets the turn go on", async () => {
    const clock = createManualClock();
    using mock = startMock([shippedScenario("sales-chart")], { speed: 1, clock });
    await mock.post("c", SALES);
    const page = new AbortController();
    const stream = readEvents(await mock.events("c", "", { signal: page.signal }));
    await clock.advance(400);
    expect(await stream.next()).toMatchObject({ event: "status" });
    page.abort();
    await expect(stream.rest()).resolves.toMatchObject({ end: "broken", error: { name: "AbortError" } });
    await clock.advance(10_000);
    await mock.handlers.source.idle();
    expect(await mock.handlers.source.history({ conversationId: "c", schema: "chat.v2" })).toHaveLength(7);
    // What is left is nothing: no heartbeat, no pause.
    expect(clock.pending).toBe(0);
  });

  it("100 turns at a time are kept apart", async () => {
    const names = ["sales-chart", "multi-task", "unicode", "partial-failure"];
    const scenarios = names.map(shippedScenario);
    using mock = startMock(
      // Each answers its own prompt only.
      scenarios.map((scenario) => ({ ...scenario, match: { regex: `^${scenario.name}$`, flags: "" } })),
      { speed: 50 },
    );
    using deadline = startDeadline(30_000);
    const turns = Array.from({ length: 100 }, async (_, index) => {
      const scenario = scenarios[index % scenarios.length] as (typeof scenarios)[number];
      // In chat.v1 nobody knows whether another task follows: only a turn of one task ends when it comes to rest.
      const schema =
        scenario.name === "multi-task" || index % 8 >= scenarios.length ? ("chat.v2" as const) : ("chat.v1" as const);
      const conversationId = `conversation ${index}`;
      await mock.post(encodeURIComponent(conversationId), scenario.name);
      const turn = streamTurn({ baseUrl: ORIGIN, conversationId, schema, settleMs: 0 });
      const ended = await turn.ended;
      const { envelopes } = expectedOf(scenario, schema, conversationId);
      const desc = schemaOf(schema).message;
      expect(ended.message && toJson(desc, ended.message)).toEqual(
        toJson(desc, foldMessage(schemaOf(schema), envelopes)),
      );
      return ended.kind;
    });
    const kinds = await deadline.race(Promise.all(turns), () => "the ends of 100 turns");
    expect(kinds.filter((kind) => kind === "truncated")).toEqual([]);
    expect(kinds).toContain("complete");
  });

  it("as many turns of one scenario in one conversation are kept apart, too", async () => {
    using mock = startMock([shippedScenario("sales-chart")], { speed: 50 });
    const ids = await Promise.all(
      Array.from({ length: 25 }, async () => {
        const { message_id: messageId } = (await (await mock.post("c", SALES)).json()) as { message_id: string };
        const turn = streamTurn({ baseUrl: ORIGIN, conversationId: "c", messageId });
        expect((await turn.ended).kind).toBe("complete");
        return messageId;
      }),
    );
    expect(new Set(ids).size).toBe(25);
  });

  it.each([
    ["reads a turn to its end, though nothing else keeps it alive", "whole"],
    ["reconnects and reads it to its end", "reconnect"],
    ["waits until nothing is played any more", "idle"],
    ["ends when the page went away in the middle of a turn", "abort"],
    ["ends when streamTurn was left in the middle of a turn", "leave"],
    ["ends when nobody ever listened", "alone"],
    ["ends when an answer that never comes was given up", "timeout"],
  ])("a process %s", async (_title, what) => {
    const program = join(import.meta.dirname, "programs/listen.ts");
    // Ended by the operating system if it does not end by itself.
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, what], { timeout: 30_000 });
    expect([stdout, stderr]).toEqual([`${what}: done\n`, ""]);
  });
});
