import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { startDeadline, systemClock } from "@ondash/core";
import { createApp } from "@ondash/http";
import { describe, expect, it } from "vitest";
import { createMemorySource } from "./support/memory-source.ts";
import { type Served, serve } from "./support/serve.ts";

const MESSAGES = "/api/conversations/conv_1/messages";
const JSON_TYPE = { "content-type": "application/json" };

function dial(server: Served): Socket {
  return connect(Number(new URL(server.origin).port), "127.0.0.1");
}

/** Sends bytes as they are and gives what comes back until `until` is in it. */
async function converse(socket: Socket, request: string, until: string): Promise<string> {
  using deadline = startDeadline(10_000);
  let text = "";
  const answered = new Promise<void>((resolve, reject) => {
    socket.on("error", reject);
    socket.on("data", (bytes) => {
      text += bytes.toString();
      if (text.includes(until)) resolve();
    });
  });
  socket.write(request);
  await deadline.race(answered, () => `"${until}" in ${JSON.stringify(text)}`);
  return text;
}

describe("requests over a socket", () => {
  it("answers with the same statuses and types", async () => {
    await using server = await serve(createApp({ source: createMemorySource(), clock: systemClock }));
    const call = async (method: string, path: string, init: RequestInit = {}): Promise<unknown[]> => {
      const response = await fetch(server.origin + path, { method, ...init });
      await response.text();
      return [response.status, response.headers.get("content-type")];
    };
    const json = { headers: JSON_TYPE };
    expect(await call("POST", MESSAGES, { ...json, body: '{"text":"hi"}' })).toEqual([202, "application/json"]);
    expect(await call("POST", MESSAGES, { ...json, body: "{" })).toEqual([400, "application/problem+json"]);
    expect(await call("POST", MESSAGES, { body: "hi" })).toEqual([415, "application/problem+json"]);
    expect(await call("GET", MESSAGES)).toEqual([200, "application/json"]);
    expect(await call("HEAD", MESSAGES)).toEqual([200, "application/json"]);
    expect(await call("PUT", MESSAGES)).toEqual([405, "application/problem+json"]);
    expect(await call("DELETE", `${MESSAGES}/msg_1`)).toEqual([202, null]);
    expect(await call("GET", "/api/conversations/%ff/messages")).toEqual([400, "application/problem+json"]);
    expect(await call("GET", "/nothing")).toEqual([404, "application/problem+json"]);
    expect(await call("HEAD", "/api/conversations/conv_1/events")).toEqual([200, "text/event-stream"]);
  });

  it("reads a body that comes in pieces without Content-Length, and refuses it where it is too large", async () => {
    const source = createMemorySource();
    await using server = await serve(createApp({ source, clock: systemClock, maxBodyBytes: 1_000 }));
    async function* pieces(count: number): AsyncGenerator<Uint8Array> {
      const encoder = new TextEncoder();
      yield encoder.encode('{"text":"');
      for (let piece = 0; piece < count; piece++) yield encoder.encode("x".repeat(100));
      yield encoder.encode('"}');
    }
    const post = (count: number): Promise<Response> => {
      const init = { method: "POST", headers: JSON_TYPE, body: ReadableStream.from(pieces(count)), duplex: "half" };
      return fetch(server.origin + MESSAGES, init as RequestInit);
    };
    expect((await post(5)).status).toBe(202);
    expect((await post(20)).status).toBe(413);
    // 5 MB: refused after the first pieces, and still answered.
    expect((await post(50_000)).status).toBe(413);
    expect(source.posted.map(({ text }) => text.length)).toEqual([500]);
  });

  it("answers 413 before a body that announces itself as too large was sent", async () => {
    await using server = await serve(createApp({ source: createMemorySource(), clock: systemClock }));
    const socket = dial(server);
    await once(socket, "connect");
    const head = `POST ${MESSAGES} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99999999\r\n\r\n`;
    expect(await converse(socket, head, "body-too-large")).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
  });

  it("answers 400 to an id with bytes beyond ASCII, and lives on", async () => {
    await using server = await serve(createApp({ source: createMemorySource(), clock: systemClock }));
    for (const id of ["\u00e9", "\u00ff\u00fe", "2.abcdef.0..\u007f"]) {
      const socket = dial(server);
      await once(socket, "connect");
      const head = `GET /api/conversations/conv_1/events HTTP/1.1\r\nhost: x\r\nlast-event-id: ${id}\r\n\r\n`;
      expect(await converse(socket, head, "\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
      socket.destroy();
    }
    expect((await fetch(server.origin + MESSAGES)).status).toBe(200);
  });

  it("takes no harm from a client that goes away in the middle of its body", async () => {
    const errors: unknown[] = [];
    const source = createMemorySource();
    const onError = (error: unknown): void => void errors.push(error);
    await using server = await serve(createApp({ source, clock: systemClock, onError }));
    const socket = dial(server);
    await once(socket, "connect");
    const head = `POST ${MESSAGES} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"te`;
    socket.write(head, () => socket.destroy());
    await once(socket, "close");
    expect((await fetch(server.origin + MESSAGES)).status).toBe(200);
    expect(source.posted).toEqual([]);
    expect(errors).toEqual([]);
  });
});
