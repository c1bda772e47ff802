import { judgeObservations, type Observation } from "@ondash/contract";
import { chatSchemas, chatV1, chatV2, encodeRecord } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { salesChart } from "./support/chat.ts";
import { stage } from "./support/scenario.ts";
import { clean, outcomes, summary } from "./support/summary.ts";
import { ackOf, edit, PARTITIONS, planOf } from "./support/world.ts";

/** Index of the chart in the sales chart. */
const CHART = 4;

/** The planned sales chart, its chart not sent; `fate` is what the ledger says of it. */
function without(schema: (typeof chatSchemas)[number], fate?: (eventId: string, topic: string) => Observation[]) {
  const run = stage(schema);
  const events = run.turn(salesChart);
  run.observe(...planOf(schema, events));
  const [chart] = events.splice(CHART, 1);
  for (const event of events) {
    for (const record of run.send(event)) run.observe(ackOf(record, event.eventId));
  }
  run.observe(...(fate?.(chart?.eventId ?? "", schema.topics.chart) ?? []));
  return run.judge();
}

describe("an event that is missing", () => {
  it.each(chatSchemas)("is lost when it was never sent ($name)", (schema) => {
    const judgement = without(schema);
    expect(summary(judgement)).toMatchObject({ verdict: "failed", violations: ["ORD-04"] });
    expect(judgement.violations[0]?.also).toEqual([]);
    expect(judgement.rules["GRM-02"]).toEqual({ status: "unprovable", why: "the turn breaks ORD-04" });
  });

  it.each(chatSchemas)("is KAF-04 when it was acknowledged ($name)", (schema) => {
    const judgement = without(schema, (eventId, topic) => [{ kind: "ack", eventId, topic, partition: 3, offset: 0 }]);
    expect(summary(judgement)).toMatchObject({ verdict: "failed", violations: ["KAF-04"] });
    expect(judgement.violations[0]).toMatchObject({ conversationId: null, messageId: null });
    for (const rule of ["ORD-04", "ORD-07", "GRM-01", "GRM-02", "GRM-03", "GRM-05"]) {
      expect(judgement.rules[rule], rule).toMatchObject({ status: "unprovable" });
    }
  });

  it("is a hole in chat.v2 and nobody's fault in chat.v1 when it was definitely rejected", () => {
    const rejected = (eventId: string, topic: string): Observation[] => [
      { kind: "rejected", eventId, topic, error: "INVALID_RECORD" },
    ];
    expect(summary(without(chatV2, rejected)).violations).toEqual(["ORD-04"]);
    const judgement = without(chatV1, rejected);
    expect(outcomes(judgement)).toMatchObject({ "ORD-04": "held 1 by ledger", "KAF-05": "held 1" });
    // Readers see a BEFORE text without its chart, whoever refused the chart.
    expect(summary(judgement).violations).toEqual(["GRM-02"]);
  });

  it("proves nothing in chat.v2 and is not counted in chat.v1 when it is indefinite", () => {
    const indefinite = (eventId: string, topic: string): Observation[] => [{ kind: "indefinite", eventId, topic }];
    const judgement = without(chatV2, indefinite);
    expect(summary(judgement)).toEqual(clean);
    expect(outcomes(judgement)).toMatchObject({ "ORD-04": "unprovable", "GRM-02": "unprovable", "ORD-07": "held 1" });
    expect(outcomes(without(chatV1, indefinite))["ORD-04"]).toBe("held 1 by ledger");
  });

  it("is lost when more sequences are missing than the ledger has excuses for", () => {
    const run = stage(chatV2);
    const events = run.turn(salesChart);
    run.observe(...planOf(chatV2, events));
    run.send(...events.filter((_, index) => index !== 2 && index !== CHART));
    run.observe({ kind: "indefinite", eventId: events[2]?.eventId ?? "", topic: chatV2.topics.status });
    expect(summary(run.judge()).violations).toEqual(["ORD-04"]);
  });

  it("makes the turn ORD-07 in chat.v2, and ORD-04 also ORD-07 in chat.v1, when the turn never ends", () => {
    for (const schema of chatSchemas) {
      const run = stage(schema);
      const events = run.turn(salesChart);
      run.observe(...planOf(schema, events));
      run.send(...events.slice(0, 3));
      const { violations } = run.judge();
      const expected = schema === chatV1 ? { rule: "ORD-04", also: ["ORD-07"] } : { rule: "ORD-07", also: [] };
      expect(violations).toMatchObject([expected]);
    }
  });

  it.each(chatSchemas)("is ORD-05 when it turns up above the barrier ($name)", (schema) => {
    const run = stage(schema);
    const events = run.turn(salesChart);
    run.observe(...planOf(schema, events));
    const [chart] = events.splice(CHART, 1);
    run.send(...events);
    run.barrier();
    if (chart !== undefined) run.send(chart);
    const { violations, rules } = run.judge();
    expect(violations).toMatchObject([{ rule: "ORD-05", also: [] }]);
    expect(rules["GRM-02"]).toEqual({ status: "unprovable", why: "the turn breaks ORD-05" });
    expect(violations[0]?.records.map(({ topic }) => topic)).toEqual([schema.topics.chart, schema.topics.completion]);
  });

  it("is named by ranges, at most eight, however high the sequence", () => {
    const run = stage(chatV2);
    const last = 4_294_967_295;
    const events = run
      .turn(Array.from({ length: 10 }, () => ({ status: "Working..." })).concat())
      .map((event, index) => {
        return Object.assign(event, { sequence: index * 2 + 2 });
      });
    const [end] = run.turn([{ completion: "CONVERSATION" }]);
    run.send(...events);
    for (const event of end === undefined
      ? []
      : edit(chatV2, [end], 0, (completion) => {
          Object.assign(completion, { eventId: "end", sequence: last });
          Object.assign(completion.event.value ?? {}, { lastSequence: last });
        }))
      run.send(event);
    const [violation] = run.judge().violations;
    expect(violation).toMatchObject({
      rule: "ORD-04",
      actual: "sequence 1, 3, 5, 7, 9, 11, 13, 15 and 4294967276 more missing",
    });
    expect(violation?.records).toHaveLength(2);
  });
});

describe("a gap of the collector", () => {
  const gapped = (fill: boolean) => {
    const run = stage(chatV2);
    const events = run.turn(salesChart);
    const records = events.map((event) => run.log.append(encodeRecord(chatV2, event, PARTITIONS)));
    const chart = records[CHART];
    run.observe(...records.filter((record) => record !== chart));
    if (chart !== undefined) run.observe({ ...chart, kind: "gap", from: chart.offset, to: chart.offset });
    if (fill && chart !== undefined) run.observe(chart);
    return run.judge();
  };

  it("withholds what needs the unseen offsets, and makes the run inconclusive", () => {
    const judgement = gapped(false);
    expect(summary(judgement)).toMatchObject({ verdict: "inconclusive", violations: ["KAF-02"] });
    expect(judgement.violations[0]?.severity).toBe("inconclusive");
    for (const rule of ["ORD-04", "ORD-05", "ORD-07", "GRM-02", "GRM-03", "GRM-05"]) {
      expect(outcomes(judgement)[rule], rule).toBe("unprovable");
    }
    expect(outcomes(judgement)["ORD-03"]).toBe("held 1");
    expect(judgement.turns[0]?.verdict).toBe("inconclusive");
    expect(judgement.reasons).toHaveLength(1);
  });

  it("is cleared when its offsets are seen after all", () => {
    expect(summary(gapped(true))).toEqual(clean);
  });

  it("begins no earlier than a partition's first record, where no start offset is given", () => {
    const run = stage(chatV1);
    const records = run.turn(salesChart).map((event) => run.log.append(encodeRecord(chatV1, event, PARTITIONS)));
    const later = records.map((record) => ({ ...record, offset: record.offset + 100 }));
    const ends = Object.fromEntries(
      Object.entries(run.log.ends()).map(([topic, list]) => [topic, list.map((end) => (end === 0 ? 50 : end + 100))]),
    );
    // The second status is read before the first: the collector went back.
    const [first, second, ...rest] = later;
    const judgement = judgeObservations([
      { kind: "start", partitions: PARTITIONS, start: undefined },
      ...[second, first, ...rest].filter((record) => record !== undefined),
      { kind: "end", ends, producersDone: true },
    ]);
    expect(summary(judgement)).toEqual(clean);
  });

  it("is what an offset is that nothing accounts for", () => {
    const run = stage(chatV1);
    const events = run.turn(salesChart);
    const records = events.map((event) => run.log.append(encodeRecord(chatV1, event, PARTITIONS)));
    run.observe(...records.filter((_, index) => index !== 1));
    expect(summary(run.judge()).violations).toEqual(["KAF-02"]);
  });
});

describe("the verdict", () => {
  it("is inconclusive when nothing was observed", () => {
    expect(stage(chatV1).judge()).toMatchObject({
      verdict: "inconclusive",
      schema: null,
      reasons: ["nothing was observed"],
    });
  });

  it.each(chatSchemas)("is inconclusive without a proper end ($name)", (schema) => {
    const run = stage(schema);
    run.send(...run.turn(salesChart));
    run.barrier();
    expect(summary(run.judge({ end: false }))).toMatchObject({
      verdict: "inconclusive",
      violations: [],
      reasons: ["the observation did not end properly"],
    });
  });

  it.each(chatSchemas)("is failed by a violation even without a proper end ($name)", (schema) => {
    const run = stage(schema);
    run.send(...run.turn(salesChart.filter((step) => !("chart" in step))));
    run.barrier();
    expect(summary(run.judge({ end: false }))).toMatchObject({ verdict: "failed", violations: ["GRM-02"] });
  });

  it.each(chatSchemas)("is inconclusive when a turn has no end and the producer may go on ($name)", (schema) => {
    const run = stage(schema);
    // Sequence 2 is missing: a hole is not judged before an end makes a barrier.
    run.send(...run.turn(salesChart).filter((_, index) => index < 5 && index !== 1));
    const judgement = run.judge({ producersDone: false });
    expect(summary(judgement)).toMatchObject({ verdict: "inconclusive", violations: [] });
    expect(judgement.reasons[0]).toContain("has not ended");
    expect(judgement.turns[0]?.verdict).toBe("inconclusive");
  });

  it("is inconclusive when another named task is open and the producer may go on, in chat.v2", () => {
    const run = stage(chatV2);
    run.send(...run.turn([{ status: "Working...", task: "other" }, ...salesChart]));
    expect(run.judge({ producersDone: false })).toMatchObject({
      verdict: "inconclusive",
      reasons: [expect.stringContaining("open tasks (other)")],
    });
    expect(summary(run.judge()).violations).toEqual(["ORD-07"]);
  });

  it("is inconclusive when the barrier of a turn was not reached", () => {
    const run = stage(chatV2);
    run.send(...run.turn(salesChart));
    const ends = run.log.ends();
    run.observe({ kind: "asked", id: 1 });
    run.observe({
      kind: "barrier",
      id: 1,
      ends: { ...ends, [chatV2.topics.chart]: ends[chatV2.topics.chart]?.map((end) => end + 1) ?? [] },
    });
    const judgement = run.judge();
    expect(judgement.verdict).toBe("inconclusive");
    expect(judgement.reasons[0]).toContain("barrier 1 was not reached: ondash.llm.v2.chart, partition 0 at 0 of 1");
  });

  it("counts control and aborted offsets towards a barrier", () => {
    const run = stage(chatV2);
    run.send(...run.turn(salesChart));
    const ends = run.log.ends();
    const topic = chatV2.topics.chart;
    const from = ends[topic]?.[0] ?? 0;
    run.observe(
      { kind: "asked", id: 1 },
      { kind: "barrier", id: 1, ends: { ...ends, [topic]: (ends[topic] ?? []).with(0, from + 2) } },
    );
    run.observe({ kind: "skip", topic, partition: 0, from, to: from + 1, why: "control" });
    expect(summary(run.judge())).toEqual(clean);
  });

  it("does not count an asked barrier that was never granted", () => {
    const run = stage(chatV2);
    run.send(...run.turn(salesChart));
    run.observe({ kind: "asked", id: 1 });
    expect(summary(run.judge())).toEqual(clean);
    expect(outcomes(run.judge({ end: false }))["ORD-04"]).toBe("unprovable");
  });
});
