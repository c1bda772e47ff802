import { describe, expect, it } from "vitest";
import { type Check, type Finding, held, idle, unprovable, violated } from "./finding.ts";
import { createOutcomes } from "./outcomes.ts";

const owner = { schema: "chat.v2", conversationId: "conv", messageId: "msg" } as const;
const place = (offset: number) => ({ topic: "t", partition: 0, offset });
const finding = (...offsets: readonly number[]): Finding => ({
  message: "It is wrong.",
  expected: "right",
  actual: "wrong",
  records: offsets.map(place),
});
const ruleOf = (rule: string, ...checks: readonly Check[]): unknown => {
  const outcomes = createOutcomes();
  for (const check of checks) outcomes.report(owner, [[rule, check]]);
  return outcomes.rules(new Set())[rule];
};

describe("a rule's outcome", () => {
  it("is not exercised where its trigger never occurred, or it is not built", () => {
    expect(ruleOf("ORD-04")).toEqual({ status: "not exercised" });
    expect(ruleOf("ORD-04", idle)).toEqual({ status: "not exercised" });
    const outcomes = createOutcomes();
    outcomes.report(owner, [["ORD-04", held]]);
    expect(outcomes.rules(new Set(["ORD-04"]))["ORD-04"]).toEqual({ status: "unprovable", why: "not implemented" });
  });

  it("is held as often as it held, by the sequence rather than by the ledger", () => {
    expect(ruleOf("ORD-04", held, idle, held)).toStrictEqual({ status: "held", count: 2 });
    expect(ruleOf("ORD-04", held, { status: "held", by: "ledger" })).toEqual({
      status: "held",
      count: 2,
      by: "ledger",
    });
    expect(ruleOf("ORD-04", { status: "held", by: "ledger" }, held)).toEqual({
      status: "held",
      count: 2,
      by: "ledger",
    });
    expect(ruleOf("ORD-04", { status: "held", by: "ledger" }, { status: "held", by: "sequence" })).toEqual({
      status: "held",
      count: 2,
      by: "sequence",
    });
  });

  it("is unprovable where it was anywhere, for the first reason", () => {
    expect(ruleOf("ORD-04", held, unprovable("one"))).toEqual({ status: "unprovable", why: "one" });
    expect(ruleOf("ORD-04", unprovable("one"), held)).toEqual({ status: "unprovable", why: "one" });
    expect(ruleOf("ORD-04", unprovable("one"), unprovable("two"))).toEqual({
      status: "unprovable",
      why: "one (and 1 more turn)",
    });
    expect(ruleOf("REC-01", unprovable("one"), unprovable("two"), unprovable("three"))).toEqual({
      status: "unprovable",
      why: "one (and 2 more records)",
    });
  });

  it("is violated as often as it was, whatever else", () => {
    expect(ruleOf("ORD-04", held, unprovable("why"), violated(finding()), violated(finding()))).toEqual({
      status: "violated",
      count: 2,
    });
  });
});

describe("a report", () => {
  it("has nothing to say where nothing is broken", () => {
    const outcomes = createOutcomes();
    expect(
      outcomes.report(owner, [
        ["ORD-04", held],
        ["ORD-05", unprovable("why")],
      ]),
    ).toBeUndefined();
    expect([outcomes.violations, outcomes.warnings]).toEqual([[], []]);
  });

  it("makes the first broken rule of the catalogue the violation, and names the others beside it", () => {
    const outcomes = createOutcomes();
    const primary = outcomes.report(owner, [
      ["ORD-07", violated(finding(6))],
      ["ORD-06", violated(finding(7))],
      ["ORD-01", violated({ ...finding(1, 2), notes: ["a note"], eventIds: ["e"] })],
    ]);
    expect(primary).toBe("ORD-01");
    expect(outcomes.violations).toEqual([
      {
        rule: "ORD-01",
        severity: "error",
        conversationId: "conv",
        messageId: "msg",
        message: "It is wrong.",
        also: ["ORD-06", "ORD-07"],
        records: [place(1), place(2)],
        expected: "right",
        actual: "wrong",
        notes: ["a note"],
        eventIds: ["e"],
      },
    ]);
  });

  it("makes each warning an entry of its own", () => {
    const outcomes = createOutcomes();
    expect(outcomes.report(owner, [["ORD-08", violated(finding(1))]])).toBeUndefined();
    expect(outcomes.violations).toEqual([]);
    expect(outcomes.warnings).toMatchObject([
      { rule: "ORD-08", severity: "warning", also: [], notes: [], eventIds: [] },
    ]);
  });

  it("makes KAF-02 a violation beside any other, about no turn", () => {
    const outcomes = createOutcomes();
    expect(
      outcomes.report(owner, [
        ["KAF-02", violated(finding())],
        ["KAF-01", violated(finding())],
      ]),
    ).toBe("KAF-01");
    expect(outcomes.violations).toMatchObject([
      { rule: "KAF-02", severity: "inconclusive", also: [], conversationId: null, messageId: null },
      { rule: "KAF-01", severity: "error", also: [], conversationId: null, messageId: null },
    ]);
  });

  it("marks the witnesses with the rules that they break, in the order of the catalogue", () => {
    const outcomes = createOutcomes();
    outcomes.report(owner, [
      ["ORD-06", violated(finding(1, 2))],
      ["ORD-08", violated(finding(3))],
    ]);
    outcomes.report(owner, [
      ["ORD-01", violated(finding(1))],
      ["ORD-06", violated(finding(1))],
    ]);
    expect([1, 2, 3, 4].map((offset) => outcomes.rulesAt(place(offset)))).toEqual([
      ["ORD-01", "ORD-06"],
      ["ORD-06"],
      ["ORD-08"],
      [],
    ]);
  });
});
