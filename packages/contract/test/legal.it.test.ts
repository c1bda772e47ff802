import {
  createMonitor,
  foldMessage,
  type Judgement,
  judgeObservations,
  type RecordObservation,
} from "@ondash/contract";
import { createRandom } from "@ondash/core";
import { type AnyEnvelope, chatSchemas, decodeEnvelope, encodeRecord } from "@ondash/schemas";
import { validTurn } from "@ondash/schemas/arbitraries";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { envelopes, records, salesChart } from "./support/chat.ts";
import { createTestLog, wholeRun } from "./support/log.ts";
import { simulate } from "./support/simulate.ts";
import { clean, outcomes, summary } from "./support/summary.ts";

/** All orders in which lists can be merged without changing any of them. */
function* interleavings<T>(lists: readonly (readonly T[])[]): Generator<T[]> {
  if (lists.every((list) => list.length === 0)) yield [];
  for (const [index, [first, ...rest]] of lists.entries()) {
    if (first === undefined) continue;
    for (const tail of interleavings(lists.toSpliced(index, 1, rest))) yield [first, ...tail];
  }
}

describe.each(chatSchemas)("a legal turn of $name", (schema) => {
  it("passes in all 420 orders in which the sales chart can arrive, with the same folded message", () => {
    const appended = records(schema, salesChart).map(createTestLog({ schemas: [schema] }).append);
    const byTopic = Object.values(Object.groupBy(appended, ({ topic }) => topic)).map((list) => list ?? []);
    const decode = ({ value }: RecordObservation): AnyEnvelope => {
      const decoding = decodeEnvelope(schema, value);
      if (!decoding.ok) throw new Error(decoding.failure.detail);
      return decoding.envelope;
    };
    const message = foldMessage(schema, envelopes(schema, salesChart));
    let first: Judgement | undefined;
    let count = 0;
    for (const order of interleavings(byTopic)) {
      const log = createTestLog({ schemas: [schema] });
      for (const record of records(schema, salesChart)) log.append(record);
      const judgement = judgeObservations(wholeRun(log, order));
      first ??= judgement;
      expect(judgement).toEqual(first);
      expect(foldMessage(schema, order.map(decode))).toEqual(message);
      count++;
    }
    expect(count).toBe(420);
    expect(first && summary(first)).toEqual(clean);
  });

  it("passes whatever the interleaving, the skew, the redeliveries and the moments of the barriers", () => {
    fc.assert(
      fc.property(
        fc.array(validTurn(schema), { minLength: 1, maxLength: 3 }),
        fc.integer(),
        fc.constantFrom(0, 0.9),
        fc.constantFrom(0, 0.1),
        fc.constantFrom(1, 2, 8),
        (turns, seed, probability, rewind, partitions) => {
          // One conversation each: CONVERSATION ends it for every later turn.
          const distinct = turns.map(({ events }, index) =>
            events.map((event) => ({ ...event, conversationId: `${event.conversationId}-${index}` })),
          );
          const producers = distinct.map((events) => events.map((event) => encodeRecord(schema, event, partitions)));
          const random = createRandom(seed);
          const lag = { topics: [schema.topicList[random.int(0, 4)] ?? ""], probability };
          const monitor = createMonitor();
          const { judgement, observations } = simulate(monitor, {
            schemas: [schema],
            producers,
            random,
            partitions,
            lag,
            rewind,
          });
          expect(summary(judgement)).toEqual(clean);
          expect(monitor.undecided).toBe(0);
          // Whether live or offline, the same observations are judged alike.
          expect(outcomes(judgeObservations(observations))).toEqual(outcomes(judgement));
        },
      ),
      { numRuns: 400 },
    );
  });
});

it("passes a dual-published turn, as one turn", () => {
  const log = createTestLog();
  const judgement = judgeObservations(
    wholeRun(log, chatSchemas.flatMap((schema) => records(schema, salesChart)).map(log.append)),
  );
  expect(summary(judgement)).toEqual(clean);
  expect(judgement.schema).toBe("both");
  expect(judgement.turns).toHaveLength(1);
  expect(outcomes(judgement)).toMatchObject({ "ORD-09": "held 1", "ORD-01": "held 2" });
});
