import {
  createMonitor,
  foldMessage,
  type Judgement,
  judgeObservations,
  type RecordObservation,
} from "@ondash/contract";
import { createRandom } from "@ondash/core";
import { type AnyEnvelope, chatSchemas, chatV1, chatV2, decodeEnvelope, encodeRecord, upcast } from "@ondash/schemas";
import { validTurn } from "@ondash/schemas/arbitraries";
import { CompletionType } from "@ondash/schemas/chat/v1";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { interleavings } from "./simulator/interleavings.ts";
import { envelopes, records, salesChart } from "./support/chat.ts";
import { createTestLog, wholeRun } from "./support/log.ts";
import { storedMessage } from "./support/message-operators.ts";
import { simulate } from "./support/simulate.ts";
import { clean, outcomes, summary } from "./support/summary.ts";

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
        fc.constantFrom(0, 0.3),
        fc.constantFrom(1, 2, 8),
        (turns, seed, probability, rewind, markers, partitions) => {
          // One conversation each: CONVERSATION ends it for every later turn.
          const distinct = turns.map(({ events }, index) =>
            events.map((event) => ({ ...event, conversationId: `${event.conversationId}-${index}` })),
          );
          const producers = distinct.map((events) => events.map((event) => encodeRecord(schema, event, partitions)));
          const random = createRandom(seed);
          const lag = { topics: [schema.topicList[random.int(0, 4)] ?? ""], probability };
          const monitor = createMonitor();
          const options = { schemas: [schema], producers, random, partitions, lag, rewind, markers };
          const { judgement, observations } = simulate(monitor, options);
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

describe("legal traffic", () => {
  it("passes when a conversation has several turns, the last of which may end it", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...chatSchemas).chain((schema) =>
          fc.record({
            schema: fc.constant(schema),
            turns: fc.array(validTurn(schema, { conversationId: "c", length: 6 }), { minLength: 2, maxLength: 4 }),
          }),
        ),
        fc.integer(),
        ({ schema, turns }, seed) => {
          const open = turns.filter(({ events }, index) => index === turns.length - 1 || !endsConversation(events));
          // One after the other: what came after CONVERSATION would be ORD-06.
          const sends = open.flatMap(({ events }, index) =>
            events.map((event) => encodeRecord(schema, { ...event, messageId: `m${index}` }, 8)),
          );
          const options = { schemas: [schema], producers: [sends], random: createRandom(seed), rewind: 0.05 };
          expect(summary(simulate(createMonitor(), options).judgement)).toEqual(clean);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("passes when a turn is published in both versions, as one turn", () => {
    fc.assert(
      fc.property(validTurn(chatV1), fc.integer(), ({ events }, seed) => {
        const producers = [
          events.map((event) => encodeRecord(chatV1, event, 8)),
          upcast(events).map((event) => encodeRecord(chatV2, event, 8)),
        ];
        const options = { schemas: chatSchemas, producers, random: createRandom(seed) };
        const { judgement } = simulate(createMonitor(), options);
        expect(summary(judgement)).toEqual(clean);
        expect(judgement.schema).toBe("both");
        expect(judgement.turns).toHaveLength(1);
        expect(outcomes(judgement)).toMatchObject({ "ORD-09": "held 1", "ORD-01": "held 2" });
      }),
      { numRuns: 200 },
    );
  });

  it("passes with the stored message of each turn", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...chatSchemas).chain((schema) => fc.tuple(fc.constant(schema), validTurn(schema))),
        ([schema, { events }]) => {
          const log = createTestLog({ schemas: [schema] });
          const sent = events.map((event) => log.append(encodeRecord(schema, event, 8)));
          const message = storedMessage(schema, events);
          const judgement = judgeObservations(
            wholeRun(log, [{ kind: "message", schema: schema.name, message }, ...sent]),
          );
          expect(summary(judgement)).toEqual(clean);
          expect(outcomes(judgement)).toMatchObject({ "MSG-01": "held 1", "MSG-02": "held 1", "MSG-03": "held 1" });
        },
      ),
      { numRuns: 200 },
    );
  });
});

function endsConversation(events: readonly AnyEnvelope[]): boolean {
  return events.some(({ event }) => event.case === "completion" && event.value.type === CompletionType.CONVERSATION);
}
