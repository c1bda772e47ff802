import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findScenarios, loadScenario } from "./load-scenarios.ts";

const text = (name: string): string =>
  `scenario: ${name}\nsteps: [{ status: Hello }, { completion: { type: CONVERSATION } }]\n`;

describe("findScenarios", () => {
  let cwd: string;
  const find = (...wanted: readonly string[]): readonly string[] =>
    findScenarios(wanted, { cwd, directory: join(cwd, "scenarios") });
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), "ondash-scenarios-"));
    mkdirSync(join(cwd, "scenarios/parts"), { recursive: true });
    mkdirSync(join(cwd, "mine"));
    for (const name of ["sales-chart-lost", "sales-chart", "text-only"]) {
      writeFileSync(join(cwd, `scenarios/${name}.yaml`), text(name));
    }
    writeFileSync(join(cwd, "scenarios/scenario.schema.json"), "{}");
    writeFileSync(join(cwd, "scenarios/parts/part.yaml"), "[]");
    writeFileSync(join(cwd, "mine/own.yml"), text("own"));
  });
  afterAll(() => rmSync(cwd, { recursive: true }));

  it("finds all, by name, when none is named", () => {
    expect(find()).toEqual([
      "scenarios/sales-chart.yaml",
      "scenarios/sales-chart-lost.yaml",
      "scenarios/text-only.yaml",
    ]);
  });

  it("finds names, paths, folders and patterns, in the order given and each once", () => {
    expect(find("text-only", "sales-chart")).toEqual(["scenarios/text-only.yaml", "scenarios/sales-chart.yaml"]);
    expect(find("mine/own.yml", "./scenarios/text-only.yaml")).toEqual(["mine/own.yml", "scenarios/text-only.yaml"]);
    expect(find("mine")).toEqual(["mine/own.yml"]);
    expect(find("sales-*")).toEqual(["scenarios/sales-chart.yaml", "scenarios/sales-chart-lost.yaml"]);
    expect(find("*/*.{yaml,yml}", "text-only")).toHaveLength(4);
    expect(find(join(cwd, "mine/own.yml"))).toEqual(["mine/own.yml"]);
  });

  it("names the nearest when there is none", () => {
    expect(() => find("sales-chrt")).toThrow(/^\[scenario-not-found\] .*"sales-chrt".*did you mean sales-chart\?$/);
    expect(() => find("scenarios/textonly.yaml")).toThrow(/did you mean text-only\?/);
    expect(() => find("zzzzzzzzzzzz")).toThrow(/`ondash scenarios` lists/);
    expect(() => find("zz*")).toThrow(/no scenario fits the pattern zz\*/);
    expect(() => findScenarios([], { cwd, directory: join(cwd, "scenarios/none") })).toThrow(/no scenario files in/);
  });

  it("gives errors and plans the path relative to the working directory", () => {
    expect(loadScenario("mine/own.yml", cwd).file).toBe("mine/own.yml");
    expect(() => loadScenario("mine/none.yaml", cwd)).toThrow(/^\[file\] can't read mine\/none\.yaml/);
  });
});
