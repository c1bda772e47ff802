import { toJson } from "@bufbuild/protobuf";
import { foldMessage } from "@ondash/contract";
import {
  type ClientError,
  cancelMessage,
  fetchMessages,
  isClientError,
  postMessage,
  streamTurn,
} from "@ondash/http/client";
import { chatSchemas } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { type Answer, scriptedFetch } from "./scripted-fetch.ts";
import { turnOf } from "./turns.ts";

const json = (body: unknown, status = 200, type = "application/json"): Answer => ({
  status,
  body: JSON.stringify(body),
  headers: { "content-type": type },
});
const common = { baseUrl: "https://chat.example/base/", conversationId: "a/b ü" };
const path = "https://chat.example/base/api/conversations/a%2Fb%20%C3%BC/messages";

async function errorOf(promise: Promise<unknown>): Promise<ClientError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isClientError(error)) throw new Error("expected a ClientError", { cause: error });
  return error;
}

describe("postMessage", () => {
  it("sends the text and gives the answer's id", async () => {
    const server = scriptedFetch([json({ message_id: "m1", more: true }, 202)]);
    await expect(postMessage({ ...common, fetch: server.fetch, text: "Sales?" })).resolves.toEqual({ messageId: "m1" });
    expect(server.asked.map(({ url, method, body }) => ({ url, method, body }))).toEqual([
      { url: path, method: "POST", body: '{"text":"Sales?"}' },
    ]);
    expect(server.asked[0]?.headers.get("content-type")).toBe("application/json");
  });

  it("tells the server's problem, and sends nothing again", async () => {
    const problem = {
      type: "about:blank",
      title: "Nothing answers",
      status: 404,
      detail: "try sales",
      candidates: ["sales"],
    };
    const server = scriptedFetch([json(problem, 404, "application/problem+json")]);
    const error = await errorOf(postMessage({ ...common, fetch: server.fetch, text: "x" }));
    expect(error).toMatchObject({ code: "status", status: 404, problem });
    expect(error.message).toBe(`[status] POST ${path}: 404 Nothing answers: try sales`);
    expect(server.asked).toHaveLength(1);
  });

  it.each([
    ["a page", { status: 502, body: "<h1>Bad gateway</h1>", headers: { "content-type": "text/html" } }],
    ["no JSON", { status: 502, body: "{", headers: { "content-type": "application/problem+json" } }],
    ["an array", { status: 502, body: "[]", headers: { "content-type": "application/problem+json" } }],
    ["nothing", { status: 502 }],
  ] satisfies [string, Answer][])("has the status of an error whose body is %s", async (_, answer) => {
    const error = await errorOf(postMessage({ ...common, fetch: scriptedFetch([answer]).fetch, text: "x" }));
    expect(error).toMatchObject({ code: "status", status: 502, problem: undefined });
  });

  it.each([
    ["network", "refuse"],
    ["response", { status: 202, body: "ok" }],
    ["response", { status: 202, body: '{"message_id":7}' }],
    ["response", { status: 202, body: "null" }],
    ["network", { status: 202, chunks: ["{"], then: "cut" }],
  ] satisfies [string, Answer][])("throws a ClientError %s for %o", async (code, answer) => {
    await expect(
      errorOf(postMessage({ ...common, fetch: scriptedFetch([answer]).fetch, text: "x" })),
    ).resolves.toHaveProperty("code", code);
  });

  it("aborts with the signal's reason, before and while it waits", async () => {
    const reason = new Error("left");
    const { fetch } = scriptedFetch(["hang"], true);
    const before = postMessage({ ...common, fetch, text: "x", signal: AbortSignal.abort(reason) });
    await expect(before).rejects.toBe(reason);
    const controller = new AbortController();
    const during = postMessage({ ...common, fetch, text: "x", signal: controller.signal });
    controller.abort(reason);
    await expect(during).rejects.toBe(reason);
  });
});

describe("cancelMessage", () => {
  it("deletes the message's turn", async () => {
    const server = scriptedFetch([{ status: 202, chunks: ["whatever"], then: "stay" }]);
    await cancelMessage({ ...common, fetch: server.fetch, messageId: "m 1" });
    expect(server.asked.map(({ url, method }) => [url, method])).toEqual([[`${path}/m%201`, "DELETE"]]);
    expect(server.open).toBe(0);
  });

  it("tells that there is none", async () => {
    const { fetch } = scriptedFetch([{ status: 404 }]);
    const error = await errorOf(cancelMessage({ ...common, fetch, messageId: "m" }));
    expect(error).toMatchObject({ code: "status", status: 404 });
  });
});

describe.each(chatSchemas)("fetchMessages of $name", (schema) => {
  it("gives the stored messages, typed, without what it does not know", async () => {
    const message = foldMessage(schema, turnOf(schema, "sales-chart").events);
    const body = [{ ...(toJson(schema.message, message) as object), later: 1 }];
    const server = scriptedFetch([json(body)]);
    const messages = await fetchMessages({ ...common, fetch: server.fetch, schema: schema.name });
    expect(messages).toEqual([message]);
    expect(server.asked[0]?.url).toBe(`${path}?schema=${schema.name}`);
  });

  it.each([{}, [{ id: 3 }], "x"])("refuses %o", async (body) => {
    const { fetch } = scriptedFetch([json(body)]);
    const error = await errorOf(fetchMessages({ ...common, fetch, schema: schema.name }));
    expect(error.code).toBe("response");
  });
});

describe("arguments", () => {
  const { fetch } = scriptedFetch(["refuse"]);
  it.each([
    [{ fetch, baseUrl: "", conversationId: "" }, "an id is empty"],
    [{ fetch, baseUrl: "", conversationId: ".." }, 'the id ".." can\'t stand in an address'],
    [{ fetch, baseUrl: "", conversationId: "\ud800" }, "can't stand in an address"],
    // There is no page here that it could be relative to.
    [{ baseUrl: "/chat", conversationId: "c" }, 'baseUrl "/chat" gives no address here'],
  ])("are looked at before anything is sent: %o", (options, words) => {
    expect(() => streamTurn(options)).toThrow(words);
  });

  it("name a schema that there is", () => {
    const options = { fetch, baseUrl: "", conversationId: "c", schema: "chat.v3" as "chat.v2" };
    expect(() => streamTurn(options)).toThrow("chat.v1 or chat.v2");
  });
});
