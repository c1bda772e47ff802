import { fromJson } from "@bufbuild/protobuf";
import { foldMessage } from "@ondash/contract";
import { chatV2 } from "@ondash/schemas";
import { validTurn } from "@ondash/schemas/arbitraries";
import * as v2 from "@ondash/schemas/chat/v2";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CONVERSATION, expectProblem, JSON_TYPE, post, setUp } from "../test/support/call-app.ts";
import { statusesV1, statusesV2 } from "../test/support/events.ts";
import { createMemorySource } from "../test/support/memory-source.ts";
import type { PostOutcome } from "./event-source.ts";

describe("POST of a message", () => {
  it("answers 202 with the id of the turn's message", async () => {
    const call = setUp();
    const response = await call("POST", `${CONVERSATION}/messages`, post("Create a chart with sales data"));
    expect(response.status).toBe(202);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toEqual({ message_id: "msg_1" });
    expect(call.source.posted).toEqual([{ conversationId: "conv_1", text: "Create a chart with sales data" }]);
  });

  it("gives the source the decoded id of the conversation", async () => {
    const call = setUp();
    await call("POST", "/api/conversations/a%2Fb%20%25%E6%97%A5/messages", post("hi"));
    expect(call.source.posted).toEqual([{ conversationId: "a/b %日", text: "hi" }]);
  });

  it("takes unknown members and a charset", async () => {
    const call = setUp();
    const headers = { "content-type": 'Application/JSON; charset="UTF-8"' };
    const response = await call("POST", `${CONVERSATION}/messages`, { headers, body: '{"text":"hi","more":1}' });
    expect(response.status).toBe(202);
  });

  it("lists what could answer when nothing does", async () => {
    const outcome: PostOutcome = { kind: "no-match", candidates: ["sales-chart", "text-only"] };
    const call = setUp(
      {},
      createMemorySource(() => outcome),
    );
    const problem = await expectProblem(await call("POST", `${CONVERSATION}/messages`, post("?")), 404, "no-match");
    expect(problem.candidates).toEqual(["sales-chart", "text-only"]);
    expect(problem.detail).toBe("nothing answers this text; what could: sales-chart, text-only");
    expect(problem.instance).toBe(`${CONVERSATION}/messages`);
  });

  it.each([500, 502, 503, 504] as const)("passes on that the backend refuses with %i", async (status) => {
    const call = setUp(
      {},
      createMemorySource(() => ({ kind: "refused", status, detail: "on purpose" })),
    );
    const problem = await expectProblem(await call("POST", `${CONVERSATION}/messages`, post("hi")), status, "refused");
    expect(problem.detail).toBe("on purpose");
    expect(call.errors).toEqual([]);
  });

  it.each([
    ["no JSON", "{"],
    ["nothing", ""],
    ["bytes that are no UTF-8", new Uint8Array([0x22, 0xff, 0x22])],
    ["an array", "[]"],
    ["null", "null"],
    ["a string", '"hi"'],
    ["no text", "{}"],
    ["text that is a number", '{"text":1}'],
    ["blank text", '{"text":" \\n"}'],
    ["a lone surrogate", '{"text":"\\ud800"}'],
    ["text from a prototype", '{"__proto__":{"text":"hi"}}'],
    ["very deep JSON", `${"[".repeat(30_000)}${"]".repeat(30_000)}`],
  ])("refuses %s with 400", async (_, body) => {
    const call = setUp();
    const response = await call("POST", `${CONVERSATION}/messages`, { headers: JSON_TYPE, body });
    await expectProblem(response, 400, "malformed-body");
    expect(call.source.posted).toEqual([]);
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", undefined])(
    "refuses the media type %s with 415",
    async (type) => {
      const call = setUp();
      const body = new TextEncoder().encode('{"text":"hi"}');
      const headers: Record<string, string> = type === undefined ? {} : { "content-type": type };
      await expectProblem(
        await call("POST", `${CONVERSATION}/messages`, { headers, body }),
        415,
        "unsupported-media-type",
      );
    },
  );

  describe("beyond the size that is taken", () => {
    const body = JSON.stringify({ text: "x".repeat(100) });

    it("takes a body of exactly that size", async () => {
      const call = setUp({ maxBodyBytes: body.length });
      expect((await call("POST", `${CONVERSATION}/messages`, { headers: JSON_TYPE, body })).status).toBe(202);
    });

    it("refuses one byte more, with and without Content-Length, and when that lies", async () => {
      const call = setUp({ maxBodyBytes: body.length - 1 });
      for (const length of [undefined, "1", String(body.length), "nonsense"]) {
        const headers = { ...JSON_TYPE, ...(length === undefined ? {} : { "content-length": length }) };
        const response = await call("POST", `${CONVERSATION}/messages`, { headers, body });
        await expectProblem(response, 413, "body-too-large");
      }
      expect(call.source.posted).toEqual([]);
    });

    it("stops reading an endless body", async () => {
      const call = setUp({ maxBodyBytes: 10_000 });
      let pulled = 0;
      let cancelled = false;
      const endless = new ReadableStream<Uint8Array>({
        pull(controller) {
          pulled++;
          controller.enqueue(new Uint8Array(1_000).fill(0x20));
        },
        cancel() {
          cancelled = true;
        },
      });
      const init = { headers: JSON_TYPE, body: endless, duplex: "half" } as RequestInit;
      await expectProblem(await call("POST", `${CONVERSATION}/messages`, init), 413, "body-too-large");
      expect(cancelled).toBe(true);
      expect(pulled).toBeLessThan(15);
    });
  });
});

describe("DELETE of a message", () => {
  it("answers 202 for a turn of the conversation, 404 for any other", async () => {
    const call = setUp();
    await call("POST", `${CONVERSATION}/messages`, post("hi"));
    const response = await call("DELETE", `${CONVERSATION}/messages/msg_1`);
    expect(response.status).toBe(202);
    expect(await response.text()).toBe("");
    expect(call.source.cancelled).toEqual([{ conversationId: "conv_1", messageId: "msg_1" }]);
    await expectProblem(await call("DELETE", `${CONVERSATION}/messages/msg_2`), 404, "unknown-turn");
    await expectProblem(await call("DELETE", "/api/conversations/conv_2/messages/msg_1"), 404, "unknown-turn");
  });
});

describe("GET of the stored messages", () => {
  it("gives an empty array for a conversation without events", async () => {
    const response = await setUp()("GET", `${CONVERSATION}/messages`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toEqual([]);
  });

  it("gives the fold of each turn, in order of their first events", async () => {
    await fc.assert(
      fc.asyncProperty(
        validTurn(chatV2, { conversationId: "conv_1", messageId: "msg_z" }),
        validTurn(chatV2, { conversationId: "conv_1", messageId: "msg_a" }),
        fc.infiniteStream(fc.boolean()),
        async (one, two, choice) => {
          const call = setUp();
          const left: [v2.EventEnvelope[], v2.EventEnvelope[]] = [[...one.events], [...two.events]];
          const [first] = left[0].splice(0, 1);
          if (first === undefined) throw new Error("a turn has events");
          call.source.push("conv_1", "chat.v2", { envelope: first });
          while (left[0].length + left[1].length > 0) {
            const [chosen, other] = choice.next().value === true ? left : [left[1], left[0]];
            const event = chosen.shift() ?? other.shift();
            if (event !== undefined) call.source.push("conv_1", "chat.v2", { envelope: event }, { envelope: event });
          }
          const response = await call("GET", `${CONVERSATION}/messages?schema=chat.v2`);
          const stored = ((await response.json()) as never[]).map((json) => fromJson(v2.MessageSchema, json));
          expect(stored).toEqual([foldMessage(chatV2, one.events), foldMessage(chatV2, two.events)]);
        },
      ),
      { numRuns: 15 },
    );
  });

  it("gives the schema that is asked for", async () => {
    const call = setUp();
    for (const envelope of statusesV1("conv_1", "msg_1", 2)) call.source.push("conv_1", "chat.v1", { envelope });
    const response = await call("GET", `${CONVERSATION}/messages?schema=chat.v1`);
    expect(await response.json()).toMatchObject([{ id: "msg_1", role: "assistant" }]);
    expect(await (await call("GET", `${CONVERSATION}/messages`)).json()).toEqual([]);
  });

  it("leaves out what can't be folded", async () => {
    const call = setUp();
    const [whole] = statusesV2("conv_1", "msg_1", 1);
    const [timeless] = statusesV2("conv_1", "msg_2", 1);
    if (whole === undefined || timeless === undefined) throw new Error("one was asked for");
    delete timeless.timestamp;
    call.source.push("conv_1", "chat.v2", { envelope: timeless }, { envelope: whole });
    const stored = await (await call("GET", `${CONVERSATION}/messages`)).json();
    expect(stored).toMatchObject([{ id: "msg_1" }]);
    expect(stored).toHaveLength(1);
  });
});
