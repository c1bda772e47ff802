import { systemClock } from "@ondash/core";
import { createApp } from "@ondash/http";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { describeEndLaws } from "./laws/end-laws.ts";
import { describeStreamLaws } from "./laws/stream-laws.ts";
import type { Connect } from "./support/chat.ts";
import { statusesV2 } from "./support/events.ts";
import { createMemorySource } from "./support/memory-source.ts";
import { serve } from "./support/serve.ts";

const EVENTS = "/api/conversations/conv_1/events";

// @hono/node-server prints whatever cuts a body.
const printed = vi.spyOn(console, "error").mockImplementation(() => undefined);
afterEach(() => printed.mockClear());
afterAll(() => printed.mockRestore());

const overSocket: Connect = async (app) => {
  const server = await serve(app);
  return {
    fetch: (path, init) => fetch(server.origin + path, init),
    // Both kernels' socket buffers and both processes' stream buffers: a few MiB on loopback.
    buffers: 300,
    lossy: true,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
};

describeStreamLaws("over a socket", overSocket);
describeEndLaws("over a socket", overSocket);

describe("a client over a socket", () => {
  it("goes away without a word on the server's console", async () => {
    const source = createMemorySource();
    await using server = await serve(createApp({ source, clock: systemClock }));
    const controller = new AbortController();
    const streams = await Promise.all(
      Array.from({ length: 5 }, () => fetch(server.origin + EVENTS, { signal: controller.signal })),
    );
    for (const envelope of statusesV2("conv_1", "msg_1", 5)) source.push("conv_1", "chat.v2", { envelope });
    await Promise.all(streams.map(async ({ body }) => body?.getReader().read()));
    controller.abort();
    await source.whenOpen(0);
    expect(printed).not.toHaveBeenCalled();
  });

  it("sees a cut as a cut: the answer has no last chunk, and no word of the cause", async () => {
    const source = createMemorySource();
    await using server = await serve(createApp({ source, clock: systemClock }));
    const { body } = await fetch(server.origin + EVENTS);
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    const [envelope] = statusesV2("conv_1", "msg_1", 1);
    if (reader === undefined || envelope === undefined) throw new Error("there is a body and an event");
    source.push("conv_1", "chat.v2", { envelope });
    let text = (await reader.read()).value ?? "";
    source.fail("conv_1", "chat.v2", new Error("password=hunter2"));
    await expect(
      (async () => {
        for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
      })(),
    ).rejects.toThrow("terminated");
    expect(text).not.toContain("hunter2");
    expect(text.endsWith("\n\n")).toBe(true);
  });
});
