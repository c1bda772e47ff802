import { chatSchemas, chatV1, chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { completion, soundEvent, status, turnFacts } from "../../test/support/facts.ts";
import { OPEN, turnOf } from "../../test/support/turn-facts.ts";
import { severityOf } from "../catalogue.ts";
import { held, idle, unprovable, violated } from "../finding.ts";
import type { TurnLedger } from "./facts.ts";
import { allUnprovable, type Checks, grammarIsUnprovable, judgeTurn } from "./judge-turn.ts";

const TASK = 1;
const finding = { message: "", expected: "", actual: "", records: [] };
const ledger: TurnLedger = { planned: 2, missing: [], absent: [], unseen: [], indefinite: [] };
const whole = turnFacts(chatV2, turnOf(status(), ["t", completion(TASK, 2)]));
const holed = turnFacts(chatV2, [soundEvent(status(), 1), soundEvent(completion(TASK, 3), 3)]);

describe("a turn's grammar can't be judged", () => {
  it("unless nothing stands against it", () => {
    expect(grammarIsUnprovable(whole, [])).toBeUndefined();
    expect(
      grammarIsUnprovable({ ...whole, ledger: { ...ledger, missing: ["x"], indefinite: ["y"] } }, []),
    ).toBeUndefined();
    for (const check of [held, idle, unprovable("why")]) {
      expect(grammarIsUnprovable(whole, [["ORD-04", check]])).toBeUndefined();
    }
    expect(grammarIsUnprovable(whole, [["ORD-06", violated(finding)]])).toBeUndefined();
  });

  it.each(["ORD-04", "ORD-05"])("where it breaks %s", (rule) => {
    const checks = [
      ["ORD-01", violated(finding)],
      [rule, violated(finding)],
    ] as const;
    expect(grammarIsUnprovable(whole, checks)).toBe(`the turn breaks ${rule}`);
  });

  it("where acknowledged events are not there", () => {
    expect(grammarIsUnprovable({ ...whole, ledger: { ...ledger, absent: ["x"] } }, [])).toBe(
      "acknowledged events of the turn are not in the log (KAF-04)",
    );
    expect(grammarIsUnprovable({ ...whole, ledger: { ...ledger, unseen: ["x"] } }, [])).toBe(
      "acknowledged events of the turn were not read",
    );
  });

  it("across a hole, unless it lies in a gap or the turn goes on", () => {
    expect(grammarIsUnprovable(holed, [])).toBe("events of the turn are missing");
    expect(grammarIsUnprovable({ ...holed, gap: "a gap" }, [])).toBeUndefined();
    expect(grammarIsUnprovable({ ...holed, ...OPEN }, [])).toBeUndefined();
    // chat.v1 has no sequences that could miss one.
    const older = turnFacts(chatV1, [soundEvent(status(), 0), soundEvent(completion(2), 3)]);
    expect(grammarIsUnprovable(older, [])).toBeUndefined();
  });

  it("which makes its rules unprovable, and not those on its order", () => {
    const checks = new Map(judgeTurn({ ...whole, ledger: { ...ledger, unseen: ["x"] } }));
    expect([checks.get("ORD-01"), checks.get("GRM-01"), checks.get("GRM-06")]).toEqual([
      held,
      unprovable("acknowledged events of the turn were not read"),
      unprovable("acknowledged events of the turn were not read"),
    ]);
    expect(new Map(judgeTurn(whole)).get("GRM-01")).toEqual(held);
  });
});

describe.each(chatSchemas)("the rules on a turn of $name", (schema) => {
  const facts = turnFacts(schema, turnOf(status(), ["t", completion(TASK, 2)]));
  const all = (): Checks => allUnprovable(facts, "why");

  it("are those that the catalogue has for it", () => {
    const ids = judgeTurn(facts).map(([id]) => id);
    expect(ids).toEqual(
      all()
        .map(([id]) => id)
        .filter((id) => severityOf(id, schema.name) !== undefined),
    );
    expect(ids).toContain("ORD-04");
    expect(ids).toContain("GRM-05");
  });

  it("are unprovable together", () => {
    for (const [id, check] of all()) {
      expect(check).toEqual(severityOf(id, schema.name) === undefined ? idle : unprovable("why"));
    }
  });
});
