import { judgeObservations, type Observation, type RecordObservation } from "@ondash/contract";
import { chatV1, encodeRecord } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { type Step, salesChart } from "./support/chat.ts";
import { createTestLog, wholeRun } from "./support/log.ts";
import { storedMessage } from "./support/message-operators.ts";
import { stage } from "./support/scenario.ts";
import { PARTITIONS } from "./support/world.ts";

/** So many lines that anything quadratic shows as a timeout. */
const MANY = 10_000;
const many = <T>(make: (index: number) => T): T[] => Array.from({ length: MANY }, (_, index) => make(index));

const text = chatV1.topics.text;
const { start } = createTestLog({ schemas: [chatV1], partitions: PARTITIONS });
const begin: Observation = { kind: "start", partitions: PARTITIONS, start };
const ends = (end: number): Record<string, number[]> =>
  Object.fromEntries(chatV1.topicList.map((topic) => [topic, Array.from({ length: PARTITIONS }, () => end)]));

/** A record of a turn of its own, which ends at once. */
function ending(index: number, place: Partial<RecordObservation> = {}): RecordObservation {
  const [event] = stage(chatV1).turn([{ completion: "CONVERSATION" }], { conversation: `c${index}`, message: "m" });
  if (event === undefined) throw new Error("a turn has an event");
  return { kind: "record", ...encodeRecord(chatV1, event, PARTITIONS), offset: index, timestamp: 0, ...place };
}

/** The log of one turn. */
function turnOf(steps: readonly Step[]): Observation[] {
  const log = createTestLog({ schemas: [chatV1], partitions: PARTITIONS });
  return wholeRun(
    log,
    stage(chatV1)
      .turn(steps)
      .map((event) => log.append(encodeRecord(chatV1, event, PARTITIONS))),
  );
}

describe("the monitor takes linear time", { timeout: 60_000 }, () => {
  it.each<[what: string, observations: () => Observation[]]>([
    [
      "offsets that go down and leave gaps",
      () => [begin, ...many((index) => ending(0, { offset: 3 * (MANY - index), value: null }))],
    ],
    [
      "offsets in no order",
      () => [begin, ...many((index) => ending(0, { offset: ((index * 7_919) % MANY) * 2, value: null }))],
    ],
    ["a partition for each record", () => [begin, ...many((index) => ending(index, { partition: index, offset: 0 }))]],
    [
      "a refused send for each partition",
      () => [
        begin,
        ...many((index): Observation => ({ kind: "rejected", eventId: `${index}`, topic: text, error: "E" })),
        ...many((index) => ending(index, { partition: index, offset: 0 })),
      ],
    ],
    [
      "a barrier for each turn, none of them reached",
      () => [
        begin,
        ...many((index): Observation[] => [
          ending(index),
          { kind: "asked", id: index },
          { kind: "barrier", id: index, ends: ends(1_000_000 + index) },
        ]).flat(),
      ],
    ],
    [
      "barriers that are all asked for, and then all granted",
      () => [
        begin,
        ...many((id): Observation => ({ kind: "asked", id })),
        ...many((id): Observation => ({ kind: "barrier", id, ends: {} })),
      ],
    ],
    [
      "a barrier with a long list of ends, reached one by one",
      () => {
        const long = { ...ends(1), [text]: many(() => 1) };
        const skips = many(
          (partition): Observation => ({ kind: "skip", topic: text, partition, from: 0, to: 0, why: "control" }),
        );
        return [
          { kind: "start", partitions: PARTITIONS, start: { ...start, [text]: many(() => 0) } },
          ending(0),
          { kind: "asked", id: 1 },
          { kind: "barrier", id: 1, ends: long },
          ...skips,
        ];
      },
    ],
    ["a turn with a task for each event", () => turnOf(many((index) => ({ completion: "TASK", task: `t${index}` })))],
    [
      "a turn with a BEFORE text for each event, and no chart",
      () =>
        turnOf([
          ...many((): Step => ({ text: "x", position: "BEFORE", task: "t" })),
          { completion: "TASK", task: "t" },
        ]),
    ],
    [
      "an offset that was acknowledged over and over",
      () => [
        begin,
        ending(0),
        ...many((index): Observation => ({ kind: "ack", eventId: `${index}`, topic: text, partition: 0, offset: 0 })),
      ],
    ],
    [
      "a stored message over and over for a turn of thousands of blocks",
      () => {
        const steps = [
          ...many((): Step => ({ text: "x", position: "STANDALONE", task: "t" })),
          { completion: "TASK", task: "t" } as const,
        ];
        const message = { ...storedMessage(chatV1, stage(chatV1).turn(salesChart)) };
        const run = turnOf(steps);
        return [
          ...run.slice(0, -1),
          ...Array.from({ length: MANY / 4 }, (): Observation => ({ kind: "message", schema: "chat.v1", message })),
          ...run.slice(-1),
        ];
      },
    ],
    [
      "turns of one conversation that all end it, each in a partition of its own",
      () => [
        begin,
        ...many((index) => {
          const [event] = stage(chatV1).turn([{ completion: "CONVERSATION" }], { message: `m${index}` });
          return event === undefined
            ? ending(index)
            : { ...ending(index), ...encodeRecord(chatV1, event, PARTITIONS), partition: index, offset: 0 };
        }),
      ],
    ],
  ])("in %s", (_, observations) => {
    expect(judgeObservations(observations()).counts.records).toBeGreaterThanOrEqual(0);
  });
});
