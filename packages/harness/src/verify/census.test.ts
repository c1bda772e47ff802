import { join } from "node:path";
import type { Observation } from "@ondash/contract";
import { type Plan, plan } from "@ondash/scenario";
import { describe, expect, it } from "vitest";
import { findScenarios, loadScenario } from "../load-scenarios.ts";
import { createCensus } from "./census.ts";

const root = join(import.meta.dirname, "../../../..");

function planOf(name: string, schema: "chat.v1" | "chat.v2" | "both"): Plan {
  const [file = ""] = findScenarios([name], { cwd: root, directory: join(root, "scenarios") });
  return plan(loadScenario(file, root), { schema });
}

function seen({ events }: Plan, count: number): ReturnType<typeof createCensus> {
  const census = createCensus();
  for (const [offset, { record }] of events.slice(0, count).entries()) {
    const observation: Observation = { kind: "record", offset, timestamp: -1, ...record };
    census.add(observation);
    // Read again, it counts as a record and not as an event.
    census.add(observation);
  }
  return census;
}

describe("createCensus", () => {
  it("names what the scenario has and was not seen", () => {
    const sales = planOf("sales-chart", "chat.v1");
    expect(seen(sales, 0).missing(sales)).toEqual(["3 statuses", "2 texts", "1 chart", "1 completion"]);
    expect(seen(sales, 4).missing(sales)).toEqual(["1 text", "1 chart", "1 completion"]);
    expect(seen(sales, 7).missing(sales)).toEqual([]);
    expect(seen(sales, 4)).toMatchObject({ records: 8, turns: 1 });
    expect([...seen(sales, 4).conversations]).toEqual([sales.conversationId]);
  });

  it("awaits as many completions as the scenario has, in each version", () => {
    const tasks = planOf("multi-task", "chat.v1");
    const completions = tasks.events.filter(({ kind }) => kind === "completion");
    expect(completions.length).toBeGreaterThan(1);
    const first = tasks.events.findIndex(({ kind }) => kind === "completion") + 1;
    expect(seen(tasks, first).awaited(tasks)).toEqual([
      `${completions.length - 1} completion${completions.length === 2 ? "" : "s"} (chat.v1)`,
    ]);
    expect(seen(tasks, tasks.events.length).awaited(tasks)).toEqual([]);
    const both = planOf("sales-chart", "both");
    expect(seen(both, 13).awaited(both)).toEqual(["1 completion (chat.v2)"]);
  });

  it("awaits nothing after the end that a turn itself says", () => {
    const closed = planOf("conversation-end", "chat.v1");
    const end = closed.events.find(({ kind }) => kind === "completion");
    const census = createCensus();
    if (end !== undefined) census.add({ kind: "record", offset: 0, timestamp: -1, ...end.record });
    expect(census.awaited(planOf("multi-task", "chat.v1"))).toEqual([]);
  });

  it("counts what it can't read", () => {
    const census = createCensus();
    const record: Observation = {
      kind: "record",
      topic: "ondash.llm.text",
      partition: 0,
      offset: 0,
      timestamp: -1,
      key: null,
      headers: [],
      value: null,
    };
    census.add(record);
    expect([census.records, census.turns]).toEqual([1, 0]);
  });
});
