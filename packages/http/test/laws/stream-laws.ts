import { create } from "@bufbuild/protobuf";
import * as v2 from "@ondash/schemas/chat/v2";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ArrivalDraft, anyArrivals } from "../support/arrivals.ts";
import { type Connect, startChat } from "../support/chat.ts";
import { statusesV1, statusesV2 } from "../support/events.ts";
import type { Payload } from "../support/memory-source.ts";
import { readSse, type SseEvent } from "../support/read-sse.ts";

const HEARTBEAT = 15_000;

/** What every way to the app must carry: each event when it comes, in its order, resumable after each. */
export function describeStreamLaws(way: string, connect: Connect): void {
  describe(`a stream ${way}`, () => {
    it("carries each event before there is a next one", async () => {
      await using chat = await startChat(connect);
      const sse = await chat.open();
      for (const envelope of statusesV2("conv_1", "msg_1", 5)) {
        chat.source.push("conv_1", "chat.v2", { envelope });
        const [event] = await sse.take(1);
        expect(event?.event).toBe("status");
        expect(JSON.parse(event?.data ?? "")).toMatchObject({ eventId: envelope.eventId });
      }
      await sse.cancel();
      await chat.source.whenOpen(0);
      expect(chat.errors).toEqual([]);
    });

    it("carries chat.v1 as it arrives, redeliveries included", async () => {
      await using chat = await startChat(connect);
      const [one, two] = statusesV1("conv_1", "msg_1", 2).map((envelope) => ({ envelope }));
      if (one === undefined || two === undefined) throw new Error("two were asked for");
      chat.source.push("conv_1", "chat.v1", two, one, two);
      const sse = await chat.open({}, "?schema=chat.v1");
      const events = await sse.take(3);
      expect(events.map(({ data }) => JSON.parse(data).eventId)).toEqual(["msg_1-2", "msg_1-1", "msg_1-2"]);
      await sse.cancel();
      const again = await chat.open({ headers: { "last-event-id": events[0]?.id ?? "" } }, "?schema=chat.v1");
      expect(await again.take(2)).toEqual(events.slice(1));
      await again.cancel();
      await chat.source.whenOpen(0);
    });

    it("carries what is no envelope as it is, in its place", async () => {
      await using chat = await startChat(connect);
      const [one] = statusesV2("conv_1", "msg_1", 1);
      if (one === undefined) throw new Error("one was asked for");
      const nothing = create(v2.EventEnvelopeSchema, { messageId: "msg_1" });
      const raw = (text: string): Payload => ({ kind: "text", raw: text });
      chat.source.push("conv_1", "chat.v2", raw('{"text":\n'), { envelope: one }, raw(""), { envelope: nothing });
      const sse = await chat.open();
      expect((await sse.take(4)).map(({ event, data }) => [event, data.slice(0, 11)])).toEqual([
        ["text", '{"text":\n'],
        ["status", '{"eventId":'],
        ["text", ""],
        ["message", '{"messageId'],
      ]);
      await sse.cancel();
    });

    it("writes a heartbeat when nothing came for 15 s, again and again, and none while events come", async () => {
      await using chat = await startChat(connect);
      const sse = await chat.open();
      const [one, two] = statusesV2("conv_1", "msg_1", 2).map((envelope) => ({ envelope }));
      if (one === undefined || two === undefined) throw new Error("two were asked for");
      const first = sse.next();
      await chat.clock.whenPending(1);
      await chat.clock.advance(HEARTBEAT - 1);
      expect(chat.clock.pending).toBe(1);
      await chat.clock.advance(1);
      await chat.clock.whenPending(1);
      await chat.clock.advance(HEARTBEAT);
      await chat.clock.whenPending(1);
      // A redelivery that is not passed on is no sign of life to the client.
      chat.source.push("conv_1", "chat.v2", one);
      await first;
      expect(sse.comments).toEqual(["heartbeat", "heartbeat"]);
      const second = sse.next();
      await chat.clock.whenPending(1);
      await chat.clock.advance(HEARTBEAT - 1);
      chat.source.push("conv_1", "chat.v2", one, one, one);
      await chat.clock.advance(1);
      await chat.clock.whenPending(1);
      chat.source.push("conv_1", "chat.v2", two);
      expect(await second).toMatchObject({ event: "status" });
      expect(sse.comments).toEqual(["heartbeat", "heartbeat", "heartbeat"]);
      await sse.cancel();
      await chat.source.whenOpen(0);
      await chat.clock.whenPending(0);
    });

    it("takes from the source only what the client reads", async () => {
      await using chat = await startChat(connect);
      const large = statusesV2("conv_1", "msg_1", chat.buffers + 500);
      for (const envelope of large) {
        if (envelope.event.case === "status") envelope.event.value.message = "x".repeat(64 * 1024);
        chat.source.push("conv_1", "chat.v2", { envelope });
      }
      const sse = await chat.open();
      // The first chunk has come all the way: what can be on the way behind it is there already, or comes with it.
      await sse.take(1);
      expect(chat.source.taken).toBeLessThan(chat.buffers + 10);
      await sse.take(large.length - 1);
      expect(chat.source.taken).toBe(large.length);
      await sse.cancel();
    });

    it("goes on at every position of any arrival exactly as without the break", async () => {
      await using chat = await startChat(connect);
      let conversations = 0;
      await fc.assert(
        fc.asyncProperty(anyArrivals({ turns: 3, length: 4 }), async (arrivals) => {
          const conversation = `conv ${++conversations}`;
          chat.source.push(conversation, "chat.v2", ...arrivals.map((draft) => payloadOf(conversation, draft)));
          chat.source.end(conversation, "chat.v2");
          const all = await readAll(conversation);
          for (const [at, { id }] of all.entries()) expect(await readAll(conversation, id)).toEqual(all.slice(at + 1));
        }),
        { numRuns: 30 },
      );
      async function readAll(conversation: string, lastEventId?: string): Promise<SseEvent[]> {
        const path = `/api/conversations/${encodeURIComponent(conversation)}/events`;
        const headers: Record<string, string> = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
        const sse = readSse(await chat.fetch(path, { headers }));
        const events: SseEvent[] = [];
        for (let event = await sse.next(); event !== undefined; event = await sse.next()) events.push(event);
        return events;
      }
    });

    it("is one of a hundred at the same time", async () => {
      await using chat = await startChat(connect);
      const streams = await Promise.all(Array.from({ length: 100 }, () => chat.open()));
      await chat.source.whenOpen(100);
      const turn = statusesV2("conv_1", "msg_1", 20);
      for (const envelope of turn.toReversed()) chat.source.push("conv_1", "chat.v2", { envelope });
      const events = await Promise.all(streams.map((sse) => sse.take(20)));
      for (const own of events) expect(own).toEqual(events[0]);
      await Promise.all(streams.map((sse) => sse.cancel()));
      await chat.source.whenOpen(0);
      await chat.clock.whenPending(0);
    });
  });
}

function payloadOf(conversationId: string, draft: ArrivalDraft): Payload {
  if (draft === "placeless") return { kind: "error", raw: "neither JSON nor\nan envelope" };
  const envelope = statusesV2(conversationId, draft.turn, draft.sequence).at(-1);
  if (envelope === undefined) throw new Error("sequences begin with 1");
  return { envelope };
}
