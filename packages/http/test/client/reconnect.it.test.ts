import { type StreamTurnOptions, streamTurn, type TurnEnd } from "@ondash/http/client";
import { chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { type RecordingClock, recordingClock } from "./recording-clock.ts";
import { type Answer, frame, type ScriptedFetch, scriptedFetch } from "./scripted-fetch.ts";
import { turnOf } from "./turns.ts";

const turn = turnOf(chatV2, "sales-chart");
const frames = turn.events.map((event, index) => frame(`${index + 1}`, event));
const whole: Answer = { chunks: frames, then: "stay" };

interface Run {
  readonly end: TurnEnd;
  readonly server: ScriptedFetch;
  readonly clock: RecordingClock;
}

async function run(
  script: Parameters<typeof scriptedFetch>[0],
  options: Partial<StreamTurnOptions> = {},
): Promise<Run> {
  const server = scriptedFetch(script);
  const clock = recordingClock();
  const random = { unit: () => 1 };
  const stream = streamTurn({
    fetch: server.fetch,
    baseUrl: "",
    conversationId: turn.conversationId,
    clock,
    random,
    ...options,
  });
  const end = await stream.ended;
  expect(server.open).toBe(0);
  expect(clock.manual.pending).toBe(0);
  return { end, server, clock };
}

const problem = (status: number, body: object, headers = {}): Answer => ({
  status,
  body: JSON.stringify(body),
  headers: { "content-type": "application/problem+json", ...headers },
});

describe("reconnecting", () => {
  it("goes on after the last event that came whole", async () => {
    const { server, end } = await run(({ headers }): Answer => {
      const from = Number(headers.get("last-event-id") ?? 0);
      return { chunks: [`${frames[from]}event: text\nid: 99\ndata: {"half`], then: "cut" };
    });
    expect(server.asked.map(({ headers }) => headers.get("last-event-id"))).toEqual([
      null,
      "1",
      "2",
      "3",
      "4",
      "5",
      "6",
    ]);
    expect(end.kind).toBe("complete");
  });

  it("takes the id of a block without data, and keeps the one before when an event has none", async () => {
    const { server } = await run([
      { chunks: [frames[0] ?? "", "id: here\n\n", (frames[1] ?? "").replace("id: 2\n", "")], then: "cut" },
      whole,
    ]);
    expect(server.asked[1]?.headers.get("last-event-id")).toBe("here");
  });

  it("begins where it is told", async () => {
    const { server } = await run([whole], { lastEventId: "0-α" });
    // The UTF-8 bytes, as EventSource sends them.
    expect(server.asked[0]?.headers.get("last-event-id")).toBe("0-Î±");
  });

  it("waits longer each time, up to a limit, and gives up", async () => {
    const { clock, end, server } = await run(["refuse"], { maxRetryMs: 3_000 });
    expect(clock.slept).toEqual([500, 1_000, 2_000, 3_000, 3_000, 3_000, 3_000]);
    expect(server.asked).toHaveLength(8);
    expect(end).toEqual({
      kind: "truncated",
      message: undefined,
      why: expect.stringMatching(
        /^the connection broke: .*fetch failed \(8 times in a row\); no event of the turn had come$/,
      ),
      cause: expect.objectContaining({ code: "network", cause: expect.any(TypeError) }),
    });
  });

  it("spreads the pauses between half and the whole", async () => {
    const { clock } = await run(["refuse"], { random: { unit: () => 0 }, maxAttempts: 4 });
    expect(clock.slept).toEqual([250, 500, 1_000]);
  });

  it("takes the server's retry for the first pause", async () => {
    const { clock } = await run([{ chunks: ["retry: 40\n\n"], then: "cut" }, "refuse"], { maxAttempts: 4 });
    expect(clock.slept).toEqual([40, 80, 160]);
  });

  it("begins anew with its patience once a new event came, and not for redeliveries", async () => {
    const anew = await run(["refuse", "refuse", { chunks: [frames[0] ?? ""], then: "cut" }, "refuse", whole]);
    expect(anew.clock.slept).toEqual([500, 1_000, 500, 1_000]);
    const same = await run([{ chunks: [frames[0] ?? ""], then: "cut" }], { maxAttempts: 3 });
    expect(same.clock.slept).toEqual([500, 1_000]);
    expect(same.end.kind).toBe("truncated");
  });

  it.each([408, 429, 500, 502, 503, 504])("tries again after %i", async (status) => {
    const { end, clock } = await run([{ status }, whole]);
    expect(end.kind).toBe("complete");
    expect(clock.slept).toEqual([500]);
  });

  it("waits as long as Retry-After says, if that is longer", async () => {
    const { clock } = await run([
      { status: 503, headers: { "retry-after": "7" } },
      { status: 503, headers: { "retry-after": "0" } },
      { status: 503, headers: { "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" } },
      whole,
    ]);
    expect(clock.slept).toEqual([7_000, 1_000, 2_000]);
  });

  it.each([400, 401, 403, 404, 410])("takes %i for an answer, and tells its problem", async (status) => {
    const { end, clock } = await run([
      { chunks: [frames[0] ?? ""], then: "cut" },
      problem(status, { title: "Unknown position", detail: "it is not of this server", hint: 3 }),
    ]);
    expect(clock.slept).toEqual([500]);
    expect(end).toMatchObject({
      kind: "truncated",
      message: { id: turn.messageId },
      why: `the event stream: ${status} Unknown position: it is not of this server; its end had not come`,
      cause: { code: "status", status, problem: { title: "Unknown position", hint: 3 } },
    });
  });

  it("begins anew when the server does not know the id any more: nothing is taken twice", async () => {
    const unknown = problem(400, {
      type: "urn:ondash:problem:bad-last-event-id",
      title: "The stream can't be resumed",
    });
    const { end, server } = await run([{ chunks: frames.slice(0, 3), then: "cut" }, unknown, whole]);
    expect(server.asked.map(({ headers }) => headers.get("last-event-id"))).toEqual([null, "3", null]);
    expect(end).toMatchObject({ kind: "complete", message: { content: { length: 3 } } });
    const never = await run([unknown], { lastEventId: "x" });
    expect(never.server.asked).toHaveLength(2);
    expect(never.end.kind).toBe("truncated");
  });

  it("takes 204 for the server's word that there is nothing to come", async () => {
    const { end, server } = await run([{ status: 204 }]);
    expect(end).toMatchObject({ kind: "truncated", why: expect.stringContaining("204") });
    expect(server.asked).toHaveLength(1);
  });

  it("takes no page for an event stream", async () => {
    const page = { status: 200, body: "<!doctype html>", headers: { "content-type": "text/html" } };
    const { end, server } = await run([page]);
    expect(end).toMatchObject({ cause: { code: "response", status: 200 }, why: expect.stringContaining("text/html") });
    expect(server.asked).toHaveLength(1);
  });

  it("leaves a connection on which nothing comes, not one with heartbeats", async () => {
    const server = scriptedFetch([{ chunks: [frames[0] ?? ""], then: "stay" }, "hang", whole]);
    const clock = recordingClock();
    const stream = streamTurn({ fetch: server.fetch, baseUrl: "", conversationId: turn.conversationId, clock });
    await stream[Symbol.asyncIterator]().next();
    await clock.manual.advance(44_999);
    expect(server.asked).toHaveLength(1);
    await clock.manual.advance(1);
    expect(server.asked).toHaveLength(2);
    await clock.manual.advance(45_000);
    await expect(stream.ended).resolves.toMatchObject({ kind: "complete" });
    expect(server.asked).toHaveLength(3);
    expect(server.open).toBe(0);
  });

  it("gives up at once on an event that is larger than any", async () => {
    const { end, server } = await run([{ chunks: [`data: ${"x".repeat(5_000_000)}`], then: "stay" }]);
    expect(end).toMatchObject({ kind: "truncated", cause: { code: "response" } });
    expect(server.asked).toHaveLength(1);
  });

  it("gives a new connection time to bring what the one before lacked", async () => {
    const clock = recordingClock();
    let reconnect = (): void => undefined;
    const away = new Promise<void>((resolve) => {
      reconnect = resolve;
    });
    // An hour passes before the second connection; it brings the missing events after a while.
    const server = scriptedFetch((_, nth): Answer => {
      if (nth === 0) return { chunks: [frames[6] ?? "", ...frames.slice(0, 3)], then: "cut" };
      return { chunks: [": \n\n", ...frames.slice(3, 6)], then: "stay" };
    });
    const stream = streamTurn({
      fetch: server.fetch,
      baseUrl: "",
      conversationId: turn.conversationId,
      clock: { ...clock, sleep: async () => await away },
    });
    const updates = stream[Symbol.asyncIterator]();
    for (let i = 0; i < 4; i++) await updates.next();
    await new Promise((resolve) => setImmediate(resolve));
    await clock.manual.advance(3_600_000);
    reconnect();
    await expect(stream.ended).resolves.toMatchObject({ kind: "complete" });
  });

  it("waits on the new connection as long as on the first for what is missing, not longer", async () => {
    const clock = recordingClock();
    const server = scriptedFetch([
      { chunks: [frames[6] ?? "", ...frames.slice(0, 3)], then: "cut" },
      { chunks: [], then: "stay" },
    ]);
    const options = { fetch: server.fetch, baseUrl: "", conversationId: turn.conversationId };
    const sleep = async (): Promise<void> => await clock.manual.advance(3_600_000);
    const stream = streamTurn({ ...options, clock: { ...clock, sleep } });
    const updates = stream[Symbol.asyncIterator]();
    for (let i = 0; i < 4; i++) await updates.next();
    while (server.asked.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    await clock.manual.advance(9_999);
    expect(server.open).toBe(1);
    await clock.manual.advance(1);
    await expect(stream.ended).resolves.toMatchObject({ kind: "truncated" });
    expect(server.open).toBe(0);
  });

  it("does so for a turn that brought nothing new for long before it reconnected", async () => {
    const clock = recordingClock();
    const server = scriptedFetch([
      { chunks: frames.slice(0, 3), then: "cut" },
      { chunks: [": \n\n"], then: "stay" },
    ]);
    const options = { fetch: server.fetch, baseUrl: "", conversationId: turn.conversationId };
    const sleep = async (): Promise<void> => await clock.manual.advance(3_600_000);
    const stream = streamTurn({ ...options, clock: { ...clock, sleep } });
    const updates = stream[Symbol.asyncIterator]();
    for (let i = 0; i < 3; i++) await updates.next();
    while (server.asked.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    await clock.manual.advance(9_999);
    expect(server.open).toBe(1);
    await clock.manual.advance(1);
    await expect(stream.ended).resolves.toMatchObject({ why: "nothing new came for 120 s; its end had not come" });
  });
});
