import { createManualClock, startDeadline } from "@ondash/core";
import { streamTurn } from "@ondash/http/client";
import type { HandlersOptions, StreamFault } from "@ondash/msw";
import { describe, expect, it } from "vitest";
import { type Mock, ORIGIN, startMock } from "./support/mock.ts";
import { shippedScenario } from "./support/scenarios.ts";
import { type ReadEvent, readEvents } from "./support/sse.ts";

const SALES = "Create a chart with sales data";
const sales = shippedScenario("sales-chart");

/** The events of one connection, each by its number in the turn, with `!` where the data is no JSON. */
function numbers(events: readonly ReadEvent[]): readonly string[] {
  return events.map(({ data }) => {
    try {
      return String((JSON.parse(data) as { sequence: number }).sequence);
    } catch {
      return "!";
    }
  });
}

async function withFaults(...faults: readonly StreamFault[]): Promise<readonly string[]> {
  using mock = startMock([sales], { faults });
  await mock.post("c", SALES);
  return numbers(await readTurn(mock));
}

/** What a connection carries, up to the end of a second, silent turn or to a cut. */
async function readTurn(mock: Mock, count = 7): Promise<readonly ReadEvent[]> {
  const stream = readEvents(await mock.events("c"));
  const events: ReadEvent[] = [];
  try {
    while (events.length < count) events.push((await stream.next()) as ReadEvent);
    await stream.close();
  } catch {
    // Cut.
  }
  return events;
}

async function endOf(options: HandlersOptions, conversationId = "c") {
  using mock = startMock([sales], options);
  await mock.post(conversationId, SALES);
  const turn = streamTurn({ baseUrl: ORIGIN, conversationId, maxAttempts: 1, gapMs: 20 });
  for await (const _update of turn);
  return turn.ended;
}

describe("faults of the stream", () => {
  it("cuts after so many events, the first connection only if not said otherwise", async () => {
    expect(await withFaults({ do: "cut", after: 0 })).toEqual([]);
    expect(await withFaults({ do: "cut", after: 4 })).toEqual(["1", "2", "3", "4"]);
    using mock = startMock([sales], {
      faults: [
        { do: "cut", after: 2 },
        { do: "cut", after: 1, nth: 3 },
      ],
    });
    await mock.post("c", SALES);
    const counts: number[] = [];
    for (let nth = 1; nth <= 4; nth++) counts.push((await readTurn(mock)).length);
    expect(counts).toEqual([2, 7, 1, 7]);
    using every = startMock([sales], { faults: [{ do: "cut", after: 2, nth: "every" }] });
    await every.post("c", SALES);
    for (let nth = 1; nth <= 3; nth++) expect(await readTurn(every)).toHaveLength(2);
  });

  it("counts connections for each conversation by itself", async () => {
    using mock = startMock([sales], { faults: [{ do: "cut", after: 1 }] });
    for (const conversation of ["a", "b"]) {
      await mock.post(conversation, SALES);
      const { events } = await readEvents(await mock.events(conversation)).rest();
      expect(events).toHaveLength(1);
    }
  });

  it("delivers twice, with the same id; streamTurn takes it once", async () => {
    using mock = startMock([sales], { faults: [{ do: "duplicate", at: 2 }] });
    await mock.post("c", SALES);
    const events = await readTurn(mock, 8);
    expect(numbers(events)).toEqual(["1", "2", "2", "3", "4", "5", "6", "7"]);
    expect(events[1]).toEqual(events[2]);
    expect(await endOf({ faults: [{ do: "duplicate" }] })).toMatchObject({ kind: "complete" });
  });

  it("swaps neighbours; streamTurn puts them right", async () => {
    expect(await withFaults({ do: "swap", at: 3 })).toEqual(["1", "2", "4", "3", "5", "6", "7"]);
    expect(await endOf({ faults: [{ do: "swap", at: 3 }] })).toMatchObject({ kind: "complete" });
  });

  it("breaks the data of an event; streamTurn does not call that complete", async () => {
    expect(await withFaults({ do: "malformed", at: 5 })).toEqual(["1", "2", "3", "4", "!", "6", "7"]);
    expect(await endOf({ faults: [{ do: "malformed", at: 5 }] })).toMatchObject({ kind: "truncated" });
  });

  it("takes faults together: a late, broken event that comes twice, and then a cut", async () => {
    const faults: StreamFault[] = [
      { do: "malformed", at: 2 },
      { do: "duplicate", at: 2 },
      { do: "cut", after: 2 },
    ];
    expect(await withFaults(...faults)).toEqual(["1", "!", "!"]);
  });

  it("strikes by chance as the seed says: none at 0, all at 1, the same for the same seed", async () => {
    const chance = async (seed: number, probability: number): Promise<readonly string[]> => {
      using mock = startMock([sales], { seed, faults: [{ do: "malformed", at: { chance: probability } }] });
      await mock.post("c", SALES);
      return numbers(await readTurn(mock));
    };
    expect(await chance(1, 0)).toEqual(["1", "2", "3", "4", "5", "6", "7"]);
    expect(await chance(1, 1)).toEqual(["!", "!", "!", "!", "!", "!", "!"]);
    const some = await chance(1, 0.5);
    expect(await chance(1, 0.5)).toEqual(some);
    const others = await Promise.all([2, 3, 4].map(async (seed) => (await chance(seed, 0.5)).join()));
    expect(new Set([some.join(), ...others]).size).toBeGreaterThan(1);
  });

  it("delays by the clock, and goes at once when the page goes", async () => {
    const clock = createManualClock();
    using mock = startMock([sales], { clock, faults: [{ do: "delay", by: "2s", at: 2 }] });
    await mock.post("c", SALES);
    const stream = readEvents(await mock.events("c"));
    expect(numbers(await stream.take(1))).toEqual(["1"]);
    const second = stream.next();
    const early = await Promise.race([second, waitFor(() => clock.pending > 0).then(() => "waiting")]);
    expect(early).toBe("waiting");
    await clock.advance(1_999);
    await clock.advance(1);
    expect(numbers([(await second) as ReadEvent, ...(await stream.take(5))])).toEqual(["2", "3", "4", "5", "6", "7"]);
    await stream.close();

    const page = new AbortController();
    using other = startMock([sales], { clock, faults: [{ do: "delay", by: "1h" }] });
    await other.post("c", SALES);
    const waiting = readEvents(await other.events("c", "", { signal: page.signal })).rest();
    await waitFor(() => clock.pending > 0);
    page.abort();
    expect(await waiting).toMatchObject({ events: [], end: "broken" });
    await waitFor(() => clock.pending === 0);
  });
});

describe("faults of POST", () => {
  it.each([500, 502, 503, 504] as const)("refuses with %s, as a problem, and plays nothing", async (status) => {
    using mock = startMock([sales], { faults: [{ do: "refuse", status, nth: 2 }] });
    expect((await mock.post("c", SALES)).status).toBe(202);
    const refused = await mock.post("c", SALES);
    expect([refused.status, refused.headers.get("content-type")]).toEqual([status, "application/problem+json"]);
    expect(await refused.json()).toMatchObject({ status, type: "urn:ondash:problem:refused" });
    expect((await mock.post("c", SALES)).status).toBe(202);
    expect(await mock.handlers.source.history({ conversationId: "c", schema: "chat.v2" })).toHaveLength(14);
  });

  it("never answers until the page gives up, though the turn is played", async () => {
    using mock = startMock([sales], { faults: [{ do: "timeout", played: true }] });
    const page = new AbortController();
    const asked = mock.post("c", SALES, { signal: page.signal });
    await said(mock, 7);
    page.abort();
    await expect(asked).rejects.toMatchObject({ name: "AbortError" });
    expect((await mock.post("c", SALES)).status).toBe(202);
    await said(mock, 14);
  });

  it("ends what waits for an answer when it is reset, and counts anew", async () => {
    using mock = startMock([sales], { faults: [{ do: "timeout", played: true }] });
    for (const _time of [1, 2]) {
      const asked = mock.post("c", SALES);
      await said(mock, 7);
      mock.handlers.reset();
      expect((await asked).status).toBe(500);
    }
  });
});

describe("latency", () => {
  it("lets every answer begin late, by the clock", async () => {
    const clock = createManualClock();
    using mock = startMock([sales], { clock, latency: "200ms" });
    const asked = mock.post("c", SALES);
    await waitFor(() => clock.pending > 0);
    await clock.advance(199);
    expect(await mock.handlers.source.history({ conversationId: "c", schema: "chat.v2" })).toHaveLength(0);
    await clock.advance(1);
    expect((await asked).status).toBe(202);
  });

  it("is drawn from the seed between two bounds, and is no time lost for who goes away", async () => {
    const clock = createManualClock();
    const waits = async (seed: number): Promise<number> => {
      using mock = startMock([sales], { clock, seed, latency: { min: 100, max: "1s" } });
      const began = clock.now();
      const asked = mock.post("c", SALES);
      await waitFor(() => clock.pending > 0);
      while (clock.pending > 0) await clock.advance(1);
      await asked;
      return clock.now() - began;
    };
    const drawn = [await waits(1), await waits(1), await waits(2), await waits(3)];
    expect(drawn[1]).toBe(drawn[0]);
    expect(new Set(drawn).size).toBeGreaterThan(1);
    for (const ms of drawn) expect(ms >= 100 && ms <= 1_000).toBe(true);

    using mock = startMock([sales], { clock, latency: "1h" });
    const page = new AbortController();
    const asked = mock.post("c", SALES, { signal: page.signal });
    await waitFor(() => clock.pending > 0);
    page.abort();
    await expect(asked).rejects.toMatchObject({ name: "AbortError" });
    await waitFor(() => clock.pending === 0);
  });
});

describe("at speed 0", () => {
  it("the same requests get the same bytes, whatever the faults", async () => {
    const options: HandlersOptions = {
      seed: 5,
      arrival: "shuffled",
      faults: [
        { do: "duplicate", at: { chance: 0.3 }, nth: "every" },
        { do: "malformed", at: { chance: 0.2 }, nth: "every" },
        { do: "swap", at: { chance: 0.3 }, nth: "every" },
        { do: "cut", after: { chance: 0.1 }, nth: "every" },
      ],
    };
    const bytes = async (): Promise<string> => {
      using mock = startMock([sales, shippedScenario("multi-task")], options);
      let text = "";
      for (const posted of [SALES, SALES]) text += await (await mock.post("c", posted)).text();
      for (const query of ["", "?schema=chat.v1", "", "?schema=chat.v1"]) {
        const { body } = await mock.events("c", query);
        const reader = (body as ReadableStream<Uint8Array>).getReader();
        const decoder = new TextDecoder();
        let streamed = "";
        try {
          // To the last event of the second turn, unless it is cut before.
          while ((streamed.match(/^event: completion/gm) ?? []).length < 2 || !streamed.endsWith("\n\n")) {
            streamed += decoder.decode((await reader.read()).value, { stream: true });
          }
          await reader.cancel();
        } catch {
          streamed += "cut";
        }
        text += streamed;
      }
      return text;
    };
    const once = await bytes();
    expect(await bytes()).toBe(once);
    expect(once).toContain("cut");
  });
});

/** Waits until so much was said in conversation c. */
async function said(mock: Mock, count: number): Promise<void> {
  let events = 0;
  await waitFor(() => {
    void mock.handlers.source.history({ conversationId: "c", schema: "chat.v2" }).then(({ length }) => {
      events = length;
    });
    return events === count;
  });
}

/** Waits for a fact that only the event loop can bring about. */
async function waitFor(isSo: () => boolean): Promise<void> {
  using deadline = startDeadline(10_000);
  while (!isSo()) {
    await deadline.race(new Promise((resolve) => setImmediate(resolve)), () => `that ${String(isSo)}`);
  }
}
