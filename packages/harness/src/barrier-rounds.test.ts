import type { Observation, TopicOffsets } from "@ondash/contract";
import { describe, expect, it } from "vitest";
import { createBarrierRounds } from "./barrier-rounds.ts";

/** A monitor that wants a barrier whenever `want` was called since the last `asked`, and a broker that answers by hand. */
function setUp(before?: number) {
  const seen: string[] = [];
  const answers: { resolve: (ends: TopicOffsets) => void; reject: (error: unknown) => void }[] = [];
  const monitor = { wantsBarrier: false };
  const rounds = createBarrierRounds(
    monitor,
    () => new Promise((resolve, reject) => answers.push({ resolve, reject })),
    (observation: Observation) => {
      if (observation.kind === "asked") monitor.wantsBarrier = false;
      if (observation.kind === "asked" || observation.kind === "barrier")
        seen.push(`${observation.kind} ${observation.id}`);
    },
    before,
  );
  return { seen, answers, monitor, rounds };
}

describe("createBarrierRounds", () => {
  it("asks for nothing while nothing is wanted", async () => {
    const { rounds, answers } = setUp();
    rounds.pump();
    await rounds.settled();
    expect(answers).toHaveLength(0);
  });

  it("serves with one more round all that came to its end while one was under way", async () => {
    const { rounds, answers, monitor, seen } = setUp();
    monitor.wantsBarrier = true;
    rounds.pump();
    monitor.wantsBarrier = true;
    rounds.pump();
    rounds.pump();
    expect(answers).toHaveLength(1);
    answers[0]?.resolve({});
    await Promise.resolve();
    await Promise.resolve();
    // Nobody had to ask again.
    expect(answers).toHaveLength(2);
    const settled = rounds.settled();
    answers[1]?.resolve({});
    await settled;
    expect(seen).toEqual(["asked 1", "barrier 1", "asked 2", "barrier 2"]);
  });

  it("is settled only when the last round was answered", async () => {
    const { rounds, answers, monitor, seen } = setUp();
    monitor.wantsBarrier = true;
    let isSettled = false;
    const settled = rounds.settled().then(() => (isSettled = true));
    await Promise.resolve();
    expect(isSettled).toBe(false);
    answers[0]?.resolve({});
    await settled;
    expect(seen).toEqual(["asked 1", "barrier 1"]);
  });

  it("tells whoever settles that a round failed, and grants nothing for it", async () => {
    const { rounds, answers, monitor, seen } = setUp();
    monitor.wantsBarrier = true;
    rounds.pump();
    const settled = rounds.settled();
    answers[0]?.reject(new Error("broker lost"));
    await expect(settled).rejects.toThrow("broker lost");
    expect(seen).toEqual(["asked 1"]);
  });

  it("counts on from the barriers of an observation that it continues", async () => {
    const { rounds, answers, monitor, seen } = setUp(7);
    monitor.wantsBarrier = true;
    rounds.pump();
    answers[0]?.resolve({});
    await rounds.settled();
    expect(seen).toEqual(["asked 8", "barrier 8"]);
  });
});
