import { judgeObservations, type Observation, type TopicOffsets } from "@ondash/contract";
import { type ChatSchema, chatSchemas, chatV1, chatV2, encodeRecord } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { salesChart } from "./support/chat.ts";
import { stage } from "./support/scenario.ts";
import { outcomes, summary } from "./support/summary.ts";
import { ackOf, PARTITIONS, planOf } from "./support/world.ts";

// What the naive judge (test/naive) and the monitor once said differently, each as small as it gets.

/**
 * The planned and acknowledged sales chart without its chart, as a recording without start offsets has it.
 * @param end where the chart's partition ends.
 */
function withoutChart(schema: ChatSchema, end: number): Observation[] {
  const run = stage(schema);
  const events = run.turn(salesChart);
  const [, , , , chartEvent] = events;
  if (chartEvent === undefined) throw new Error("the fifth event is the chart");
  const chart = encodeRecord(schema, chartEvent, PARTITIONS);
  const sent = events.flatMap((event, index) => {
    if (index === 4) return [];
    const record = run.log.append(encodeRecord(schema, event, PARTITIONS));
    return [record, ackOf(record, event.eventId)];
  });
  const lost: Observation = {
    kind: "ack",
    eventId: chartEvent.eventId,
    topic: chart.topic,
    partition: chart.partition,
    offset: 0,
  };
  const ends: TopicOffsets = {
    ...run.log.ends(),
    [chart.topic]: (run.log.ends()[chart.topic] ?? []).with(chart.partition, end),
  };
  return [
    { kind: "start", partitions: PARTITIONS, start: undefined },
    ...planOf(schema, events),
    ...sent,
    lost,
    { kind: "end", ends, producersDone: true },
  ];
}

describe.each(chatSchemas)("an acknowledgement in a partition of which nothing was observed ($name)", (schema) => {
  it("is KAF-04 when the partition ends at or below its offset", () => {
    const judgement = judgeObservations(withoutChart(schema, 0));
    expect(summary(judgement)).toMatchObject({ verdict: "failed", violations: ["KAF-04"] });
    expect(judgement.violations[0]?.notes).toEqual([expect.stringMatching(/^nothing was read of ondash\.llm/)]);
  });

  it("proves nothing when its offset was not read: neither that an event is there, nor that it was lost", () => {
    const judgement = judgeObservations(withoutChart(schema, 1));
    expect(outcomes(judgement)).toMatchObject({ "ORD-04": "unprovable", "KAF-04": "unprovable" });
    expect(summary(judgement).violations).not.toContain("ORD-04");
  });
});

it("does not call a turn truncated whose completion was acknowledged where the collector could not read", () => {
  const run = stage(chatV2);
  const events = run.turn([{ status: "Working..." }, { completion: "CONVERSATION" }]);
  const completion = events.map((event) => encodeRecord(chatV2, event, PARTITIONS))[1];
  if (completion === undefined) throw new Error("the second event is the completion");
  const { topic, partition } = completion;
  run.observe(
    ...planOf(chatV2, events),
    { kind: "ack", eventId: events[1]?.eventId ?? "", topic, partition, offset: 0 },
    { kind: "gap", topic, partition, from: 0, to: 0 },
    // A run of which nothing was observed has no verdict anyway.
    ...run.send(...run.turn(salesChart, { conversation: "other", message: "other" })),
  );
  const judgement = run.judge();
  expect(summary(judgement)).toMatchObject({ verdict: "inconclusive", violations: ["KAF-02"] });
  expect(judgement.rules["ORD-07"]).toMatchObject({ status: "unprovable" });
});

it("is KAF-06 when an epoch goes back, in whatever order the records were read", () => {
  const run = stage(chatV1);
  const status = { status: "Working...", task: "a" };
  const [first, second, third, ...rest] = run
    .turn([status, status, status, { error: "ERROR", task: "a" }, { completion: "TASK", task: "a" }])
    .map((event) => run.log.append(encodeRecord(chatV1, event, PARTITIONS)));
  if (first === undefined || second === undefined || third === undefined) throw new Error("three statuses were sent");
  run.observe({ ...first, leaderEpoch: 3 }, { ...third, leaderEpoch: 3 }, { ...second, leaderEpoch: 2 }, ...rest);
  const { warnings } = run.judge();
  expect(warnings).toMatchObject([{ rule: "KAF-06", records: [{ offset: 0 }, { offset: 1 }] }]);
});

it("does not take a barrier for reached because a partition had not begun, without start offsets, when it was granted", () => {
  const run = stage(chatV2);
  const [status, ...rest] = run
    .turn([{ status: "Working..." }, { completion: "CONVERSATION" }])
    .map((event) => run.log.append(encodeRecord(chatV2, event, PARTITIONS)));
  if (status === undefined) throw new Error("the first event is a status");
  // One more record lies behind the status, which nobody has read.
  const ends = run.log.ends();
  const { topic, partition, offset } = status;
  const further = { ...ends, [topic]: (ends[topic] ?? []).with(partition, offset + 2) };
  const judgement = judgeObservations([
    { kind: "start", partitions: PARTITIONS, start: undefined },
    ...rest,
    { kind: "asked", id: 1 },
    { kind: "barrier", id: 1, ends: further },
    status,
    { kind: "end", ends: further, producersDone: true },
  ]);
  expect(summary(judgement)).toMatchObject({ verdict: "inconclusive", violations: ["KAF-02"] });
  expect(outcomes(judgement)).toMatchObject({ "ORD-01": "unprovable", "ORD-04": "unprovable", "GRM-01": "held 1" });
});
