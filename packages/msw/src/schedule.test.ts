import { createRandom } from "@ondash/core";
import type { Plan, PlannedSend } from "@ondash/scenario";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arrivalsOf, shuffled } from "./schedule.ts";

interface Part {
  readonly lane: string;
  readonly task: string;
  readonly at: number;
  readonly awaits: PlannedSend["awaits"];
  readonly held: boolean;
}

/** What the schedule needs of a plan. */
function planOf(parts: readonly Part[]): Plan {
  const sends = parts.map(({ lane, at, awaits, held }, index) => ({
    event: index + 1,
    at,
    awaits,
    held,
    record: { topic: lane, partition: 0 },
  }));
  return { events: parts.map(({ task }, index) => ({ index: index + 1, taskId: task })), sends } as unknown as Plan;
}

const parts = fc.array(
  fc.record({
    lane: fc.constantFrom("status", "text", "complete"),
    task: fc.constantFrom("", "a", "b"),
    at: fc.nat(1_000),
    awaits: fc.oneof(
      { weight: 4, arbitrary: fc.constant("nothing" as const) },
      fc.constant("turn" as const),
      fc.constantFrom({ task: "a" }, { task: "b" }),
    ),
    held: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
  }),
  { maxLength: 12 },
);

describe("arrivalsOf", () => {
  it("sends everything once, not before it is due, and in the order that the record contract demands", () => {
    fc.assert(
      fc.property(parts, (list) => {
        const arrivals = arrivalsOf(planOf(list));
        const order = arrivals.map(({ send }) => send.event - 1);
        expect(order.toSorted((a, b) => a - b)).toEqual(list.map((_, index) => index));
        const rank = (index: number): number => order.indexOf(index);
        for (const [position, { at, send }] of arrivals.entries()) {
          expect(at).toBeGreaterThanOrEqual(send.at);
          expect(at).toBeGreaterThanOrEqual(arrivals[position - 1]?.at ?? 0);
        }
        for (const [index, part] of list.entries()) {
          for (const [earlier, other] of list.slice(0, index).entries()) {
            const isAwaited =
              part.awaits === "turn" || (part.awaits !== "nothing" && part.awaits.task === other.task && !part.held);
            const mustPrecede = other.held ? false : part.held || other.lane === part.lane || isAwaited;
            if (mustPrecede) expect(rank(earlier)).toBeLessThan(rank(index));
            if (part.held && other.held) expect(rank(earlier)).toBeLessThan(rank(index));
          }
        }
      }),
    );
  });

  it("is the plan's own order where nothing is late", () => {
    const simple = [0, 5, 5, 9].map((at): Part => ({ lane: "text", task: "", at, awaits: "nothing", held: false }));
    expect(arrivalsOf(planOf(simple)).map(({ send, at }) => [send.event, at])).toEqual([
      [1, 0],
      [2, 5],
      [3, 5],
      [4, 9],
    ]);
  });
});

describe("shuffled", () => {
  const free = (lanes: string): Plan =>
    planOf(lanes.split("").map((lane, index) => ({ lane, task: "", at: index, awaits: "nothing", held: false })));

  it("keeps the order inside a partition, and the times", () => {
    fc.assert(
      fc.property(parts, fc.integer(), (list, seed) => {
        const arrivals = arrivalsOf(planOf(list));
        const result = shuffled(arrivals, createRandom(seed));
        expect(result.map(({ at }) => at)).toEqual(arrivals.map(({ at }) => at));
        const inLanes = (from: typeof arrivals): unknown =>
          Object.fromEntries(
            [...Map.groupBy(from, ({ send }) => send.record.topic)].map(([lane, those]) => [
              lane,
              those.map(({ send }) => send.event),
            ]),
          );
        expect(inLanes(result)).toEqual(inLanes(arrivals));
      }),
    );
  });

  it("gives every legal order, each about as often", () => {
    // 4! / (2! 1! 1!) interleavings.
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 1_200; seed++) {
      const order = shuffled(arrivalsOf(free("aabc")), createRandom(1).fork(seed))
        .map(({ send }) => send.event)
        .join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(12);
    for (const count of counts.values()) expect(count > 50 && count < 150).toBe(true);
  });
});
