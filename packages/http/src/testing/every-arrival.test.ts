import { createRandom } from "@ondash/core";
import { chatV1, chatV2, statusEvent, textEvent } from "@ondash/schemas";
import { validTurn } from "@ondash/schemas/arbitraries";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Arrival, compareArrivals, inversionsOf, sizeOf } from "./arrival.ts";
import { arrivalsUpon, everyArrival } from "./every-arrival.ts";
import { type LegalTurn, legalTurnOf } from "./legal-turn.ts";
import { someArrivals } from "./some-arrivals.ts";

/** Why an arrival is not legal; undefined: it is. Written from the definition: positions in lists, nothing incremental. */
function fault({ lanes, events }: LegalTurn, { order, repeats }: Arrival): string | undefined {
  if (new Set(order).size !== order.length) return "an event is new twice";
  if (order.some((event) => events[event] === undefined)) return "an event of no turn";
  for (const lane of lanes) {
    const own = order.filter((event) => lane.includes(event));
    if (own.some((event, at) => event !== lane[at])) return "a topic is out of order, or has a hole";
  }
  for (const { at, events: again, why } of repeats) {
    const there = order.slice(0, at);
    if (again.length === 0 || at > order.length) return "a repeat of nothing, or after the end";
    const sources = why === "reconnect" ? [there] : lanes.map((lane) => there.filter((event) => lane.includes(event)));
    const isTail = sources.some((source) => source.slice(source.length - again.length).join() === again.join());
    if (!isTail) return `a ${why} that is no tail`;
  }
  return undefined;
}

const salesChart = lanesOf("ssstcte");

/** A turn of which only the topics matter: a letter for each event's. */
function lanesOf(kinds: string): LegalTurn {
  const lanes = Map.groupBy(Array.from(kinds).keys(), (index) => kinds[index]);
  const events = Array.from(kinds, (_, index) => ({ index })) as unknown as LegalTurn["events"];
  return { name: kinds, schema: chatV2, events, lanes: [...lanes.values()] };
}

describe("everyArrival", () => {
  it("has all interleavings of the topics: 420 of the sales chart", () => {
    const whole = [...arrivalsUpon(salesChart, 7)].filter(({ repeats, end }) => repeats.length === 0 && end === "open");
    expect(whole).toHaveLength(420);
    expect(new Set(whole.map(({ order }) => order.join())).size).toBe(420);
  });

  it.each(["", "s", "ste", "sstte", "stcxe", "ssttcce"])("is legal, and no order comes twice: %s", (kinds) => {
    const turn = lanesOf(kinds);
    const all = [...everyArrival(turn)];
    expect(all.flatMap((arrival) => fault(turn, arrival) ?? [])).toEqual([]);
    const plain = all.filter(({ repeats }) => repeats.length === 0);
    expect(new Set(plain.map(({ order, end }) => `${order.join()} ${end}`)).size).toBe(plain.length);
  });

  it("has beginnings of any length, each with three ends", () => {
    const turn = lanesOf("ste");
    const plain = [...everyArrival(turn)].filter(({ repeats }) => repeats.length === 0);
    expect(plain).toHaveLength(3 * (1 + 3 + 6 + 6));
  });
});

describe("someArrivals", () => {
  it("is legal, of the number asked for, and the same for the same seed", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("s", "t", "c", "x", "e"), { minLength: 1, maxLength: 30 }),
        fc.integer(),
        fc.integer({ min: 1, max: 50 }),
        (kinds, seed, count) => {
          const turn = lanesOf(kinds.join(""));
          const all = [...someArrivals(turn, count, createRandom(seed))];
          expect(all).toHaveLength(count);
          expect(all.flatMap((arrival) => fault(turn, arrival) ?? [])).toEqual([]);
          expect([...someArrivals(turn, count, createRandom(seed))]).toEqual(all);
        },
      ),
    );
  });

  it("has what a test wants to see: whole turns, beginnings, each end, each kind of repeat, disorder", () => {
    const turn = lanesOf("ssttccttsse");
    const all = [...someArrivals(turn, 200, createRandom(1))];
    const count = (is: (arrival: Arrival) => boolean): number => all.filter(is).length;
    expect(count(({ order }) => order.length === 11)).toBeGreaterThan(60);
    expect(count(({ order }) => order.length < 11)).toBeGreaterThan(60);
    for (const end of ["open", "closed", "cut"]) expect(count((arrival) => arrival.end === end)).toBeGreaterThan(20);
    for (const why of ["reconnect", "rewind"]) {
      expect(count(({ repeats }) => repeats.some((repeat) => repeat.why === why))).toBeGreaterThan(30);
    }
    expect(count(({ order }) => inversionsOf(order) > 10)).toBeGreaterThan(40);
    expect(new Set(all.map(({ order }) => order.join())).size).toBeGreaterThan(150);
  });
});

describe("the size of an arrival", () => {
  const arrival = (order: number[], end: Arrival["end"] = "open", ...again: number[][]): Arrival => ({
    order,
    repeats: again.map((events) => ({ at: order.length, events, why: "reconnect" })),
    end,
  });

  it("is counted in deliveries, then disorder, then repeats, then ends", () => {
    const ascending = [
      arrival([]),
      arrival([], "closed"),
      arrival([], "cut"),
      arrival([0]),
      arrival([1]),
      arrival([0, 1]),
      arrival([0, 1], "cut"),
      arrival([0, 2]),
      arrival([0], "open", [0]),
      arrival([1, 0]),
      arrival([0, 1, 2]),
      arrival([0, 1], "open", [1]),
      arrival([2, 1, 0]),
    ];
    // Plain arrivals of the same number and disorder stand in order of their ends first.
    const sorted = ascending.toSorted(compareArrivals);
    expect(sorted.map(sizeOf)).toEqual([0, 0, 0, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3]);
    expect(sorted.slice(0, 5)).toEqual(ascending.slice(0, 5));
    expect(sorted.slice(5).map(({ order }) => order.join(""))).toEqual([
      "01",
      "02",
      "01",
      "0",
      "10",
      "012",
      "01",
      "210",
    ]);
    for (const [at, one] of sorted.entries()) {
      expect(compareArrivals(one, one)).toBe(0);
      for (const other of sorted.slice(at + 1)) expect(compareArrivals(one, other)).toBeLessThan(0);
    }
  });
});

describe("legalTurnOf", () => {
  it("puts events in emission order, whatever their order was, and each topic's in a lane", () => {
    fc.assert(
      fc.property(validTurn(chatV1), fc.infiniteStream(fc.nat()), ({ events }, keys) => {
        const shuffled = events
          .map((event) => ({ event, key: keys.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ event }) => event);
        const turn = legalTurnOf(shuffled, {});
        expect(turn.events.map(({ envelope }) => envelope)).toEqual(events);
        expect(turn.lanes.flat().sort((a, b) => a - b)).toEqual([...events.keys()]);
        for (const lane of turn.lanes) {
          expect(new Set(lane.map((index) => turn.events[index]?.event.body.kind)).size).toBe(1);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("takes events without a text for one, too", () => {
    const head = { eventId: "1", conversationId: "c", messageId: "m", timestamp: { seconds: 1n, nanos: 0 } };
    const events = [
      statusEvent(head, { message: "" }),
      textEvent({ ...head, eventId: "2", timestamp: { seconds: 2n, nanos: 0 } }, { text: "", position: "BEFORE" }),
    ];
    expect(legalTurnOf(events, {}).lanes).toEqual([[0], [1]]);
  });
});
