import {
  createMonitor,
  formatRecordingLine,
  type Judgement,
  judgeObservations,
  type Observation,
  parseRecording,
  rules,
} from "@ondash/contract";
import { createRandom, type Random } from "@ondash/core";
import { type ChatSchema, chatSchemas, encodeRecord, type OutgoingRecord } from "@ondash/schemas";
import { validTurn } from "@ondash/schemas/arbitraries";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTestLog, wholeRun } from "./support/log.ts";
import { PARTITIONS } from "./support/world.ts";

/** Damages records at random: what comes of it is anybody's guess, but it must not depend on the order of arrival. */
function damage(sent: readonly OutgoingRecord[], schema: ChatSchema, random: Random): OutgoingRecord[] {
  const records = [...sent];
  for (let count = random.int(0, 3); count > 0 && records.length > 0; count--) {
    const index = random.int(0, records.length - 1);
    const record = records[index];
    if (record === undefined) continue;
    switch (random.int(0, 8)) {
      case 0:
        records.splice(index, 1);
        break;
      case 1:
        records.splice(random.int(0, records.length), 0, record);
        break;
      case 2:
        records.splice(random.int(0, records.length - 1), 0, ...records.splice(index, 1));
        break;
      case 3:
        records[index] = { ...record, partition: random.int(0, PARTITIONS) };
        break;
      case 4:
        records[index] = { ...record, topic: schema.topicList[random.int(0, 4)] ?? record.topic };
        break;
      case 5:
        records[index] = { ...record, key: random.int(0, 1) === 0 ? null : random.bytes(3) };
        break;
      case 6:
        records[index] = { ...record, value: random.int(0, 1) === 0 ? null : random.bytes(random.int(0, 20)) };
        break;
      case 7:
        records.length = index;
        break;
      default: {
        const value = record.value?.slice() ?? new Uint8Array();
        const at = random.int(0, Math.max(0, value.length - 1));
        value[at] = (value[at] ?? 0) ^ (1 << random.int(0, 7));
        records[index] = { ...record, value };
      }
    }
  }
  return records;
}

/** The lists merged at random, each in its order. */
function merge<T>(lists: readonly (readonly T[])[], random: Random): T[] {
  const rest = lists.map((list) => [...list]).filter((list) => list.length > 0);
  const merged: T[] = [];
  while (rest.length > 0) {
    const index = random.int(0, rest.length - 1);
    const next = rest[index]?.shift();
    if (next !== undefined) merged.push(next);
    if (rest[index]?.length === 0) rest.splice(index, 1);
  }
  return merged;
}

/** What must not depend on the order of arrival. */
function essence(judgement: Judgement): unknown {
  const sort = (list: readonly unknown[]): string[] => list.map((item) => JSON.stringify(item)).sort();
  const statuses = Object.entries(judgement.rules).map(([id, outcome]) => [
    id,
    outcome.status,
    "count" in outcome ? outcome.count : 0,
  ]);
  // Of several reasons for the same thing the first is told.
  const facts = ({ rule, conversationId, messageId, also, records }: Judgement["violations"][number]): unknown => [
    rule,
    conversationId,
    messageId,
    also,
    records,
  ];
  return {
    verdict: judgement.verdict,
    schema: judgement.schema,
    counts: judgement.counts,
    statuses,
    violations: sort(judgement.violations.map(facts)),
    warnings: sort(judgement.warnings.map(facts)),
    turns: sort(judgement.turns),
  };
}

/** What holds of every judgement, whatever was judged. */
function expectConsistent({ rules: outcomes, violations, warnings, verdict, reasons }: Judgement): void {
  const broken = new Set([...violations, ...warnings].flatMap(({ rule, also }) => [rule, ...also]));
  const violated = Object.entries(outcomes).filter(([, { status }]) => status === "violated");
  expect(new Set(violated.map(([id]) => id))).toEqual(broken);
  const order = rules.map(({ id }) => id);
  for (const { rule, also, records, expected, actual, severity } of violations) {
    const ranks = [rule, ...also].map((id) => order.indexOf(id));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    expect(records.length).toBeLessThanOrEqual(3);
    expect(expected).not.toBe(actual);
    expect(severity === "error" || rule === "KAF-02").toBe(true);
  }
  expect(verdict === "failed").toBe(violations.some(({ severity }) => severity === "error"));
  expect(reasons.length > 0).toBe(verdict === "inconclusive");
}

describe.each(chatSchemas)("whatever becomes of a log of $name", { timeout: 120_000 }, (schema) => {
  it("the judgement depends neither on the order of arrival, nor on redelivery, nor on recording it", () => {
    fc.assert(
      fc.property(
        fc.array(validTurn(schema, { length: 6 }), { minLength: 1, maxLength: 3 }),
        fc.integer(),
        fc.boolean(),
        (turns, seed, done) => {
          const random = createRandom(seed);
          const log = createTestLog({ schemas: [schema], partitions: PARTITIONS });
          const sent = turns.flatMap(({ events }, index) =>
            events.map((event) =>
              encodeRecord(schema, { ...event, messageId: `${event.messageId}-${index}` }, PARTITIONS),
            ),
          );
          const appended = damage(sent, schema, random).map((record) => log.append(record));
          const partitions = Object.values(
            Object.groupBy(appended, ({ topic, partition }) => `${topic}/${partition}`),
          ).map((list) => list ?? []);
          const run = (observations: readonly Observation[]): Observation[] => wholeRun(log, observations, done);
          const first = judgeObservations(run(merge(partitions, random)));
          expectConsistent(first);
          const second = judgeObservations(run(merge(partitions, random)));
          expect(essence(second)).toEqual(essence(first));
          const order = run(merge(partitions, random));
          const again = run(
            order.slice(1, -1).flatMap((o, index) => (index % 3 === 0 ? [o, ...order.slice(1, index + 2)] : [o])),
          );
          const { counts, statuses, ...rest } = essence(judgeObservations(again)) as {
            counts: Judgement["counts"];
            statuses: unknown;
          };
          expect({ ...rest, records: counts.records }).toEqual({
            ...(essence(first) as object),
            counts: undefined,
            statuses: undefined,
            records: first.counts.records,
          });
          expect(statuses).toBeDefined();
          const live = createMonitor();
          for (const observation of order) live.observe(observation);
          expect(essence(live.finish())).toEqual(essence(first));
          const read = order.map(formatRecordingLine).join("\n");
          expect(judgeObservations(parseRecording(read, "f"))).toEqual(judgeObservations(order));
        },
      ),
      { numRuns: 500 },
    );
  });
});
