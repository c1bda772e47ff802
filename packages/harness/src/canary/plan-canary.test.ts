import { chatSchemas } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { planCanary } from "./plan-canary.ts";
import { poisons } from "./poisons.ts";

const beside = { scenario: "sales-chart", schema: "chat.v1", seed: 42, partitions: 8 } as const;

describe("planCanary", () => {
  it("tries every poison that there is for a version, by the seed and the scenario", () => {
    for (const { name } of chatSchemas) {
      const tried = new Set<string>();
      for (let seed = 0; seed < 200; seed++) {
        const { poison, rule, plan } = planCanary({ ...beside, schema: name, seed }, undefined);
        expect(poison.rule[name]).toBe(rule);
        expect(plan.expect).toMatchObject({ verdict: "failed", violations: [rule] });
        tried.add(poison.what);
      }
      const possible = poisons.filter(({ rule }) => rule[name] !== undefined).map(({ what }) => what);
      expect([...tried].toSorted()).toEqual(possible.toSorted());
    }
  });

  it("is the same each time, and another beside another scenario", () => {
    expect(planCanary(beside, "salt")).toEqual(planCanary(beside, "salt"));
    const others = Array.from({ length: 20 }, (_, index) =>
      planCanary({ ...beside, scenario: `other-${index}` }, "salt"),
    );
    expect(new Set(others.map(({ poison }) => poison.what)).size).toBeGreaterThan(3);
    expect(new Set(others.map(({ plan }) => plan.conversationId)).size).toBe(others.length);
  });

  it("takes the newer version beside a plan for both", () => {
    expect(planCanary({ ...beside, schema: "both" }, undefined).plan.schema).toBe("chat.v2");
  });
});
