import { describe, expect, it } from "vitest";
import { type Connect, EVENTS, startChat } from "../support/chat.ts";
import { statusesV1, statusesV2 } from "../support/events.ts";

/** How a stream ends on every way to the app: cuts as cuts, and with everything closed that it opened. */
export function describeEndLaws(way: string, connect: Connect): void {
  describe(`the end of a stream ${way}`, () => {
    it("is cut, after all that came before, when its source breaks off", async () => {
      await using chat = await startChat(connect);
      const failure = new Error("the broker is gone");
      for (const envelope of statusesV2("conv_1", "msg_1", 3)) chat.source.push("conv_1", "chat.v2", { envelope });
      const sse = await chat.open();
      await sse.take(chat.lossy ? 3 : 2);
      chat.source.fail("conv_1", "chat.v2", failure);
      if (!chat.lossy) await sse.take(1);
      await expect(sse.next()).rejects.toBeInstanceOf(Error);
      await chat.source.whenOpen(0);
      await chat.clock.whenPending(0);
      expect(chat.errors).toEqual([failure]);
    });

    it("is cut when its source breaks off while the client waits", async () => {
      await using chat = await startChat(connect);
      const sse = await chat.open();
      const next = sse.next();
      await chat.clock.whenPending(1);
      chat.source.fail("conv_1", "chat.v2", new Error("the broker is gone"));
      await expect(next).rejects.toBeInstanceOf(Error);
      await chat.clock.whenPending(0);
    });

    it("is cut when its source gives an envelope of the other schema, or a position that can't be an id", async () => {
      await using chat = await startChat(connect);
      const [wrong] = statusesV1("conv_1", "msg_1", 1);
      if (wrong === undefined) throw new Error("one was asked for");
      const sse = await chat.open();
      chat.source.push("conv_1", "chat.v2", { envelope: wrong });
      await expect(sse.next()).rejects.toBeInstanceOf(Error);
      expect(chat.errors.map(String)).toEqual([
        "HttpError: [argument] the source of chat.v2 must give a chat.v2.EventEnvelope, got a chat.v1.EventEnvelope",
      ]);
      await chat.source.whenOpen(0);
    });

    it("ends cleanly when its source ends", async () => {
      await using chat = await startChat(connect);
      const [one] = statusesV2("conv_1", "msg_1", 1);
      if (one === undefined) throw new Error("one was asked for");
      chat.source.push("conv_1", "chat.v2", { envelope: one });
      chat.source.end("conv_1", "chat.v2");
      const sse = await chat.open();
      expect(await sse.next()).toBeDefined();
      expect(await sse.next()).toBeUndefined();
      await chat.source.whenOpen(0);
      await chat.clock.whenPending(0);
    });

    it("is cut when more waits for a gap than may", async () => {
      await using chat = await startChat(connect, { holdBack: { events: 3 } });
      const [one, , ...rest] = statusesV2("conv_1", "msg_1", 6).map((envelope) => ({ envelope }));
      if (one === undefined) throw new Error("six were asked for");
      chat.source.push("conv_1", "chat.v2", one);
      const sse = await chat.open();
      expect(await sse.next()).toBeDefined();
      chat.source.push("conv_1", "chat.v2", ...rest);
      await expect(sse.next()).rejects.toBeInstanceOf(Error);
      expect(chat.errors.map(String)).toEqual([expect.stringContaining("HttpError: [hold-back] more than 3 events")]);
      await chat.source.whenOpen(0);
    });

    it("closes its source when the client aborts, while it waits and in the middle", async () => {
      await using chat = await startChat(connect);
      const waiting = new AbortController();
      const idle = await chat.open({ signal: waiting.signal });
      const next = idle.next();
      await chat.clock.whenPending(1);
      waiting.abort(new Error("enough"));
      await expect(next).rejects.toBeInstanceOf(Error);
      await chat.source.whenOpen(0);
      await chat.clock.whenPending(0);

      for (const envelope of statusesV2("conv_1", "msg_1", 500)) chat.source.push("conv_1", "chat.v2", { envelope });
      const middle = new AbortController();
      const busy = await chat.open({ signal: middle.signal });
      await busy.take(2);
      middle.abort();
      await chat.source.whenOpen(0);
      await chat.clock.whenPending(0);
      expect(chat.errors).toEqual([]);
    });

    it("closes its source when the client cancels the body, read or unread", async () => {
      await using chat = await startChat(connect);
      const unread = await chat.fetch(EVENTS);
      await unread.body?.cancel();
      await chat.source.whenOpen(0);
      const sse = await chat.open();
      const next = sse.next();
      await chat.clock.whenPending(1);
      await sse.cancel();
      expect(await next).toBeUndefined();
      await chat.source.whenOpen(0);
      await chat.clock.whenPending(0);
      expect(chat.errors).toEqual([]);
    });

    it("is cut when the server stops", async () => {
      const stop = new AbortController();
      await using chat = await startChat(connect, { signal: stop.signal });
      const streams = [await chat.open(), await chat.open()];
      await chat.source.whenOpen(2);
      stop.abort(new Error("the server stops"));
      for (const sse of streams) await expect(sse.next()).rejects.toBeInstanceOf(Error);
      await chat.source.whenOpen(0);
      const late = await chat.fetch(EVENTS);
      expect([late.status, await late.json()]).toEqual([
        503,
        expect.objectContaining({ type: "urn:ondash:problem:refused", detail: "the server is stopping" }),
      ]);
      expect(chat.errors).toEqual([]);
    });
  });
}
