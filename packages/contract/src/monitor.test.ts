import { chatSchemas, chatV2, encodeRecord } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { envelopes, salesChart } from "../test/support/chat.ts";
import { createTestLog } from "../test/support/log.ts";
import { barrierLaw } from "./barrier.ts";
import { createMonitor, createMonitorWith } from "./monitor.ts";
import type { Observation } from "./observation.ts";

const PARTITIONS = 2;
const sent = (message: string, conversation = message) =>
  envelopes(chatV2, salesChart, { message, conversation }).map((event) => encodeRecord(chatV2, event, PARTITIONS));
const started = (...observations: readonly Observation[]) => {
  const log = createTestLog({ partitions: PARTITIONS });
  const monitor = createMonitor();
  monitor.observe({ kind: "start", partitions: PARTITIONS, start: log.start });
  for (const observation of observations) monitor.observe(observation);
  return { monitor, log };
};
const end = (log: ReturnType<typeof createTestLog>, producersDone = true): Observation => ({
  kind: "end",
  ends: log.ends(),
  producersDone,
});

describe("the monitor takes observations in order", () => {
  it("`start` first, and once", () => {
    const { log } = started();
    const monitor = createMonitor();
    expect(() => monitor.observe({ kind: "asked", id: 1 })).toThrow("[observation] asked came before `start`");
    monitor.observe({ kind: "start", partitions: PARTITIONS, start: undefined });
    expect(() => monitor.observe({ kind: "start", partitions: PARTITIONS, start: log.start })).toThrow(
      "[observation] `start` came twice",
    );
  });

  it("nothing after `end`, nor after it was finished, which is once", () => {
    const { monitor, log } = started();
    monitor.observe(end(log));
    expect(() => monitor.observe({ kind: "asked", id: 1 })).toThrow("[observation] asked came after the end");
    monitor.finish();
    expect(() => monitor.finish()).toThrow("[observation] the monitor was finished before");
    const open = started().monitor;
    open.finish();
    expect(() => open.observe({ kind: "asked", id: 1 })).toThrow("[observation] asked came after the end");
  });

  it("no record of a topic of no version, and none below its start", () => {
    const { monitor } = started();
    const [record] = sent("m");
    if (record === undefined) throw new Error("no record");
    const observed = { kind: "record", ...record, offset: 3, timestamp: 1 } as const;
    expect(() => monitor.observe({ ...observed, topic: "other" })).toThrow(
      "[observation] topic other is of no schema version",
    );
    const later = createMonitor();
    later.observe({ kind: "start", partitions: 1, start: { [record.topic]: [4, 4] } });
    expect(() => later.observe(observed)).toThrow(
      `[observation] ${record.topic}/${record.partition}@3 lies below the start offset 4`,
    );
    later.observe({ ...observed, offset: 4 });
  });
});

describe("the verdict stays open", () => {
  it("where nothing was observed, or not to the end", () => {
    const { monitor } = started();
    expect(monitor.finish()).toMatchObject({
      verdict: "inconclusive",
      reasons: ["nothing was observed", "the observation did not end properly"],
      schema: null,
      counts: { records: 0, turns: 0, redeliveries: 0 },
      timeline: [],
    });
    const { monitor: ended, log } = started();
    ended.observe(end(log));
    expect(ended.finish().reasons).toEqual(["nothing was observed"]);
  });

  it("for at most eight gaps by name", () => {
    const { monitor, log } = started();
    for (const record of sent("m")) monitor.observe(log.append(record));
    for (const topic of chatV2.topicList) {
      for (const partition of [0, 1]) {
        const { from } = log.mark(topic, partition, 1, "control");
        monitor.observe({ kind: "gap", topic, partition, from, to: from });
      }
    }
    monitor.observe(end(log));
    const { reasons, verdict, violations } = monitor.finish();
    expect([verdict, violations.filter(({ rule }) => rule === "KAF-02").length]).toEqual(["inconclusive", 10]);
    expect(reasons.slice(0, 9)).toEqual([
      ...violations.slice(0, 8).map(({ message }) => message),
      "and 2 more partitions",
    ]);
  });
});

describe("the monitor while the run goes on", () => {
  it("says when it wants a barrier, and how many turns are undecided", () => {
    const { monitor, log } = started();
    expect([monitor.wantsBarrier, monitor.undecided]).toEqual([false, 0]);
    const [first, ...rest] = sent("m");
    if (first !== undefined) monitor.observe(log.append(first));
    expect([monitor.wantsBarrier, monitor.undecided]).toEqual([false, 1]);
    for (const record of rest) monitor.observe(log.append(record));
    expect([monitor.wantsBarrier, monitor.undecided]).toEqual([true, 1]);
    monitor.observe({ kind: "asked", id: 1 });
    expect([monitor.wantsBarrier, monitor.undecided]).toEqual([false, 1]);
    monitor.observe({ kind: "barrier", id: 1, ends: log.ends() });
    expect([monitor.wantsBarrier, monitor.undecided]).toEqual([false, 0]);
  });

  it("takes positions from skips and gaps, too", () => {
    for (const kind of ["skip", "gap"] as const) {
      const { monitor, log } = started();
      for (const record of sent("m")) monitor.observe(log.append(record));
      const topic = chatV2.topicList[0] ?? "";
      const mark = log.mark(topic, 0, 1, "control");
      monitor.observe({ kind: "asked", id: 1 });
      monitor.observe({ kind: "barrier", id: 1, ends: log.ends() });
      expect(monitor.undecided).toBe(1);
      monitor.observe(kind === "skip" ? mark : { kind, topic, partition: 0, from: mark.from, to: mark.to });
      expect(monitor.undecided).toBe(0);
    }
  });

  it("counts planned turns as undecided before anything of them is read", () => {
    const { monitor } = started({
      kind: "plan",
      topic: chatV2.topics.status,
      eventId: "e",
      conversationId: "c",
      messageId: "m",
    });
    expect([monitor.wantsBarrier, monitor.undecided]).toEqual([false, 1]);
  });

  it("keeps as many decided turns as it is told, and judges the others then", () => {
    const kept = 2;
    const judged = (turns: number): string[] => {
      const log = createTestLog({ partitions: PARTITIONS });
      const monitor = createMonitorWith({}, barrierLaw, { window: 100, tombstones: kept, records: 100 });
      monitor.observe({ kind: "start", partitions: PARTITIONS, start: log.start });
      for (let turn = 0; turn < turns; turn++) {
        for (const record of sent(`m${turn}`)) monitor.observe(log.append(record));
        monitor.observe({ kind: "asked", id: turn });
        monitor.observe({ kind: "barrier", id: turn, ends: log.ends() });
      }
      // One more event of the first of them.
      const extra = envelopes(chatV2, [{ status: "late", id: "late" }], {
        message: "m0",
        conversation: "m0",
        final: -1,
      });
      for (const event of extra) monitor.observe(log.append(encodeRecord(chatV2, event, PARTITIONS)));
      monitor.observe(end(log));
      const { turns: results } = monitor.finish();
      return results.map(({ messageId, verdict }) => `${messageId} ${verdict}`);
    };
    // While it is kept, what is wrong with it is found; once let go of, nobody can tell.
    expect(judged(2)).toEqual(["m0 failed", "m1 passed"]);
    expect(judged(3)).toEqual(["m0 inconclusive", "m1 passed", "m2 passed"]);
  });
});

it("names the version of a run, or both", () => {
  const log = createTestLog({ partitions: PARTITIONS });
  const monitor = createMonitor({ timeline: true });
  monitor.observe({ kind: "start", partitions: PARTITIONS, start: log.start });
  for (const schema of chatSchemas) {
    for (const event of envelopes(schema, salesChart)) {
      monitor.observe(log.append(encodeRecord(schema, event, PARTITIONS)));
    }
  }
  monitor.observe(end(log));
  const judgement = monitor.finish();
  expect([judgement.schema, judgement.verdict, judgement.counts.turns]).toEqual(["both", "passed", 1]);
  expect(judgement.timeline.length).toBeGreaterThan(0);
});
