import { createManualClock } from "@ondash/core";
import { describe, expect, it } from "vitest";
import { CONVERSATION, expectProblem, post, setUp } from "../test/support/call-app.ts";
import { createMemorySource, type MemorySource } from "../test/support/memory-source.ts";
import { createApp } from "./app.ts";

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
