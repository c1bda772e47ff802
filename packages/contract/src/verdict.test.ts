import { chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { completion, status, turnFacts } from "../test/support/facts.ts";
import { OPEN, turnOf } from "../test/support/turn-facts.ts";
import type { Violation } from "./run-result.ts";
import { openReason, shorten, verdictOf } from "./verdict.ts";

const NAME = "turn msg of conversation conv (chat.v2)";
const closed = turnOf(["t", status()], ["t", completion(1, 2)]);
const open = turnOf(...Array.from({ length: 10 }, (_, index) => [`t${index}`, status()] as const), completion(1, 11));
const notDone = [
  { ended: false, producersDone: false },
  { ended: false, producersDone: true },
  { ended: true, producersDone: false },
];

describe("a turn leaves the verdict open", () => {
  it("not when it ended, has no open task, and was seen whole", () => {
    expect(openReason(turnFacts(chatV2, closed), undefined)).toBeUndefined();
    for (const run of notDone) expect(openReason(turnFacts(chatV2, closed, { run }), undefined)).toBeUndefined();
  });

  it("when it could not be kept", () => {
    expect(openReason(turnFacts(chatV2, closed), "too wide")).toBe(`${NAME} can't be judged: too wide`);
  });

  it("while it goes on and the producer may, too", () => {
    for (const run of notDone) {
      expect(openReason(turnFacts(chatV2, closed, { ...OPEN, run }), undefined)).toBe(
        `${NAME} has not ended, and the producer is not known to be done`,
      );
    }
    const done = { ended: false, settled: { why: "the turn has not ended" } };
    expect(openReason(turnFacts(chatV2, closed, done), undefined)).toBeUndefined();
  });

  it("while tasks are open and the producer is not known to be done; eight are named", () => {
    for (const run of notDone) {
      expect(openReason(turnFacts(chatV2, open, { run }), undefined)).toBe(
        `${NAME} has open tasks (t0, t1, t2, t3, t4, t5, t6, t7), and the producer is not known to be done`,
      );
    }
    expect(openReason(turnFacts(chatV2, open), undefined)).toBeUndefined();
  });

  it("when its barrier was not reached", () => {
    expect(openReason(turnFacts(chatV2, closed, { settled: { why: "not reached" } }), undefined)).toBe(
      `${NAME} can't be judged: not reached`,
    );
  });
});

it("shortens to eight lines", () => {
  const lines = (count: number): string[] => Array.from({ length: count }, (_, index) => `${index}`);
  expect(shorten(lines(8), "turns")).toEqual(lines(8));
  expect(shorten(lines(9), "turns")).toEqual([...lines(8), "and 1 more turns"]);
  expect(shorten([], "turns")).toEqual([]);
});

describe("the verdict", () => {
  const violation = (severity: Violation["severity"]): Violation => ({ severity }) as Violation;

  it("is failed by an error, whatever else there is", () => {
    expect(verdictOf([violation("inconclusive"), violation("error")], ["why"])).toBe("failed");
  });

  it("is inconclusive for any reason, or for a violation of another severity", () => {
    expect(verdictOf([], ["why"])).toBe("inconclusive");
    expect(verdictOf([violation("inconclusive")], [])).toBe("inconclusive");
  });

  it("is passed else", () => {
    expect(verdictOf([], [])).toBe("passed");
  });
});
