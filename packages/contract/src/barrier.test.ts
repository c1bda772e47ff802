import { createRandom } from "@ondash/core";
import { type ChatSchema, chatSchemas, encodeRecord } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { envelopes, records, salesChart } from "../test/support/chat.ts";
import { createTestLog, wholeRun } from "../test/support/log.ts";
import { type SimulationOptions, simulate } from "../test/support/simulate.ts";
import { planOf } from "../test/support/world.ts";
import { type BarrierLaw, barrierLaw } from "./barrier.ts";
import { createMonitorWith } from "./monitor.ts";
import type { TopicOffsets } from "./observation.ts";

/**
 * Near-empty logs (two live turns, so that positions and ends lie one apart) with one lagging topic, read by a collector
 * that stops as soon as nothing is undecided: what the barrier does not make it wait for, it does not see.
 * @returns how many of the runs have a false alarm.
 */
function falseAlarms(schema: ChatSchema, law: BarrierLaw, answer?: SimulationOptions["answer"], runs = 60): number {
  let alarms = 0;
  for (let seed = 0; seed < runs; seed++) {
    const random = createRandom(seed);
    const turns = ["a", "b"].map((name) => envelopes(schema, salesChart, { conversation: name, message: name }));
    const producers = turns.map((turn) => turn.map((event) => encodeRecord(schema, event, 2)));
    const plans = turns.flatMap((turn) => planOf(schema, turn));
    const lag = { topics: [schema.topicList[random.int(0, 4)] ?? ""], probability: 0.9 };
    const monitor = createMonitorWith({}, law);
    const options = {
      schemas: [schema],
      producers,
      plans,
      random,
      lag,
      partitions: 2,
      eager: true,
      ...(answer && { answer }),
    };
    if (simulate(monitor, options).judgement.verdict !== "passed") alarms++;
  }
  return alarms;
}

/** One offset fewer in every partition. */
const oneLess = (history: readonly TopicOffsets[]): TopicOffsets =>
  Object.fromEntries(
    Object.entries(history.at(-1) ?? {}).map(([topic, offsets]) => [topic, offsets.map((end) => Math.max(0, end - 1))]),
  );

/** The rules that a sales chart breaks whose chart lies at the very offset that its barrier was answered with. */
function judgeLate(schema: ChatSchema, law: BarrierLaw): readonly string[] {
  const log = createTestLog({ schemas: [schema] });
  const sent = records(schema, salesChart);
  const [chart] = sent.splice(4, 1);
  const early = sent.map(log.append);
  const ends = log.ends();
  const monitor = createMonitorWith({}, law);
  const late = chart === undefined ? [] : [log.append(chart)];
  const run = wholeRun(log, [...early, { kind: "asked", id: 1 }, { kind: "barrier", id: 1, ends }, ...late]);
  for (const observation of run) monitor.observe(observation);
  return monitor.finish().violations.map(({ rule }) => rule);
}

describe.each(chatSchemas)("the barrier on $name", { timeout: 60_000 }, (schema) => {
  it("raises no false alarm, however one topic lags", () => {
    expect(falseAlarms(schema, barrierLaw, undefined, 300)).toBe(0);
  });

  // Each of the plausible mistakes, put in the place of the right comparison, must be noticed by the runs above.
  it.each<[mistake: string, law: BarrierLaw, answer?: SimulationOptions["answer"]]>([
    ["it is taken away: a turn is decided as soon as ends are granted", { ...barrierLaw, reached: () => true }],
    [
      "it is off by one: a position one short of the end counts",
      { ...barrierLaw, reached: (position, end) => position >= end - 1 },
    ],
    [
      "it is off by one: the offset just below the end counts as late",
      { ...barrierLaw, late: (offset, end) => offset >= end - 1 },
    ],
    [
      "it covers an end that was observed after it was asked for",
      { ...barrierLaw, covers: (index, asked) => index >= asked - 1 },
    ],
    [
      "it is asked for before the end is observed: answered with ends of four appends ago",
      barrierLaw,
      (history) => history.at(-5) ?? {},
    ],
    ["it is answered with last-read offsets instead of ends", barrierLaw, oneLess],
  ])("is missed when %s", (_, law, answer) => {
    expect(falseAlarms(schema, law, answer)).toBeGreaterThan(0);
  });

  it("names an event that lies at the end offset itself, which one-off comparison would let pass", () => {
    expect(judgeLate(schema, barrierLaw)).toEqual(["ORD-05"]);
    expect(judgeLate(schema, { ...barrierLaw, late: (offset, end) => offset > end })).toEqual([]);
  });
});
