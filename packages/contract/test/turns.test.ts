import { createMonitor, judgeObservations, type Observation, rules } from "@ondash/contract";
import { chatSchemas, chatV1, chatV2, encodeRecord } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { type Step, salesChart } from "./support/chat.ts";
import { createTestLog, wholeRun } from "./support/log.ts";
import { storedMessage } from "./support/message-operators.ts";
import { stage } from "./support/scenario.ts";
import { clean, outcomes, summary } from "./support/summary.ts";
import { edit, PARTITIONS } from "./support/world.ts";

const task2: readonly Step[] = [
  { status: "And again...", task: "task_2" },
  { text: "Nothing to show", position: "STANDALONE", task: "task_2" },
  { completion: "TASK", task: "task_2" },
];

describe("a turn of chat.v1", () => {
  it("rests when its tasks are closed, and is opened again by another task", () => {
    const monitor = createMonitor();
    const log = createTestLog({ schemas: [chatV1] });
    const run = stage(chatV1);
    const events = run.turn([...salesChart, ...task2]);
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

/** The run of a sales chart with its message, changed. */
const withMessage = (change: (json: Record<string, unknown>) => Record<string, unknown>, gap = false) => {
  const run = stage(chatV2);
  const events = run.turn(salesChart);
  run.send(...events);
  if (gap) run.observe({ kind: "gap", topic: chatV2.topics.chart, partition: 0, from: 0, to: 0 });
  run.observe({
    kind: "message",
    schema: "chat.v2",
    message: change(storedMessage(chatV2, events) as Record<string, unknown>),
  });
  return run.judge();
};

describe("a stored message", () => {
  it("is held against the turn's events", () => {
    expect(outcomes(withMessage((json) => json))).toMatchObject({
      "MSG-01": "held 1",
      "MSG-02": "held 1",
      "MSG-03": "held 1",
      "MSG-04": "held 1",
    });
  });

  it("is ignored when it is not the assistant's", () => {
    const judgement = withMessage((json) => ({ ...json, role: "ROLE_USER", content: [] }));
    expect(judgement.rules["MSG-01"]).toEqual({ status: "not exercised" });
  });

  it("proves nothing when the collector may have missed its turn", () => {
    const judgement = withMessage((json) => ({ ...json, id: "unseen" }), true);
    expect(summary(judgement)).toMatchObject({ verdict: "inconclusive", violations: ["KAF-02"] });
    expect(judgement.rules["MSG-01"]).toMatchObject({ status: "unprovable" });
  });
});

describe("both versions of a turn", () => {
  const both = (change: (observations: Observation[]) => Observation[]) => {
    const log = createTestLog();
    const runs = chatSchemas.map((schema) =>
      stage(schema)
        .turn(salesChart)
        .map((event) => encodeRecord(schema, event, 8)),
    );
    return judgeObservations(wholeRun(log, change(runs.flat().map((record) => log.append(record)))));
  };

  it("break ORD-09 when an event is in one of them only", () => {
    const run = both((all) =>
      all.filter((o) => o.kind !== "record" || o.topic !== chatV1.topics.status || o.offset !== 1),
    );
    // The offset that is left out is a gap of the collector: nothing is judged on it.
    expect(run.rules["ORD-09"]).toMatchObject({ status: "unprovable" });
    const log = createTestLog();
    const older = stage(chatV1)
      .turn(salesChart)
      .toSpliced(1, 1)
      .map((event) => encodeRecord(chatV1, event, 8));
    const newer = stage(chatV2)
      .turn(salesChart)
      .map((event) => encodeRecord(chatV2, event, 8));
    const judgement = judgeObservations(
      wholeRun(
        log,
        [...older, ...newer].map((record) => log.append(record)),
      ),
    );
    expect(judgement.violations).toMatchObject([{ rule: "ORD-09", records: [{ topic: chatV2.topics.status }] }]);
    expect(judgement.turns).toMatchObject([{ verdict: "failed" }]);
  });

  it("are not compared when one of them has a broken record", () => {
    const judgement = both((all) =>
      all.map((o) => (o.kind === "record" && o.topic === chatV1.topics.chart ? { ...o, value: null } : o)),
    );
    expect(summary(judgement).violations).toEqual(["REC-01"]);
    expect(judgement.rules["ORD-09"]).toMatchObject({ status: "unprovable" });
    expect(judgement.rules["REC-11"]).toEqual({ status: "held", count: 7 });
  });
});

describe("a live monitor", { timeout: 60_000 }, () => {
  it("gives a turn up whose sequences lie further apart than the window", () => {
    const far = (window: number) => {
      const log = createTestLog({ schemas: [chatV2] });
      const events = stage(chatV2).turn(salesChart);
      const monitor = createMonitor({ window });
      const late = edit(chatV2, events, 5, (event) => void Object.assign(event, { sequence: 5_000 }));
      for (const o of wholeRun(
        log,
        late.map((event) => log.append(encodeRecord(chatV2, event, 8))),
      ))
        monitor.observe(o);
      return monitor.finish();
    };
    expect(far(1_024)).toMatchObject({
      verdict: "inconclusive",
      reasons: [expect.stringContaining("the window of 1024")],
    });
    expect(summary(far(Number.POSITIVE_INFINITY)).violations).toEqual(["ORD-04"]);
  });

  it("lets go of the turns decided longest ago, and says so when one of them goes on", () => {
    const monitor = createMonitor();
    const log = createTestLog({ schemas: [chatV1] });
    monitor.observe({ kind: "start", partitions: 8, start: log.start });
    const send = (steps: readonly Step[], name: string): void => {
      const ids = { conversation: name, message: name };
      for (const event of stage(chatV1).turn(steps, ids)) monitor.observe(log.append(encodeRecord(chatV1, event, 8)));
    };
    for (let turn = 0; turn < 1_100; turn++) {
      send(salesChart, `turn-${turn}`);
      monitor.observe({ kind: "asked", id: turn });
      monitor.observe({ kind: "barrier", id: turn, ends: log.ends() });
      expect(monitor.undecided).toBe(0);
    }
    const more = task2.map((step, index) => ({ ...step, id: `more-${index}`, at: 100 + index }));
    send(more, "turn-1099");
    send(more, "turn-0");
    monitor.observe({ kind: "end", ends: log.ends(), producersDone: true });
    const judgement = monitor.finish();
    expect(judgement.counts.turns).toBe(1_100);
    expect(judgement.violations).toEqual([]);
    expect(judgement.turns.filter(({ verdict }) => verdict !== "passed")).toMatchObject([
      { messageId: "turn-0", verdict: "inconclusive" },
    ]);
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
