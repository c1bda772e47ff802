import type { Observation } from "@ondash/contract";
import { type AnyEnvelope, encodeRecord } from "@ondash/schemas";
import { createTestLog, wholeRun } from "./log.ts";
import { isFinal, type Legal, type Operator, pick, pickIndex } from "./operators.ts";
import { ackOf, encode, PARTITIONS, planOf, world } from "./world.ts";

/** The legal run, with what `more` makes of it in between the records and the end. */
function runWith(
  legal: Legal,
  more: (records: ReturnType<typeof world>["records"]) => Observation[] | undefined,
): Observation[] | undefined {
  const { log, records } = world(legal.schema, encode(legal.schema, legal.events));
  const added = more(records);
  return added && wholeRun(log, [...records, ...added]);
}

/** A partition of the version's topics that the turn does not use. */
function elsewhere({ schema, events, random }: Legal): { topic: string; partition: number } {
  const [first] = events;
  const used = first === undefined ? 0 : encodeRecord(schema, first, PARTITIONS).partition;
  return {
    topic: schema.topicList[random.int(0, 4)] ?? "",
    partition: (used + random.int(1, PARTITIONS - 1)) % PARTITIONS,
  };
}

/** All events planned, all but `lost` acknowledged where they are; `lost` acknowledged where it would have been. */
function lose(legal: Legal, lost: AnyEnvelope): Observation[] {
  const { schema, events } = legal;
  const log = createTestLog({ schemas: [schema], partitions: PARTITIONS });
  const observations: Observation[] = planOf(schema, events);
  const index = events.indexOf(lost);
  for (const [at, event] of events.entries()) {
    const record = encodeRecord(schema, event, PARTITIONS);
    if (at === index) continue;
    const appended = log.append(record);
    observations.push(appended, ackOf(appended, event.eventId));
  }
  const { topic, partition } = encodeRecord(schema, lost, PARTITIONS);
  observations.push({
    kind: "ack",
    eventId: lost.eventId,
    topic,
    partition,
    offset: log.ends()[topic]?.[partition] ?? 0,
  });
  return wholeRun(log, observations);
}

/** One operator or more for each KAF rule. */
export const kafkaOperators: readonly Operator[] = [
  {
    rule: "KAF-01",
    does: "a topic has half as many partitions as the others",
    mutate(legal) {
      const [start, ...rest] = runWith(legal, () => []) ?? [];
      if (start?.kind !== "start" || start.start === undefined) return undefined;
      const topic = legal.schema.topicList[legal.random.int(0, 4)] ?? "";
      return [
        { ...start, start: { ...start.start, [topic]: start.start[topic]?.slice(0, PARTITIONS / 2) ?? [] } },
        ...rest,
      ];
    },
  },
  {
    rule: "KAF-01",
    does: "a topic is missing",
    mutate(legal) {
      const [start, ...rest] = runWith(legal, () => []) ?? [];
      if (start?.kind !== "start" || start.start === undefined) return undefined;
      const unused = legal.schema.topicList.filter(
        (topic) => !rest.some((o) => o.kind === "record" && o.topic === topic),
      );
      const topic = pick(legal.random, unused);
      if (topic === undefined) return undefined;
      return [
        { ...start, start: Object.fromEntries(Object.entries(start.start).filter(([name]) => name !== topic)) },
        ...rest,
      ];
    },
  },
  {
    rule: "KAF-01",
    does: "a topic has more partitions at the end than at the start",
    mutate(legal) {
      const run = runWith(legal, () => []) ?? [];
      const end = run.pop();
      const topic = legal.schema.topicList[legal.random.int(0, 4)] ?? "";
      if (end?.kind !== "end") return undefined;
      const ends = [...(end.ends[topic] ?? []), ...Array.from({ length: PARTITIONS }, () => 0)];
      return [...run, { ...end, ends: { ...end.ends, [topic]: ends } }];
    },
  },
  {
    rule: "KAF-01",
    does: "a record comes from a partition beyond the count",
    mutate({ schema, events, random }) {
      const sent = encode(schema, events);
      const index = random.int(0, sent.length - 1);
      const stray = sent[index];
      if (stray === undefined) return undefined;
      const { log, records } = world(schema, sent.with(index, { ...stray, partition: PARTITIONS }));
      return wholeRun({ ...log, ends: () => mapValues(log.ends(), (ends) => ends.slice(0, PARTITIONS)) }, records);
    },
  },
  {
    rule: "KAF-02",
    does: "offsets of a partition were not read",
    mutate: (legal) =>
      runWith(legal, () => [{ kind: "gap", ...elsewhere(legal), from: 0, to: legal.random.int(0, 9) }]),
  },
  {
    rule: "KAF-02",
    does: "offsets of a partition are passed over without a word",
    mutate(legal) {
      const { schema, events } = legal;
      const { log, records } = world(schema, encode(schema, events));
      const { topic, partition } = elsewhere(legal);
      log.mark(topic, partition, legal.random.int(1, 9), "control");
      return wholeRun(log, records);
    },
  },
  {
    rule: "KAF-03",
    does: "a record has another header when it is read again",
    mutate: (legal) =>
      runWith(legal, (records) => {
        const record = pick(legal.random, records);
        return record && [{ ...record, headers: [...record.headers, ["traceparent", new Uint8Array()]] }];
      }),
  },
  {
    rule: "KAF-03",
    does: "a record has no key when it is read again",
    mutate: (legal) =>
      runWith(legal, (records) => {
        const record = pick(legal.random, records);
        return record && [{ ...record, key: null }];
      }),
  },
  {
    rule: "KAF-03",
    does: "a record is another one when it is read again",
    mutate: (legal) =>
      runWith(legal, (records) => {
        const record = pick(legal.random, records);
        return record && [{ ...record, value: Uint8Array.from([...(record.value ?? []), 0]) }];
      }),
  },
  {
    rule: "KAF-04",
    does: "an acknowledged record is not in the log",
    mutate(legal) {
      const index = pickIndex(legal, (event) => !isFinal(event) || !legal.schema.sequenced);
      const lost = index === undefined ? undefined : legal.events[index];
      return lost && lose(legal, lost);
    },
  },
  {
    rule: "KAF-04",
    does: "an offset was acknowledged twice, for two records",
    mutate: (legal) =>
      runWith(legal, (records) => {
        const [index, record] = pick(legal.random, [...records.entries()]) ?? [];
        const own = index === undefined ? undefined : legal.events[index];
        if (record === undefined || own === undefined) return undefined;
        return [ackOf(record, own.eventId), ackOf(record, "another event")];
      }),
  },
  {
    rule: "KAF-05",
    does: "a refused record is in the log",
    mutate: (legal) =>
      runWith(legal, (records) => {
        const [index, record] = pick(legal.random, [...records.entries()]) ?? [];
        const own = index === undefined ? undefined : legal.events[index];
        if (record === undefined || own === undefined) return undefined;
        return [{ kind: "rejected", eventId: own.eventId, topic: record.topic, error: "INVALID_RECORD" }];
      }),
  },
  {
    rule: "KAF-05",
    does: "a record of an aborted transaction is visible",
    mutate: (legal) =>
      runWith(legal, (records) => {
        const record = pick(legal.random, records);
        if (record === undefined) return undefined;
        const { topic, partition, offset } = record;
        return [{ kind: "skip", topic, partition, from: offset, to: offset, why: "aborted" }];
      }),
  },
  {
    rule: "KAF-06",
    does: "a leader epoch goes back",
    mutate(legal) {
      const { log, records } = world(legal.schema, encode(legal.schema, legal.events));
      const twice = records.findIndex((record, at) => records.slice(0, at).some(({ topic }) => topic === record.topic));
      if (twice < 0) return undefined;
      return wholeRun(
        log,
        records.map((record, at) => ({
          ...record,
          leaderEpoch: at >= twice && record.topic === records[twice]?.topic ? 6 : 7,
        })),
      );
    },
  },
];

function mapValues<T>(object: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}
