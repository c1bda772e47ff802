import { createManualClock } from "@ondash/core";
import type { Plan } from "@ondash/scenario";
import type { RecordSink } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { planOf } from "../test/support/plan.ts";
import { acknowledging, sinkOf, turn } from "../test/support/sinks.ts";
import { type EmitOptions, emit } from "./emit.ts";
import type { LedgerEntry } from "./ledger.ts";

/** Emits, and keeps the outcomes in the ledger as `ack e1`. */
async function run(plan: Plan, sink: RecordSink, options: EmitOptions = {}) {
  const ledger: string[] = [];
  const onLedger = ({ kind, eventId }: LedgerEntry): void => {
    if (kind !== "plan") ledger.push(`${kind} ${eventId}`);
  };
  const result = await emit(plan, sink, { ...options, onLedger });
  return { ...result, ledger };
}

const never = (): Promise<void> => new Promise(() => undefined);

describe("emit ends early", () => {
  const three = planOf([{ place: ["a", 0] }, { place: ["b", 0], awaits: "turn" }, { place: ["c", 0], awaits: "turn" }]);

  it("at an indefinite outcome, with what is known", async () => {
    const { sink, trace } = sinkOf(async (index) =>
      index === 1 ? { status: "indefinite", error: "no answer" } : undefined,
    );
    const { failure, outcomes, ledger } = await run(three, sink);
    expect(String(failure)).toBe("EmitterError: [indefinite] nobody knows what became of a record for b/0: no answer");
    expect(outcomes.map((outcome) => outcome?.status)).toEqual(["acknowledged", "indefinite", undefined]);
    expect(ledger).toEqual(["ack e1", "indefinite e2"]);
    expect(trace).not.toContain("send 2");
  });

  it("when the sink fails, with its error; the send it failed at is indefinite", async () => {
    const broken = new Error("broker lost");
    const { sink } = sinkOf(async (index) => {
      if (index === 1) throw broken;
      return undefined;
    });
    const { failure, outcomes, ledger } = await run(three, sink);
    expect(failure).toBe(broken);
    expect(outcomes.map((outcome) => outcome?.status)).toEqual(["acknowledged", "indefinite", undefined]);
    expect(ledger).toEqual(["ack e1", "indefinite e2"]);
  });

  it("waiting for the outcomes of what has left", async () => {
    const gate = Promise.withResolvers<undefined>();
    const { sink } = sinkOf(async (index) => {
      if (index === 0) throw new Error("lost");
      return gate.promise;
    });
    const running = run(planOf([{ place: ["a", 0] }, { place: ["b", 0] }]), sink);
    await turn();
    gate.resolve(undefined);
    expect((await running).ledger).toEqual(["indefinite e1", "ack e2"]);
  });

  it("when its signal aborts: at once, in a pause or before the first send", async () => {
    const reason = new Error("Ctrl-C");
    const early = await run(three, acknowledging().sink, { signal: AbortSignal.abort(reason) });
    expect(early).toMatchObject({ failure: reason, outcomes: [undefined, undefined, undefined], ledger: [] });

    const controller = new AbortController();
    const plan = planOf([{ place: ["a", 0] }, { place: ["a", 0], at: 60_000 }]);
    const clock = createManualClock();
    const running = run(plan, acknowledging().sink, { signal: controller.signal, clock, speed: 1 });
    await turn();
    expect(clock.pending).toBe(1);
    controller.abort(reason);
    expect(await running).toMatchObject({ failure: reason, ledger: ["ack e1"] });
    expect(clock.pending).toBe(0);
  });

  it("when the barrier that a held send waits for fails, or never comes because something else failed", async () => {
    const held = planOf([{ place: ["a", 0] }, { place: ["b", 0], held: true }]);
    const noBarrier = new Error("collector failed");
    expect(await run(held, acknowledging().sink, { barrierGranted: () => Promise.reject(noBarrier) })).toMatchObject({
      failure: noBarrier,
      ledger: ["ack e1"],
    });
    const { sink } = sinkOf(async () => {
      throw new Error("lost");
    });
    expect((await run(held, sink, { barrierGranted: never })).ledger).toEqual(["indefinite e1"]);
  });

  it("when the observer of the ledger throws", async () => {
    const bad = new RangeError("the observer's");
    const onLedger = ({ kind }: LedgerEntry): void => {
      if (kind === "ack") throw bad;
    };
    expect((await emit(three, acknowledging().sink, { onLedger })).failure).toBe(bad);
  });
});
