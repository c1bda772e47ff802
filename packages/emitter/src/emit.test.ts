import { createManualClock } from "@ondash/core";
import type { Plan } from "@ondash/scenario";
import type { RecordSink } from "@ondash/schemas";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planOf, type Step } from "../test/support/plan.ts";
import { acknowledging, indexOf, sinkOf, type Trace, turn } from "../test/support/sinks.ts";
import { emit } from "./emit.ts";
import type { LedgerEntry } from "./ledger.ts";

const steps = fc.array(
  fc.record({
    place: fc.tuple(fc.constantFrom("status", "text", "complete"), fc.nat(1)),
    task: fc.constantFrom("", "a", "b"),
    awaits: fc.oneof(
      { weight: 4, arbitrary: fc.constant("nothing" as const) },
      { weight: 1, arbitrary: fc.constant("turn" as const) },
      { weight: 1, arbitrary: fc.constantFrom({ task: "a" }, { task: "b" }) },
    ),
    held: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  }),
  { maxLength: 14 },
);

/** What the record contract and the append order forbid, found in a trace: read off the plan, not off the emitter. */
function violations(
  parts: readonly Required<Pick<Step, "place" | "awaits" | "task" | "held">>[],
  trace: Trace,
): string[] {
  const isBefore = (earlier: string, later: string): boolean =>
    trace.includes(earlier) && trace.includes(later) && trace.indexOf(earlier) < trace.indexOf(later);
  return parts.flatMap(({ place, awaits, held }, index) => [
    ...(trace.includes(`send ${index}`) ? [] : [`${index} was not sent`]),
    ...(held && !isBefore("barrier", `send ${index}`) ? [`${index} did not wait for the barrier`] : []),
    ...parts.slice(0, index).flatMap((other, earlier) => {
      const isPredecessor = other.place.join("/") === place.join("/") && other.held === held;
      const isAwaited = !other.held && (awaits === "turn" || (awaits !== "nothing" && awaits.task === other.task));
      const isKept = isBefore(`done ${earlier}`, `send ${index}`);
      return (isPredecessor || isAwaited) && !isKept ? [`${index} did not wait for ${earlier}`] : [];
    }),
  ]);
}

/** When each send left, by a clock that moves only here. */
async function departures(
  parts: readonly Step[],
  speed: number,
  delayOf: (index: number) => number = () => 0,
): Promise<number[]> {
  const clock = createManualClock(1_000_000);
  const times: number[] = [];
  const sink: RecordSink = {
    async send(record) {
      times[indexOf(record)] = clock.monotonic();
      await clock.sleep(delayOf(indexOf(record)));
      return { status: "acknowledged", partition: record.partition, offset: 0 };
    },
  };
  const state = { done: false };
  const emission = emit(planOf(parts), sink, { clock, speed }).finally(() => {
    state.done = true;
  });
  while (!state.done) {
    await turn();
    if (!state.done) await clock.advance(1);
  }
  await emission;
  return times;
}

describe("emit", () => {
  it("keeps append order in each partition, and lets nothing leave before what it awaits, whatever the sink's delays", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), steps, async (scheduler, parts) => {
        const plan = planOf(parts);
        const { sink, trace } = sinkOf((index) => scheduler.schedule(Promise.resolve(undefined), `ack ${index}`));
        const barrierGranted = async (): Promise<void> => {
          await scheduler.schedule(Promise.resolve(), "barrier");
          trace.push("barrier");
        };
        const emission = emit(plan, sink, { barrierGranted });
        await scheduler.waitFor(emission);
        const { outcomes, failure } = await emission;
        expect(failure).toBeUndefined();
        expect(outcomes.map((outcome) => outcome?.status)).toEqual(parts.map(() => "acknowledged"));
        expect(violations(parts, trace)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("overlaps sends to different partitions", async () => {
    const gate = Promise.withResolvers<undefined>();
    const { sink, trace } = sinkOf(() => gate.promise);
    const emission = emit(planOf([{ place: ["text", 0] }, { place: ["text", 1] }, { place: ["text", 0] }]), sink);
    await turn();
    expect(trace).toEqual(["send 0", "send 1"]);
    gate.resolve(undefined);
    await emission;
    expect(trace).toEqual(["send 0", "send 1", "done 0", "done 1", "send 2", "done 2"]);
  });

  it("tells the ledger the whole plan before anything leaves, then each outcome", async () => {
    const plan = planOf([{ place: ["status", 0] }, { place: ["text", 1] }, { place: ["complete", 1], awaits: "turn" }]);
    const ledger: (LedgerEntry | string)[] = [];
    const { sink } = sinkOf(async (index) => {
      ledger.push(`send ${index}`);
      return index === 1 ? { status: "rejected", error: "MESSAGE_TOO_LARGE" } : undefined;
    });
    const { outcomes, failure } = await emit(plan, sink, { onLedger: (entry) => ledger.push(entry) });
    const ids = { conversationId: "conv", messageId: "msg" };
    expect(ledger).toEqual([
      { kind: "plan", eventId: "e1", topic: "status", ...ids },
      { kind: "plan", eventId: "e2", topic: "text", ...ids },
      { kind: "plan", eventId: "e3", topic: "complete", ...ids },
      "send 0",
      "send 1",
      { kind: "ack", eventId: "e1", topic: "status", partition: 0, offset: 0 },
      { kind: "rejected", eventId: "e2", topic: "text", error: "MESSAGE_TOO_LARGE" },
      "send 2",
      { kind: "ack", eventId: "e3", topic: "complete", partition: 1, offset: 0 },
    ]);
    // A rejection is an answer: the turn goes on, with a hole.
    expect(failure).toBeUndefined();
    expect(outcomes[1]).toEqual({ status: "rejected", error: "MESSAGE_TOO_LARGE" });
  });

  it("gives the ledger of a send its own event id: a re-minted duplicate has another than its event", async () => {
    const plan = planOf([{}, {}]);
    const [first, second] = plan.sends;
    const reminted: Plan = {
      ...plan,
      events: plan.events.slice(0, 1),
      sends: [first, { ...second, event: 1 }] as Plan["sends"],
    };
    const ledger: LedgerEntry[] = [];
    await emit(reminted, acknowledging().sink, { onLedger: (entry) => ledger.push(entry) });
    expect(ledger.map(({ kind, eventId }) => `${kind} ${eventId}`)).toEqual(["plan e1", "ack e1", "ack e2"]);
  });

  describe("pacing", () => {
    const parts = [
      { place: ["a", 0], at: 0 },
      { place: ["b", 0], at: 120 },
      { place: ["c", 0], at: 120 },
      { place: ["a", 0], at: 300 },
    ] as const;

    it("follows the plan's times at speed 1, and divides them by the speed", async () => {
      expect(await departures(parts, 1)).toEqual([0, 120, 120, 300]);
      expect(await departures(parts, 2)).toEqual([0, 60, 60, 150]);
      expect(await departures(parts, 0.5)).toEqual([0, 240, 240, 600]);
    });

    it("does not wait at all at speed 0", async () => {
      expect(await departures(parts, 0)).toEqual([0, 0, 0, 0]);
    });

    it("counts from the start: a slow acknowledgement delays its successor, not those after it", async () => {
      const chain = [0, 100, 500].map((at) => ({ place: ["a", 0] as const, at }));
      expect(await departures(chain, 1, (index) => (index === 0 ? 250 : 0))).toEqual([0, 250, 500]);
    });
  });

  it("refuses a speed that is none, and a held send that nobody would release", async () => {
    const { sink } = acknowledging();
    for (const speed of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(emit(planOf([]), sink, { speed })).rejects.toThrow(`[speed] speed ${speed} is none`);
    }
    await expect(emit(planOf([{ held: true }]), sink)).rejects.toThrow("[held] test holds a send back");
  });

  it("emits nothing of an empty plan", async () => {
    expect(await emit(planOf([]), acknowledging().sink)).toEqual({ outcomes: [], failure: undefined });
  });

  it("takes long plans: each send looks at its predecessors once", async () => {
    const count = 5_000;
    const parts = Array.from(
      { length: count },
      (_, i): Step => ({
        place: ["text", i % 8],
        ...(i % 100 === 99 ? { awaits: "turn" } : {}),
      }),
    );
    const plan = planOf(parts);
    const { outcomes } = await emit(plan, {
      send: async ({ partition }) => ({ status: "acknowledged", partition, offset: 0 }),
    });
    expect(outcomes.filter((outcome) => outcome !== undefined)).toHaveLength(count);
  });
});
