import { type Judgement, judgeObservations, type TopicOffsets, type Violation } from "@ondash/contract";
import { chatSchemas } from "@ondash/schemas";
import { beforeAll, describe, expect, it } from "vitest";
import { essence } from "../support/essence.ts";
import type { TestKafka } from "../support/kafka.ts";
import { mutantsOf, nameOf, type Operator, operatorsFor } from "../support/operators.ts";
import { moved, play, toScript, Unproducible } from "../support/play.ts";
import { PARTITIONS } from "../support/watch.ts";

/**
 * What no producer can bring about on a broker that works and that others use, and why. Held exact by the tests: what is
 * named here can't be played, and what is not is played. (A topic that grows has a test of its own.)
 */
const UNPRODUCIBLE: Readonly<Record<string, string>> = {
  "KAF-01 a topic has half as many partitions as the others": "the topics of a shared broker have one partition count",
  "KAF-01 a topic has more partitions at the end than at the start":
    "the topics of a shared broker have one partition count",
  "KAF-01 a topic is missing": "a topic that is missing can't be read",
  "KAF-01 a record comes from a partition beyond the count":
    "a partition that the topic does not have can't be written to",
  "KAF-02 offsets of a partition were not read": "the collector reads every offset that is there",
  "KAF-02 offsets of a partition are passed over without a word": "the collector reads every offset that is there",
  "KAF-03 a record has another header when it is read again": "what lies at an offset does not change",
  "KAF-03 a record has no key when it is read again": "what lies at an offset does not change",
  "KAF-03 a record is another one when it is read again": "what lies at an offset does not change",
  "KAF-05 a record of an aborted transaction is visible": "a broker does not give back what it aborted",
  "KAF-06 a leader epoch goes back": "the broker, not a producer, numbers its epochs",
};

/**
 * What may come after the completion that it precedes in emission order: if the barrier of that completion happens to be
 * granted before, it is late as well.
 */
const LATE_IF_A_BARRIER_IS_BEFORE: ReadonlySet<string> = new Set([
  "ORD-01 a record is sent again",
  "ORD-02 an event is sent again with a new id",
  "ORD-03 an event is sent again with a new id, and the same timestamp",
  "ORD-03 two records of one topic are swapped",
]);

/** Whether one violation charges such a record with what it is and with being late, whichever stands first. */
function isJustLate({ verdict, violations: [violation, ...others] }: Judgement, operator: Operator): boolean {
  if (!LATE_IF_A_BARRIER_IS_BEFORE.has(nameOf(operator)) || verdict !== "failed" || others.length > 0) return false;
  const charged = violation === undefined ? [] : [violation.rule, ...violation.also];
  return charged.includes("ORD-05") && charged.includes(operator.rule);
}

const places = (violations: readonly Violation[], start: TopicOffsets): unknown =>
  violations.map(({ rule, conversationId, messageId, eventIds, records }) => ({
    rule,
    conversationId,
    messageId,
    eventIds,
    records: records.map((record) => moved(record, start)),
  }));

/** All that must be equal, offsets counted from where each run starts. */
function comparable(judgement: Judgement, start: TopicOffsets): unknown {
  const { rules, ...rest } = essence(judgement);
  return {
    ...rest,
    // Only a broker knows its epochs.
    rules: { ...(rules as object), "KAF-06": undefined },
    charged: places(judgement.violations, start),
    warned: places(judgement.warnings, start),
    reasons: judgement.reasons,
    judged: judgement.turns,
  };
}

/**
 * The mutation operators that prove the monitor in the simulator, played on a broker: the mutated records are really
 * produced, collected and judged, and the judgement is the simulator's for the same seed.
 * @param count how many mutants of each operator.
 */
export function describeMutants(kafka: () => TestKafka, count: number): void {
  describe.each(chatSchemas)("a producer that breaks the contract of $name", (schema) => {
    beforeAll(async () => {
      for (const { topicList } of chatSchemas) {
        await kafka().session.ensureTopics(topicList, { partitions: PARTITIONS, create: true });
      }
    });

    const operators = operatorsFor(schema).map((operator) => [nameOf(operator), operator] as const);
    const playable = operators.filter(([name]) => UNPRODUCIBLE[name] === undefined);
    const broken = operators.flatMap(([name, operator]) => {
      const why = UNPRODUCIBLE[name];
      return why === undefined ? [] : [[name, operator, why] as const];
    });

    it.each(playable)("is judged as in the simulator: %s", async (name, operator) => {
      for (const { seed, observations } of mutantsOf(schema, operator, count)) {
        const script = toScript(observations);
        const simulated = judgeObservations(observations);
        const { judgement, start } = await play(kafka(), script, "afterwards");
        expect(comparable(judgement, {}), `${name}, seed ${seed}`).toEqual(comparable(simulated, start));
        const live = await play(kafka(), script, "live");
        if (isJustLate(live.judgement, operator)) continue;
        expect(comparable(live.judgement, {}), `${name}, seed ${seed}, live`).toEqual(
          comparable(simulated, live.start),
        );
      }
    });

    it("names only operators that there are", () => {
      const all = new Set(chatSchemas.flatMap(operatorsFor).map(nameOf));
      for (const name of [...Object.keys(UNPRODUCIBLE), ...LATE_IF_A_BARRIER_IS_BEFORE]) expect(all).toContain(name);
    });

    it.each(broken)("can't do what needs a broken broker: %s", (_, operator, why) => {
      for (const { observations } of mutantsOf(schema, operator, count)) {
        expect(() => toScript(observations)).toThrow(Unproducible);
        expect(() => toScript(observations)).toThrow(why);
      }
    });
  });
}
