import { rules } from "@ondash/contract";
import { describe, expect, it } from "vitest";
import { allOperators } from "./simulator/all-operators.ts";
import { proveOperator } from "./simulator/prove-operators.ts";

const SEED = 42;
/** Manifested mutants of each operator in each version. */
const MUTANTS = Number(process.env["ONDASH_MUTANTS"] ?? 300);

const families = ["REC", "ORD", "GRM", "KAF", "MSG"];
const operatorsOf = (rule: string): typeof allOperators =>
  allOperators.filter(({ operator }) => operator.rule === rule);

describe("mutants among legal turns, in all profiles", { timeout: 600_000 }, () => {
  const own = rules.filter(({ id }) => families.some((family) => id.startsWith(family)));

  it.each(own)("has an operator that breaks $id, in each version to which it applies", ({ id, severity }) => {
    const versions = new Set(operatorsOf(id).map(({ schema }) => schema.name));
    // What both versions say of each other is charged to the newer one, and made of the older one.
    if (id === "ORD-09") versions.add("chat.v2");
    expect([...versions].toSorted()).toEqual(Object.keys(severity).toSorted());
  });

  it.each(own)("each is charged with $id, and nobody else with anything: $title", ({ id }) => {
    for (const operator of operatorsOf(id)) {
      const row = proveOperator(operator, { seed: SEED, mutants: MUTANTS });
      expect(row.failures, operator.name).toEqual([]);
      expect(row.manifested, operator.name).toBeGreaterThanOrEqual(MUTANTS);
      expect(row.detected, operator.name).toBe(row.manifested);
    }
  });
});
