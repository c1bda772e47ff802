import { createMonitor, rules } from "@ondash/contract";
import { chatSchemas, chatV1, encodeRecord } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { type Step, salesChart, secondTask } from "./support/chat.ts";
import { createTestLog } from "./support/log.ts";
import { stage } from "./support/scenario.ts";
import { clean, outcomes, summary } from "./support/summary.ts";
import { edit, PARTITIONS } from "./support/world.ts";

describe("a turn of chat.v1", () => {
  it("rests when its tasks are closed, and is opened again by another task", () => {
    const monitor = createMonitor();
    const log = createTestLog({ schemas: [chatV1] });
    const run = stage(chatV1);
    const events = run.turn([...salesChart, ...secondTask]);
    const observe = (from: number, to: number): void => {
      for (const event of events.slice(from, to)) monitor.observe(log.append(encodeRecord(chatV1, event, 8)));
    };
    let barriers = 0;
    const barrier = (): void => {
      monitor.observe({ kind: "asked", id: ++barriers });
      expect(monitor.wantsBarrier).toBe(false);
      monitor.observe({ kind: "barrier", id: barriers, ends: log.ends() });
    };
    const states = (): [boolean, number] => [monitor.wantsBarrier, monitor.undecided];
    monitor.observe({ kind: "start", partitions: 8, start: log.start });
    expect(states()).toEqual([false, 0]);
    observe(0, 6);
    expect(states()).toEqual([false, 1]);
    observe(6, 7);
    expect(states()).toEqual([true, 1]);
    barrier();
    expect(states()).toEqual([false, 0]);
    observe(7, 9);
    expect(states()).toEqual([false, 1]);
    observe(9, 10);
    expect(states()).toEqual([true, 1]);
    barrier();
    expect(states()).toEqual([false, 0]);
    monitor.observe({ kind: "end", ends: log.ends(), producersDone: true });
    expect(summary(monitor.finish())).toEqual(clean);
  });

  it("may say things outside its tasks until CONVERSATION", () => {
    const run = stage(chatV1);
    run.send(...run.turn([...salesChart, { status: "Anything else?" }]));
    expect(summary(run.judge())).toEqual(clean);
    run.send(...run.turn([{ completion: "CONVERSATION", id: "end", at: 100 }]));
    expect(summary(run.judge())).toEqual(clean);
    run.send(...run.turn([{ status: "One more thing", id: "after", at: 200 }]));
    expect(summary(run.judge()).violations).toEqual(["ORD-06"]);
  });

  it("has not ended without a task and without CONVERSATION", () => {
    const run = stage(chatV1);
    run.send(...run.turn([{ status: "Hm..." }, { text: "Hello", position: "STANDALONE" }]));
    expect(summary(run.judge()).violations).toEqual(["ORD-07"]);
  });
});

describe.each(chatSchemas)("a turn of $name", (schema) => {
  it("is ended by CONVERSATION, open tasks included", () => {
    const run = stage(schema);
    run.send(...run.turn([...salesChart.slice(0, 6), { completion: "CONVERSATION" }]));
    expect(summary(run.judge())).toEqual(clean);
  });

  it("may not complete after another turn's CONVERSATION, by offset", () => {
    const run = stage(schema);
    const first = run.turn([{ status: "Bye..." }, { completion: "CONVERSATION" }], { message: "first" });
    const second = run.turn(salesChart, { message: "second" });
    run.send(...first, ...second);
    const { violations, turns } = run.judge();
    expect(violations).toMatchObject([{ rule: "ORD-06", messageId: "second" }]);
    expect(turns.map(({ verdict }) => verdict)).toEqual(["passed", "failed"]);
    const other = stage(schema);
    other.send(...other.turn(salesChart, { message: "second" }), ...first);
    expect(summary(other.judge())).toEqual(clean);
  });

  it("needs no chart after a BEFORE text when its task failed, anywhere in it", () => {
    const failed: readonly Step[] = [
      { status: "Working...", task: "t" },
      { error: "ERROR", task: "t" },
      { text: "Here it comes", position: "BEFORE", task: "t" },
      { completion: "TASK", task: "t" },
    ];
    const run = stage(schema);
    run.send(...run.turn(failed));
    expect(summary(run.judge())).toEqual(clean);
    const warned = stage(schema);
    warned.send(...warned.turn(failed.map((step) => ("error" in step ? { ...step, error: "WARNING" } : step))));
    expect(summary(warned.judge()).violations).toEqual(["GRM-02"]);
  });

  it("wants the chart before its task's completion, and of the same task", () => {
    const run = stage(schema);
    const tasks: readonly Step[] = [
      { status: "Working...", task: "a" },
      { text: "Here it comes", position: "BEFORE", task: "a" },
      { chart: "bar", task: "b" },
      { completion: "TASK", task: "a" },
      { completion: "TASK", task: "b" },
    ];
    run.send(...run.turn(tasks));
    const { violations } = run.judge();
    expect(violations).toMatchObject([{ rule: "GRM-02", actual: "no chart follows" }]);
    expect(violations[0]?.notes[0]).toContain("nearest: a chart of b, after it");
  });

  it("is one primary rule, the others beside it, and warnings apart", () => {
    const run = stage(schema);
    run.send(
      ...run.turn([
        { text: "Here it comes", position: "BEFORE", task: "a" },
        { error: "FATAL", task: "b" },
        { status: "Still working", task: "a" },
        { completion: "TASK", task: "a" },
        { completion: "TASK", task: "b" },
      ]),
    );
    const { violations, warnings } = run.judge();
    expect(violations.map(({ rule, also }) => [rule, also])).toEqual([["GRM-02", ["GRM-06"]]]);
    expect(warnings.map(({ rule }) => rule)).toEqual(["GRM-01"]);
  });

  it("has its grammar judged though records of it are out of order", () => {
    const run = stage(schema);
    const events = run.turn(salesChart.filter((step) => !("chart" in step)));
    const [before, after] = events.splice(3, 2);
    run.send(...events.slice(0, 3), ...[after, before].filter((event) => event !== undefined), ...events.slice(3));
    expect(run.judge().violations.map(({ rule, also }) => [rule, also])).toEqual([["ORD-03", ["GRM-02", "GRM-03"]]]);
  });

  it("can't be judged when a record of it is broken", () => {
    const run = stage(schema);
    run.send(
      ...run.turn(
        salesChart.filter((step) => !("chart" in step)),
        { message: "other" },
      ),
    );
    run.send(
      ...edit(schema, run.turn(salesChart), 3, ({ event }) => void Object.assign(event.value ?? {}, { position: 0 })),
    );
    const judgement = run.judge();
    expect(judgement.violations.map(({ rule, messageId }) => [rule, messageId])).toEqual([
      ["REC-07", "msg_789"],
      ["GRM-02", "other"],
    ]);
    expect(judgement.turns.map(({ verdict }) => verdict)).toEqual(["failed", "failed"]);
    expect(judgement.rules["ORD-01"]).toMatchObject({ status: "unprovable" });
  });

  it("can't be judged when a record of its conversation does not decode", () => {
    const run = stage(schema);
    const [first, second] = ["msg_1", "msg_2"].map((message) =>
      run.turn(
        salesChart.filter((step) => !("chart" in step)),
        { message },
      ),
    );
    run.send(...(first ?? []));
    const [elsewhere] = run
      .turn(
        salesChart.filter((step) => !("chart" in step)),
        { conversation: "other" },
      )
      .slice(-1);
    const sent = (second ?? []).map((event) => run.log.append(encodeRecord(schema, event, PARTITIONS)));
    run.observe(...sent.map((record, index) => (index === 2 ? { ...record, value: null } : record)));
    const judgement = run.judge();
    expect(summary(judgement).violations).toEqual(["REC-01"]);
    expect(judgement.turns.map(({ verdict }) => verdict)).toEqual(["inconclusive", "inconclusive"]);
    if (elsewhere !== undefined)
      run.send(
        ...run.turn(
          salesChart.filter((step) => !("chart" in step)),
          { conversation: "other" },
        ),
      );
    expect(summary(run.judge()).violations).toEqual(["REC-01", "GRM-02"]);
  });

  it("can't be judged when a record belongs to nobody", () => {
    const run = stage(schema);
    run.send(...run.turn(salesChart.filter((step) => !("chart" in step))));
    const [stray] = run
      .turn(salesChart, { message: "x" })
      .map((event) => run.log.append(encodeRecord(schema, event, PARTITIONS)));
    if (stray !== undefined) run.observe({ ...stray, key: null, value: null });
    const judgement = run.judge();
    expect(judgement.violations.map(({ rule, conversationId }) => [rule, conversationId])).toContainEqual([
      "REC-01",
      null,
    ]);
    expect(judgement.rules["GRM-02"]).toMatchObject({ status: "unprovable" });
  });

  it("has its blocks in emission order", () => {
    const run = stage(schema);
    const records = run.turn(salesChart).map((event) => run.log.append(encodeRecord(schema, event, PARTITIONS)));
    run.observe(...records.toSorted((a, b) => (a.topic < b.topic ? 1 : -1)));
    expect(run.judge().turns[0]?.blocks).toEqual(["text", "chart", "text"]);
  });

  it("counts a record that is read again, and compares it with the first", () => {
    const run = stage(schema);
    const [record] = run.send(...run.turn(salesChart));
    if (record === undefined) return;
    run.observe({ ...record, timestamp: 1, headers: record.headers.toReversed() });
    const judgement = run.judge();
    expect(summary(judgement)).toEqual(clean);
    expect(judgement.counts).toEqual({ records: 7, turns: 1, redeliveries: 1 });
    expect(outcomes(judgement)["KAF-03"]).toBe("held 1");
  });
});

describe.each(chatSchemas)("a rule of $name", (schema) => {
  /** The GRM rules that a turn of these steps exercises. */
  const exercised = (steps: readonly Step[]): string[] => {
    const run = stage(schema);
    run.send(...run.turn(steps));
    return Object.entries(run.judge().rules).flatMap(([id, { status }]) =>
      id.startsWith("GRM") && status !== "not exercised" ? [id] : [],
    );
  };
  const begin: Step = { status: "Working...", task: "t" };
  const end: Step = { completion: "TASK", task: "t" };

  it.each<[trigger: string, steps: readonly Step[], rules: string[]]>([
    ["nothing of its own", [{ status: "Hm..." }, { completion: "CONVERSATION" }], ["GRM-01"]],
    ["a completed task", [begin, { error: "ERROR", task: "t" }, end], ["GRM-01", "GRM-05"]],
    [
      "a STANDALONE text",
      [begin, { text: "x", position: "STANDALONE", task: "t" }, end],
      ["GRM-01", "GRM-04", "GRM-05"],
    ],
    [
      "a BEFORE text",
      [begin, { text: "x", position: "BEFORE", task: "t" }, { chart: "bar", task: "t" }, end],
      ["GRM-01", "GRM-02", "GRM-05"],
    ],
    [
      "an AFTER text",
      [begin, { chart: "bar", task: "t" }, { text: "x", position: "AFTER", task: "t" }, end],
      ["GRM-01", "GRM-03", "GRM-05"],
    ],
    ["a FATAL error", [begin, { error: "FATAL", task: "t" }, end], ["GRM-01", "GRM-05", "GRM-06"]],
    [
      "a step",
      [{ ...begin, step: 1 }, { error: "ERROR", task: "t" }, end],
      schema.sequenced ? ["GRM-01", "GRM-05", "GRM-07"] : ["GRM-01", "GRM-05"],
    ],
  ])("is held only where its trigger occurred: %s", (_, steps, expected) => {
    expect(exercised(steps)).toEqual(expected);
  });

  it("is not exercised by a turn that has not ended, where it takes an end", () => {
    const run = stage(schema);
    run.send(...run.turn(salesChart).slice(0, 6));
    const { rules: outcome } = run.judge({ producersDone: false });
    for (const id of ["ORD-01", "ORD-03", "ORD-05", "ORD-06", "ORD-07", "GRM-02", "GRM-03", "GRM-05"]) {
      expect(outcome[id], id).toEqual({ status: "not exercised" });
    }
    expect(outcome["GRM-01"]).toEqual({ status: "held", count: 1 });
  });
});

it("lists every rule of the catalogue, in its order", () => {
  const run = stage(chatV1);
  run.send(...run.turn(salesChart));
  const outcome = run.judge().rules;
  expect(Object.keys(outcome)).toEqual(rules.map(({ id }) => id));
  expect(rules).toHaveLength(13 + 9 + 7 + 6 + 4 + 11);
  for (const { id, scope } of rules) {
    if (scope === "chart") expect(outcome[id]).toEqual({ status: "unprovable", why: "not implemented" });
  }
});
