import type { Observation } from "@ondash/contract";
import type { AnyEnvelope, OutgoingRecord } from "@ondash/schemas";
import { createTestLog, wholeRun } from "./log.ts";
import { isFinal, type Legal, type Operator, pick, pickIndex } from "./operators.ts";
import { clearStep, copy, edit, encode, insertAt, PARTITIONS, planOf, renumber, world } from "./world.ts";

/** The run of these events, each appended in this order. */
function runOf({ schema }: Legal, events: readonly AnyEnvelope[], plan: readonly Observation[] = []): Observation[] {
  const { log, records } = world(schema, encode(schema, events));
  return wholeRun(log, [...plan, ...records]);
}

/** The same records in another order of appending. */
function runOfRecords({ schema }: Legal, sent: readonly OutgoingRecord[]): Observation[] {
  const { log, records } = world(schema, sent);
  return wholeRun(log, records);
}

const completesTask = ({ event }: AnyEnvelope): boolean => event.case === "completion" && event.value.type === 1;
const isCompletion = ({ event }: AnyEnvelope): boolean => event.case === "completion";

/** Holds one record back until the barrier of the turn's end has been granted. */
function late(legal: Legal, index: number): Observation[] | undefined {
  const { schema, events } = legal;
  const log = createTestLog({ schemas: [schema], partitions: PARTITIONS });
  const sent = encode(schema, events);
  const held = sent[index];
  if (held === undefined) return undefined;
  const early = sent.toSpliced(index, 1).map((record) => log.append(record));
  const barrier: Observation[] = [
    { kind: "asked", id: 1 },
    { kind: "barrier", id: 1, ends: log.ends() },
  ];
  return wholeRun(log, [...early, ...barrier, log.append(held)]);
}

/** Indices of two events of one topic. */
function twoOfOneTopic({ events, random }: Legal): readonly [number, number] | undefined {
  const pairs = events.flatMap((first, low) =>
    events.flatMap((second, high) =>
      high > low && first.event.case === second.event.case ? [[low, high] as const] : [],
    ),
  );
  return pick(random, pairs);
}

/** Gives an event a new id; its sequence and timestamp stay. */
function remint(legal: Legal, event: AnyEnvelope): AnyEnvelope {
  const reminted = copy(legal.schema, event);
  reminted.eventId = `reminted-${event.eventId}`;
  return reminted;
}

/** A status of a task after everything else. */
function afterwards(legal: Legal, taskId: string): Observation[] | undefined {
  const { schema, events } = legal;
  const model = events.find(({ event }) => event.case === "status");
  if (model === undefined) return undefined;
  return runOf(
    legal,
    insertAt(schema, events, events.length, model, (event) => {
      event.taskId = taskId;
      clearStep(event);
      if (schema.sequenced) Object.assign(event, { sequence: events.length + 1 });
    }),
  );
}

/** Whether a chat.v1 turn of these events rests or has ended. */
function hasEnded(events: readonly AnyEnvelope[]): boolean {
  const tasks = new Set(events.flatMap(({ taskId }) => (taskId === "" ? [] : [taskId])));
  for (const event of events) if (completesTask(event)) tasks.delete(event.taskId);
  return events.some(isFinal) || (tasks.size === 0 && events.some(({ taskId }) => taskId !== ""));
}

/** One operator or more for each ORD rule. */
export const orderOperators: readonly Operator[] = [
  {
    rule: "ORD-01",
    does: "a record is sent again",
    mutate(legal) {
      const sent = encode(legal.schema, legal.events);
      const index = legal.random.int(0, sent.length - 1);
      const at = legal.random.int(index + 1, sent.length);
      return runOfRecords(legal, sent.toSpliced(at, 0, ...sent.slice(index, index + 1)));
    },
  },
  {
    rule: "ORD-01",
    does: "an event has the id of another one",
    mutate(legal) {
      const { schema, events, random } = legal;
      if (events.length < 2) return undefined;
      const index = random.int(1, events.length - 1);
      // The grammar passes over it then: without a chart, texts would stand between others (GRM-04).
      if (events[index]?.event.case === "chart") return undefined;
      return runOf(
        legal,
        edit(schema, events, index, (event) => void (event.eventId = events[random.int(0, index - 1)]?.eventId ?? "")),
      );
    },
  },
  {
    rule: "ORD-02",
    does: "an event is sent again with a new id",
    versions: [2],
    mutate(legal) {
      const event = pick(legal.random, legal.events);
      return event && runOf(legal, [...legal.events, remint(legal, event)]);
    },
  },
  {
    rule: "ORD-03",
    does: "an event is sent again with a new id, and the same timestamp",
    versions: [1],
    atOnce: true,
    mutate(legal) {
      const event = pick(legal.random, legal.events);
      return event && runOf(legal, [...legal.events, remint(legal, event)]);
    },
  },
  {
    rule: "ORD-03",
    does: "two records of one topic are swapped",
    atOnce: true,
    mutate(legal) {
      const pair = twoOfOneTopic(legal);
      if (pair === undefined) return undefined;
      const sent = encode(legal.schema, legal.events);
      const [low, high] = pair.map((index) => sent[index]) as [OutgoingRecord, OutgoingRecord];
      return runOfRecords(legal, sent.with(pair[0], high).with(pair[1], low));
    },
  },
  {
    rule: "ORD-03",
    does: "two events have the same timestamp",
    versions: [1],
    mutate(legal) {
      const { schema, events, random } = legal;
      if (events.length < 2) return undefined;
      const index = random.int(1, events.length - 1);
      return runOf(
        legal,
        edit(
          schema,
          events,
          index,
          ({ timestamp }) => void Object.assign(timestamp ?? {}, events[index - 1]?.timestamp),
        ),
      );
    },
  },
  {
    rule: "ORD-05",
    does: "an event turns up above the barrier of the end",
    mutate(legal) {
      const { schema, events } = legal;
      const final = events.findIndex(isFinal);
      const completed = new Set(events.filter(completesTask).map(({ taskId }) => taskId));
      const index = pickIndex(legal, (event, at) =>
        schema.sequenced ? at < final : !isCompletion(event) && (at < final || completed.has(event.taskId)),
      );
      return index === undefined ? undefined : late(legal, index);
    },
  },
  {
    rule: "ORD-04",
    does: "a record is dropped",
    versions: [2],
    mutate(legal) {
      const index = pickIndex(legal, (event) => !isFinal(event));
      return index === undefined ? undefined : runOf(legal, legal.events.toSpliced(index, 1));
    },
  },
  {
    rule: "ORD-04",
    does: "records in a row are dropped",
    versions: [2],
    mutate(legal) {
      const { events, random } = legal;
      const final = events.findIndex(isFinal);
      if (final < 2) return undefined;
      const from = random.int(0, final - 2);
      return runOf(legal, events.toSpliced(from, random.int(2, final - from)));
    },
  },
  {
    rule: "ORD-04",
    does: "a planned record is dropped",
    versions: [1],
    mutate(legal) {
      const { schema, events, random } = legal;
      return runOf(legal, events.toSpliced(random.int(0, events.length - 1), 1), planOf(schema, events));
    },
  },
  {
    rule: "ORD-04",
    does: "a planned turn is never sent",
    versions: [1],
    mutate: (legal) => runOf(legal, [], planOf(legal.schema, legal.events)),
  },
  {
    rule: "ORD-06",
    does: "an event of a completed task comes after the end",
    mutate(legal) {
      const task = pick(legal.random, legal.events.filter(completesTask));
      return task === undefined ? undefined : afterwards(legal, task.taskId);
    },
  },
  {
    rule: "ORD-06",
    does: "an event of the turn itself comes after its final completion",
    mutate: (legal) => (legal.events.some(isFinal) ? afterwards(legal, "") : undefined),
  },
  {
    rule: "ORD-06",
    does: "there is a second final completion",
    mutate(legal) {
      const { schema, events } = legal;
      const final = events.find(isFinal);
      if (final === undefined) return undefined;
      return runOf(
        legal,
        insertAt(schema, events, events.length, final, (event) => {
          if (!schema.sequenced || event.event.case !== "completion") return;
          const sequence = events.length + 1;
          Object.assign(event, { sequence });
          Object.assign(event.event.value, { lastSequence: sequence });
        }),
      );
    },
  },
  {
    rule: "ORD-06",
    does: "another turn completes after CONVERSATION",
    mutate(legal) {
      const { schema, events } = legal;
      if (!events.some(({ event }) => event.case === "completion" && event.value.type === 2)) return undefined;
      const next = events.map((event) => {
        const other = copy(schema, event);
        other.messageId = `after-${event.messageId}`;
        return other;
      });
      return runOf(legal, [...events, ...next]);
    },
  },
  {
    rule: "ORD-07",
    does: "the producer dies before the end",
    mutate(legal) {
      const { schema, events, random } = legal;
      const rest = events.slice(0, random.int(1, Math.max(1, events.length - 1)));
      if (rest.length === events.length || (!schema.sequenced && hasEnded(rest))) return undefined;
      return runOf(legal, rest);
    },
  },
  {
    rule: "ORD-07",
    does: "the last completion has no last_sequence",
    versions: [2],
    mutate(legal) {
      const { schema, events } = legal;
      const index = events.findIndex((event) => isFinal(event) && completesTask(event));
      if (index < 0) return undefined;
      return runOf(
        legal,
        edit(
          schema,
          events,
          index,
          ({ event }) => void (event.case === "completion" && Object.assign(event.value, { lastSequence: 0 })),
        ),
      );
    },
  },
  {
    rule: "ORD-07",
    does: "a named task is left open",
    mutate(legal) {
      const { schema, events } = legal;
      if (events.some(({ event }) => event.case === "completion" && event.value.type === 2)) return undefined;
      const model = events.find(({ event }) => event.case === "status");
      if (model === undefined) return undefined;
      const at = events.findIndex((event) => event === model) + 1;
      return runOf(
        legal,
        renumber(
          schema,
          insertAt(schema, events, at, model, (event) => {
            event.taskId = "open-task";
            clearStep(event);
          }),
        ),
      );
    },
  },
  {
    rule: "ORD-08",
    does: "a timestamp goes back by more than two seconds",
    versions: [2],
    mutate(legal) {
      const { schema, events, random } = legal;
      if (events.length < 2) return undefined;
      const index = random.int(1, events.length - 1);
      const before = events[index - 1]?.timestamp;
      if (before === undefined) return undefined;
      const nanos = before.seconds * 1_000_000_000n + BigInt(before.nanos) - 2_000_000_001n;
      const back = { seconds: nanos / 1_000_000_000n, nanos: Number(nanos % 1_000_000_000n) };
      return runOf(
        legal,
        edit(schema, events, index, ({ timestamp }) => void Object.assign(timestamp ?? {}, back)),
      );
    },
  },
];
