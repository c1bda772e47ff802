import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide, type Situation } from "./decide.ts";

const before: Situation = {
  certain: false,
  trigger: "running",
  turns: 0,
  undecided: 0,
  awaited: ["1 completion (chat.v1)"],
  timedOut: false,
};
const ended: Partial<Situation> = { turns: 1, undecided: 0, awaited: [] };

describe("decide", () => {
  it.each<[string, Partial<Situation>, object]>([
    ["waits for the first event", {}, { kind: "wait" }],
    ["waits for a trigger that runs, though its turn has ended", ended, { kind: "wait" }],
    [
      "judges when trigger and turn have ended",
      { ...ended, trigger: "succeeded" },
      { why: "over", producersDone: true },
    ],
    ["waits when the trigger only asked somebody else", { trigger: "succeeded" }, { kind: "wait" }],
    ["waits for a turn's barrier", { ...ended, undecided: 1, trigger: "succeeded" }, { kind: "wait" }],
    [
      "waits for the second task of a turn at rest",
      { ...ended, awaited: ["1 completion"], trigger: "succeeded" },
      { kind: "wait" },
    ],
    [
      "takes one that died for done, however far it had come",
      { trigger: "died" },
      { why: "over", producersDone: true },
    ],
    ["judges the first turn without a trigger", { ...ended, trigger: "none" }, { why: "over", producersDone: false }],
    ["does not wait when it is certain", { certain: true }, { why: "violation", producersDone: false }],
    [
      "knows that a producer is done though it is certain",
      { certain: true, trigger: "died" },
      { why: "violation", producersDone: true },
    ],
    ["judges what there is when the time is over", { timedOut: true }, { why: "deadline", producersDone: false }],
  ])("%s", (_, situation, decision) => {
    expect(decide({ ...before, ...situation })).toMatchObject(decision);
  });

  const situations = fc.record({
    certain: fc.boolean(),
    trigger: fc.constantFrom("none" as const, "running" as const, "succeeded" as const, "died" as const),
    turns: fc.nat(3),
    undecided: fc.nat(3),
    awaited: fc.array(fc.constant("1 completion"), { maxLength: 2 }),
    timedOut: fc.boolean(),
  });

  it("never takes a producer for done that runs, and ends at the latest when the time is over", () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const decision = decide(situation);
        if (situation.timedOut) expect(decision.kind).toBe("judge");
        if (decision.kind === "wait") return;
        if (situation.trigger === "running" || situation.trigger === "none") expect(decision.producersDone).toBe(false);
        if (decision.why === "over" && situation.trigger !== "died") expect(situation.undecided).toBe(0);
      }),
    );
  });
});
