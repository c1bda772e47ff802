import { createMonitor, type Observation } from "@ondash/contract";
import { type ChatSchema, chatSchemas, chatV1, chatV2, encodeRecord, type OutgoingRecord } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { records, type Step, salesChart, secondTask } from "./support/chat.ts";
import { createTestLog, wholeRun } from "./support/log.ts";
import { stage } from "./support/scenario.ts";
import { clean, summary } from "./support/summary.ts";
import { edit } from "./support/world.ts";

describe("a live monitor", { timeout: 60_000 }, () => {
  it.each(chatSchemas)("waits for no more of a turn whose end is broken ($name)", (schema) => {
    const monitor = createMonitor();
    const log = createTestLog({ schemas: [schema] });
    const observe = (record: OutgoingRecord): void => monitor.observe(log.append(record));
    monitor.observe({ kind: "start", partitions: 8, start: log.start });
    const [end, ...rest] = stage(schema)
      .turn(salesChart)
      .map((event) => encodeRecord(schema, event, 8))
      .toReversed();
    for (const record of rest.slice(1)) observe(record);
    // A broken record that is no end leaves the turn open.
    for (const record of rest.slice(0, 1)) observe({ ...record, key: null });
    expect([monitor.wantsBarrier, monitor.undecided]).toEqual([false, 1]);
    if (end !== undefined) observe({ ...end, key: null });
    expect([monitor.wantsBarrier, monitor.undecided]).toEqual([true, 1]);
    monitor.observe({ kind: "asked", id: 1 });
    monitor.observe({ kind: "barrier", id: 1, ends: log.ends() });
    expect([monitor.wantsBarrier, monitor.undecided]).toEqual([false, 0]);
  });

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
    const more = secondTask.map((step, index) => ({ ...step, id: `more-${index}`, at: 100 + index }));
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

  it.each(chatSchemas)(
    "does not hold against turns that it lets go of a gap that is filled by the end ($name)",
    (schema) => {
      const monitor = createMonitor();
      const log = createTestLog({ schemas: [schema], partitions: 1 });
      monitor.observe({ kind: "start", partitions: 1, start: log.start });
      const send = (name: string): Observation[] =>
        records(schema, salesChart, { conversation: name, message: name }, 1).map(log.append);
      let missed: Observation | undefined;
      for (let turn = 0; turn < 1_100; turn++) {
        const [first, ...rest] = send(`turn-${turn}`);
        // The collector can't read the first record of one of the last turns, and reads it in the end.
        if (turn === 1_090 && first?.kind === "record") {
          missed = first;
          const { topic, partition, offset } = first;
          monitor.observe({ kind: "gap", topic, partition, from: offset, to: offset });
        } else if (first !== undefined) monitor.observe(first);
        for (const observation of rest) monitor.observe(observation);
        monitor.observe({ kind: "asked", id: turn });
        monitor.observe({ kind: "barrier", id: turn, ends: log.ends() });
      }
      if (missed !== undefined) monitor.observe(missed);
      monitor.observe({ kind: "end", ends: log.ends(), producersDone: true });
      const judgement = monitor.finish();
      expect(summary(judgement)).toEqual(clean);
      expect(judgement.turns.filter(({ verdict }) => verdict !== "passed")).toEqual([]);
    },
  );

  it("judges a turn that it lets go of by the barrier that decided it, however many came since", () => {
    const monitor = createMonitor();
    const log = createTestLog({ partitions: 1 });
    monitor.observe({ kind: "start", partitions: 1, start: log.start });
    let barriers = 0;
    const append = (schema: ChatSchema, name: string): Observation[] =>
      records(schema, salesChart, { conversation: name, message: name }, 1).map(log.append);
    const read = (observations: readonly Observation[]): void => {
      for (const observation of observations) monitor.observe(observation);
      const id = ++barriers;
      monitor.observe({ kind: "asked", id });
      monitor.observe({ kind: "barrier", id, ends: log.ends() });
    };
    read(append(chatV2, "first"));
    // Of chat.v2 nothing more is read for a long time: only chat.v1 reaches its barriers.
    const late = append(chatV2, "second");
    for (let turn = 0; turn < 1_100; turn++) read(append(chatV1, `turn-${turn}`));
    read(late);
    monitor.observe({ kind: "end", ends: log.ends(), producersDone: true });
    const judgement = monitor.finish();
    expect(judgement.turns.filter(({ verdict }) => verdict !== "passed")).toEqual([]);
    expect(summary(judgement)).toEqual(clean);
  });
});
