import type { JsonReport } from "@ondash/report";
import { describe, expect, it } from "vitest";
import { ondash } from "./support/ondash.ts";

describe("ondash run --canary", () => {
  it("says beside each scenario what was wrong with the poisoned turn, and leaves it out of the report", async () => {
    const names = ["sales-chart", "sales-chart-lost-chart"];
    const { code, stdout, stderr } = await ondash(["run", ...names, "--canary", "--report", "json"]);
    expect(code).toBe(0);
    for (const name of names) {
      expect(stderr).toMatch(
        new RegExp(`^ondash: canary beside ${name}: .*, flagged as [A-Z]{3}-\\d\\d; it is in no report$`, "m"),
      );
    }
    const { runs } = JSON.parse(stdout) as JsonReport;
    expect(runs.map(({ verdict, counts }) => [verdict, counts.turns])).toEqual([
      ["passed", 1],
      ["failed", 1],
    ]);
  });

  it("varies with the seed", async () => {
    const said = new Set<string>();
    for (const seed of ["1", "2", "3", "4"]) {
      const { stderr } = await ondash(["run", "text-only", "--canary", "--seed", seed]);
      said.add(/canary beside text-only: (.*), flagged/.exec(stderr)?.[1] ?? "");
    }
    expect(said.size).toBeGreaterThan(1);
    expect(said).not.toContain("");
  });
});
