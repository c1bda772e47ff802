import { toJson } from "@bufbuild/protobuf";
import { type StreamTurnOptions, streamTurn } from "@ondash/http/client";
import { type AnyEnvelope, type ChatSchema, chatSchemas, chatV1, chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { recordingClock } from "./recording-clock.ts";
import { frame, scriptedFetch } from "./scripted-fetch.ts";
import { turnOf } from "./turns.ts";

function framesOf(schema: ChatSchema): string[] {
  return turnOf(schema, "sales-chart").events.map((event, index) => frame(`${index + 1}`, event));
}

function start(schema: ChatSchema, chunks: readonly string[], options: Partial<StreamTurnOptions> = {}) {
  const { conversationId } = turnOf(schema, "sales-chart");
  const { fetch } = scriptedFetch([{ chunks, then: "stay" }]);
  const clock = recordingClock();
  return streamTurn({ fetch, baseUrl: "", conversationId, schema: schema.name, settleMs: 0, clock, ...options });
}

const malformed: readonly (readonly [string, string])[] = [
  ["no JSON", "{"],
  ["no object", "[]"],
  ["a wrong type", '{"eventId":3}'],
  ["no event", "{}"],
];

describe.each(chatSchemas)("a $name stream that is not sound", (schema) => {
  it.each(malformed)("leaves out what is %s, tells it, and does not pass for an answer", async (_, data) => {
    const frames = framesOf(schema);
    frames[4] = `event: chart\nid: 5\ndata: ${data}\n\n`;
    const stream = start(schema, frames);
    const end = await stream.ended;
    expect(end).toMatchObject({ kind: "truncated", why: expect.stringContaining("unreadable: 1 event") });
    expect(end.message?.content).toHaveLength(2);
    expect(stream.problems).toEqual([{ why: expect.stringContaining(`not a ${schema.name} event`), id: "5", data }]);
  });

  it("is made good by a sound delivery under the same id", async () => {
    const frames = framesOf(schema);
    const stream = start(schema, [...frames.slice(0, 4), "event: chart\nid: 5\ndata: {\n\n", ...frames.slice(4)]);
    await expect(stream.ended).resolves.toMatchObject({ kind: "complete" });
    expect(stream.problems).toHaveLength(1);
  });

  it("is not made good by an event without an id of its own", async () => {
    const frames = framesOf(schema).map((text) => text.replace(/id: .*\n/, ""));
    frames[4] = "event: chart\ndata: {\n\n";
    await expect(start(schema, frames).ended).resolves.toMatchObject({ kind: "truncated" });
  });

  it("concerns only the turn that it names", async () => {
    const frames = framesOf(schema);
    const stream = start(schema, [
      ...frames.slice(0, 4),
      'event: chart\nid: x\ndata: {"messageId":"other"}\n\n',
      ...frames.slice(4),
    ]);
    await expect(stream.ended).resolves.toMatchObject({ kind: "complete" });
    expect(stream.problems).toHaveLength(1);
  });

  it("shows nothing of another conversation", async () => {
    const frames = framesOf(schema);
    const stranger = {
      ...turnOf(schema, "sales-chart").events[3],
      eventId: "x",
      conversationId: "other",
      messageId: "m",
    };
    const stream = start(schema, [frame("x", stranger as AnyEnvelope), ...frames]);
    const end = await stream.ended;
    expect(end.kind).toBe("complete");
    expect(end.message?.content).toHaveLength(3);
    expect(stream.problems[0]?.why).toContain("another conversation");
  });

  it("may have members, enum names and kinds of event from a later version", async () => {
    const frames = turnOf(schema, "sales-chart").events.map((event, index) => {
      const json = { ...(toJson(schema.envelope, event) as object), later: { a: [1] } };
      const text = JSON.stringify(json).replace('"TEXT_POSITION_AFTER"', '"TEXT_POSITION_LATER"');
      return `event: ${event.event.case}\nid: ${index}\ndata: ${text}\n\n`;
    });
    const stream = start(schema, [
      "event: presence\nid: p\ndata: hello\n\n",
      ": heartbeat\n\n",
      "unknown: 1\n\n",
      ...frames,
    ]);
    const end = await stream.ended;
    expect(end.kind).toBe("complete");
    expect(end.message?.content).toHaveLength(3);
    expect(stream.problems).toEqual([]);
  });

  it("keeps a hundred problems at most, and the beginning of each", async () => {
    const junk = Array.from({ length: 300 }, (_, index) => `event: text\nid: j${index}\ndata: ${"x".repeat(999)}\n\n`);
    const stream = start(schema, [junk.join(""), ...framesOf(schema)]);
    await stream.ended;
    expect(stream.problems).toHaveLength(100);
    expect(stream.problems[0]?.data).toHaveLength(200);
  });
});

describe("an event that lacks what a turn needs", () => {
  it.each([
    [chatV1, "eventId", "event_id"],
    [chatV1, "messageId", "message_id"],
    [chatV1, "timestamp", "timestamp"],
    [chatV1, "chart", "status, text, chart, error or completion"],
    [chatV2, "sequence", "sequence"],
  ])("%o without %s", async (schema, member, name) => {
    const { events } = turnOf(schema, "sales-chart");
    const chart = toJson(schema.envelope, events[4] as AnyEnvelope) as Record<string, unknown>;
    delete chart[member];
    const frames = framesOf(schema);
    frames[4] = `event: chart\nid: 5\ndata: ${JSON.stringify(chart)}\n\n`;
    const stream = start(schema, frames);
    await expect(stream.ended).resolves.toMatchObject({ kind: "truncated" });
    expect(stream.problems[0]?.why).toBe(`not a ${schema.name} event: ${name} is not set`);
  });
});
