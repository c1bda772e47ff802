import { fromJson } from "@bufbuild/protobuf";
import { foldMessage } from "@ondash/contract";
import { createManualClock } from "@ondash/core";
import { chatV2 } from "@ondash/schemas";
import { validTurn } from "@ondash/schemas/arbitraries";
import * as v2 from "@ondash/schemas/chat/v2";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { statusesV1, statusesV2 } from "../test/support/events.ts";
import { createMemorySource, type MemorySource } from "../test/support/memory-source.ts";
import { readSse } from "../test/support/read-sse.ts";
import { type AppOptions, createApp } from "./app.ts";
import { formatEventId } from "./event-id.ts";
import type { PostOutcome } from "./event-source.ts";
import type { Problem } from "./problem.ts";
import { textHash } from "./text-hash.ts";

const ORIGIN = "http://chat.test";
const CONVERSATION = "/api/conversations/conv_1";
const JSON_TYPE = { "content-type": "application/json" };

interface Call {
  (method: string, path: string, init?: RequestInit): Promise<Response>;
  readonly source: MemorySource;
  readonly errors: readonly unknown[];
}

function setUp(options: Partial<AppOptions> = {}, source: MemorySource = createMemorySource()): Call {
  const errors: unknown[] = [];
  const app = createApp({ source, clock: createManualClock(), onError: (error) => errors.push(error), ...options });
  const call = async (method: string, path: string, init: RequestInit = {}): Promise<Response> =>
    app.fetch(new Request(ORIGIN + path, { method, ...init }));
  return Object.assign(call, { source, errors });
}

async function expectProblem(response: Response, status: number, code: string): Promise<Problem> {
  expect(response.status).toBe(status);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(response.headers.get("cache-control")).toBe("no-store");
  const problem = (await response.json()) as Problem;
  expect(problem).toMatchObject({ type: `urn:ondash:problem:${code}`, status });
  expect(problem.title).not.toBe("");
  expect(problem.detail).not.toBe("");
  return problem;
}

function post(text: unknown): RequestInit {
  return { headers: JSON_TYPE, body: JSON.stringify({ text }) };
}

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

describe("GET of the events", () => {
  it("answers with the header fields of a stream that nobody gathers", async () => {
    const call = setUp();
    const response = await call("GET", `${CONVERSATION}/events`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(response.headers.get("cache-control")).toBe("no-cache");
    expect(response.headers.get("x-accel-buffering")).toBe("no");
    await response.body?.cancel();
    await call.source.whenOpen(0);
  });

  it("answers HEAD with them and opens nothing", async () => {
    const call = setUp();
    const response = await call("HEAD", `${CONVERSATION}/events`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(response.body).toBeNull();
    expect(call.source.opened).toEqual([]);
  });

  it("opens the conversation in chat.v2 unless asked otherwise", async () => {
    const call = setUp();
    for (const [id, query] of [
      ["a", ""],
      ["b", "?schema=chat.v1"],
      ["c", "?other=1&schema=chat.v2"],
    ]) {
      await (await call("GET", `/api/conversations/${id}/events${query}`)).body?.cancel();
    }
    expect(call.source.opened).toEqual([
      { conversationId: "a", schema: "chat.v2", after: undefined },
      { conversationId: "b", schema: "chat.v1", after: undefined },
      { conversationId: "c", schema: "chat.v2", after: undefined },
    ]);
    await call.source.whenOpen(0);
  });

  it("refuses an id that it did not give out, or that the source does not know", async () => {
    const call = setUp();
    const [one] = statusesV2("conv_1", "msg_1", 1);
    if (one === undefined) throw new Error("one was asked for");
    call.source.push("conv_1", "chat.v2", { envelope: one });
    const sse = readSse(await call("GET", `${CONVERSATION}/events`));
    const [event] = await sse.take(1);
    await sse.cancel();
    const id = event?.id ?? "";
    const get = (path: string, lastEventId: string): Promise<Response> =>
      call("GET", path, { headers: { "last-event-id": lastEventId } });
    for (const lastEventId of ["x", `${id}0`, "é", "%", "2.000000.0..", id.repeat(400)]) {
      await expectProblem(await get(`${CONVERSATION}/events`, lastEventId), 400, "bad-last-event-id");
    }
    await expectProblem(await get("/api/conversations/conv_2/events", id), 400, "bad-last-event-id");
    await expectProblem(await get(`${CONVERSATION}/events?schema=chat.v1`, id), 400, "bad-last-event-id");
    // The source lost what the position stands for.
    const empty = setUp();
    const response = await empty("GET", `${CONVERSATION}/events`, { headers: { "last-event-id": id } });
    const { detail } = await expectProblem(response, 400, "bad-last-event-id");
    expect(detail).toContain('"1" is no position of this source');
    expect(empty.errors).toEqual([]);
    await empty.source.whenOpen(0);
  });
});

describe("an id with a good check that nobody gave out", () => {
  it("is a stream from somewhere or a 400, and no failure", async () => {
    const call = setUp();
    const events = statusesV2("conv_1", "msg_1", 3);
    call.source.push("conv_1", "chat.v2", ...events.map((envelope) => ({ envelope })));
    call.source.end("conv_1", "chat.v2");
    const position = fc.oneof(
      fc.nat({ max: 4 }).map(String),
      fc.constantFrom("-1", "1.5", "0x1", "__proto__", "x".repeat(1_024)),
    );
    const point = fc.record({
      position: fc.option(position, { nil: undefined }),
      ahead: fc.oneof(fc.nat({ max: 4 }), fc.nat()),
      turns: fc
        .array(fc.tuple(fc.constantFrom("msg_1", "msg_2", "").map(textHash), fc.integer({ min: 2, max: 2 ** 32 })))
        .map((entries) => new Map(entries)),
    });
    await fc.assert(
      fc.asyncProperty(point, async (forged) => {
        const headers = { "last-event-id": formatEventId(chatV2, "conv_1", forged) };
        const response = await call("GET", `${CONVERSATION}/events`, { headers });
        const known = forged.position === undefined || /^[0-3]$/.test(forged.position) || forged.position === "0x1";
        expect(response.status).toBe(known ? 200 : 400);
        await response.text();
      }),
    );
    expect(call.errors).toEqual([]);
    await call.source.whenOpen(0);
  });
});

describe("every path", () => {
  it("refuses a schema that does not exist with 400 and the names that do", async () => {
    const call = setUp();
    for (const path of ["events", "messages"]) {
      for (const query of ["schema=chat.v3", "schema=", "schema=chat.v1&schema=chat.v2"]) {
        const response = await call("GET", `${CONVERSATION}/${path}?${query}`);
        const problem = await expectProblem(response, 400, "unknown-schema");
        expect(problem.known).toEqual(["chat.v1", "chat.v2"]);
      }
    }
  });

  it("refuses a malformed or very long id with 400", async () => {
    const call = setUp();
    for (const id of ["%", "%zz", "%ff", "a%E6%97", "x".repeat(257)]) {
      for (const [method, rest] of [
        ["GET", "events"],
        ["GET", "messages"],
        ["POST", "messages"],
        ["DELETE", "messages/msg_1"],
      ] as const) {
        await expectProblem(await call(method, `/api/conversations/${id}/${rest}`), 400, "bad-id");
      }
      await expectProblem(await call("DELETE", `${CONVERSATION}/messages/${id}`), 400, "bad-id");
    }
    expect((await call("GET", `/api/conversations/${"x".repeat(256)}/messages`)).status).toBe(200);
  });

  it("refuses to give what the client does not accept", async () => {
    const call = setUp();
    const get = (path: string, accept: string): Promise<Response> => call("GET", path, { headers: { accept } });
    await expectProblem(await get(`${CONVERSATION}/events`, "application/json"), 406, "not-acceptable");
    await expectProblem(await get(`${CONVERSATION}/messages`, "text/event-stream"), 406, "not-acceptable");
    expect((await get(`${CONVERSATION}/messages`, "text/html, */*;q=0.1")).status).toBe(200);
  });

  it("answers other methods with 405 and those that it takes", async () => {
    const call = setUp();
    for (const [path, methods, allow] of [
      ["messages", ["PUT", "PATCH", "DELETE"], "GET, HEAD, OPTIONS, POST"],
      ["messages/msg_1", ["GET", "POST", "PUT"], "DELETE, OPTIONS"],
      ["events", ["POST", "PUT", "DELETE"], "GET, HEAD, OPTIONS"],
    ] as const) {
      for (const method of methods) {
        const response = await call(method, `${CONVERSATION}/${path}`);
        expect(response.headers.get("allow")).toBe(allow);
        await expectProblem(response, 405, "method-not-allowed");
      }
      const options = await call("OPTIONS", `${CONVERSATION}/${path}`);
      expect([options.status, options.headers.get("allow"), await options.text()]).toEqual([204, allow, ""]);
    }
  });

  it("answers 404 for what there is not", async () => {
    const call = setUp();
    for (const path of [
      "/",
      "/api",
      "/api/conversations",
      CONVERSATION,
      `${CONVERSATION}/events/`,
      `${CONVERSATION}/x`,
    ]) {
      const problem = await expectProblem(await call("GET", path), 404, "unknown-route");
      expect(problem.instance).toBe(path);
    }
    await expectProblem(await call("GET", "/api/conversations//events"), 404, "unknown-route");
  });

  it("leaves room for a page", async () => {
    const app = createApp({ source: createMemorySource(), clock: createManualClock() });
    app.get("/", (c) => c.html("<h1>viewer</h1>"));
    expect(await (await app.request("/")).text()).toBe("<h1>viewer</h1>");
    expect((await app.request(`${CONVERSATION}/messages`)).status).toBe(200);
  });

  it("answers 500 without a word about the cause, which is reported", async () => {
    const secret = new Error("password=hunter2");
    const source = createMemorySource(() => Promise.reject(secret));
    const broken: MemorySource = {
      ...source,
      open: () => {
        throw secret;
      },
      history: () => Promise.reject(secret),
      cancel: () => Promise.reject(secret),
    };
    const call = setUp({}, broken);
    const responses = [
      await call("POST", `${CONVERSATION}/messages`, post("hi")),
      await call("DELETE", `${CONVERSATION}/messages/msg_1`),
      await call("GET", `${CONVERSATION}/messages`),
      await call("GET", `${CONVERSATION}/events`),
    ];
    for (const response of responses) {
      const problem = await expectProblem(response, 500, "internal");
      expect(JSON.stringify(problem)).not.toContain("hunter2");
    }
    expect(call.errors).toEqual([secret, secret, secret, secret]);
  });
});

describe("the origins that may call", () => {
  const preflight = { headers: { origin: "http://page.test", "access-control-request-method": "POST" } };

  it("are none by default", async () => {
    const call = setUp();
    const responses = [
      await call("OPTIONS", `${CONVERSATION}/messages`, preflight),
      await call("GET", `${CONVERSATION}/messages`, preflight),
    ];
    for (const response of responses) {
      expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });

  it("are those of the option, on answers of every kind", async () => {
    const call = setUp({ cors: ["http://other.test", "http://page.test"] });
    const answer = await call("OPTIONS", `${CONVERSATION}/messages`, preflight);
    expect(answer.status).toBe(204);
    expect(answer.headers.get("access-control-allow-origin")).toBe("http://page.test");
    expect(answer.headers.get("access-control-allow-methods")).toContain("DELETE");
    expect(answer.headers.get("access-control-allow-headers")).toBe("content-type,last-event-id");
    const stream = await call("GET", `${CONVERSATION}/events`, preflight);
    await stream.body?.cancel();
    const responses = [
      stream,
      await call("GET", `${CONVERSATION}/messages`, preflight),
      await call("PUT", `${CONVERSATION}/messages`, preflight),
      await call("GET", "/api/nothing", preflight),
      await call("GET", `${CONVERSATION}/events?schema=x`, preflight),
    ];
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 405, 404, 400]);
    for (const response of responses) {
      expect(response.headers.get("access-control-allow-origin")).toBe("http://page.test");
      expect(response.headers.get("vary")).toContain("Origin");
    }
    const stranger = await call("GET", `${CONVERSATION}/messages`, { headers: { origin: "http://evil.test" } });
    expect(stranger.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("are all with *", async () => {
    const call = setUp({ cors: ["*"] });
    const response = await call("GET", `${CONVERSATION}/messages`, preflight);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
  });
});

describe("createApp", () => {
  it("refuses numbers out of range", () => {
    for (const [options, name] of [
      [{ heartbeat: 0 }, "heartbeat"],
      [{ maxBodyBytes: Number.NaN }, "maxBodyBytes"],
      [{ holdBack: { events: -1 } }, "holdBack.events"],
    ] as const) {
      expect(() => setUp(options)).toThrow(`[argument] ${name} must be more than 0, got`);
    }
  });
});
