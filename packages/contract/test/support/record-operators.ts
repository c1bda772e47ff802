import type { Observation } from "@ondash/contract";
import { type AnyEnvelope, type ChatSchema, eventKinds, type OutgoingRecord, partitionOf } from "@ondash/schemas";
import { wholeRun } from "./log.ts";
import { type Legal, type Operator, pick, pickIndex } from "./operators.ts";
import { copy, edit, encode, PARTITIONS, withEnvelope, world } from "./world.ts";

const utf8 = new TextEncoder();

function runOf(schema: ChatSchema, records: readonly OutgoingRecord[]): Observation[] {
  const { log, records: appended } = world(schema, records);
  return wholeRun(log, appended);
}

/** One record of the turn is replaced. */
function onRecord(change: (record: OutgoingRecord, legal: Legal) => OutgoingRecord | undefined): Operator["mutate"] {
  return (legal) => {
    const { schema, events, random } = legal;
    const records = encode(schema, events);
    const index = random.int(0, records.length - 1);
    const record = records[index];
    const changed = record === undefined ? undefined : change(record, legal);
    return changed === undefined ? undefined : runOf(schema, records.with(index, changed));
  };
}

/** One envelope is changed in its bytes only: topic, key and headers stay as they were. */
function onBytes(
  suits: (event: AnyEnvelope) => boolean,
  change: (event: AnyEnvelope, legal: Legal) => void,
): Operator["mutate"] {
  return (legal) => {
    const { schema, events } = legal;
    const index = pickIndex(legal, suits);
    const event = index === undefined ? undefined : events[index];
    if (index === undefined || event === undefined) return undefined;
    const changed = copy(schema, event);
    change(changed, legal);
    const records = encode(schema, events);
    const record = records[index];
    return record === undefined ? undefined : runOf(schema, records.with(index, withEnvelope(schema, record, changed)));
  };
}

/** One envelope is changed, and its record made of what it is then. */
function onEnvelope(
  suits: (event: AnyEnvelope) => boolean,
  change: (event: AnyEnvelope, legal: Legal) => void,
): Operator["mutate"] {
  return (legal) => {
    const index = pickIndex(legal, suits);
    if (index === undefined) return undefined;
    return runOf(
      legal.schema,
      encode(
        legal.schema,
        edit(legal.schema, legal.events, index, (event) => change(event, legal)),
      ),
    );
  };
}

const append = (record: OutgoingRecord, ...bytes: number[]): OutgoingRecord => ({
  ...record,
  value: Uint8Array.from([...(record.value ?? []), ...bytes]),
});

const any = (): boolean => true;
const hasEnum = ({ event }: AnyEnvelope): boolean =>
  event.case === "text" || event.case === "error" || event.case === "completion";
const BLANK = " \t\u0085\u2003";

function setEnum({ event }: AnyEnvelope, value: number): void {
  if (event.case === "text") Object.assign(event.value, { position: value });
  else if (event.case === "error") Object.assign(event.value, { severity: value });
  else if (event.case === "completion") Object.assign(event.value, { type: value });
}

/** One operator or more for each REC rule. */
export const recordOperators: readonly Operator[] = [
  { rule: "REC-01", does: "the value is a tombstone", mutate: onRecord((record) => ({ ...record, value: null })) },
  {
    rule: "REC-01",
    does: "the value is empty",
    mutate: onRecord((record) => ({ ...record, value: new Uint8Array() })),
  },
  {
    rule: "REC-01",
    does: "the value lacks its last byte",
    mutate: onRecord((record) => ({ ...record, value: record.value?.slice(0, -1) ?? null })),
  },
  {
    rule: "REC-01",
    does: "the value has a Confluent prefix",
    mutate: onRecord((record) => ({ ...record, value: Uint8Array.from([0, 0, 0, 0, 42, ...(record.value ?? [])]) })),
  },
  { rule: "REC-01", does: "a field has the wrong wire type", mutate: onRecord((record) => append(record, 0x08, 0x01)) },
  { rule: "REC-01", does: "a group begins", mutate: onRecord((record) => append(record, 0x0b, 0x0c)) },
  {
    rule: "REC-02",
    does: "no arm is set",
    mutate: onBytes(any, (event) => {
      event.event = { case: undefined };
    }),
  },
  {
    rule: "REC-02",
    does: "a second arm is there",
    mutate: onRecord((record, { schema }) => append(record, ...otherArm(schema, record))),
  },
  {
    rule: "REC-03",
    does: "the record is in another topic",
    mutate: onRecord((record, { schema, random }) => ({
      ...record,
      topic:
        pick(
          random,
          schema.topicList.filter((topic) => topic !== record.topic),
        ) ?? "",
    })),
  },
  {
    rule: "REC-04",
    does: "the key is another one",
    mutate: onRecord((record) => {
      const key = utf8.encode(`"${new TextDecoder().decode(record.key ?? new Uint8Array())}"`);
      return { ...record, key, partition: partitionOf(key, PARTITIONS) };
    }),
  },
  { rule: "REC-04", does: "there is no key", mutate: onRecord((record) => ({ ...record, key: null })) },
  {
    rule: "REC-05",
    does: "the partition is another one",
    mutate: onRecord((record) => ({ ...record, partition: (record.partition + 1) % PARTITIONS })),
  },
  { rule: "REC-06", does: "event_id is empty", mutate: onEnvelope(any, (event) => void (event.eventId = "")) },
  { rule: "REC-06", does: "message_id is empty", mutate: onEnvelope(any, (event) => void (event.messageId = "")) },
  {
    rule: "REC-06",
    does: "a completion has a task_id too many or too few",
    mutate: onEnvelope(
      ({ event }) => event.case === "completion",
      (event) => void (event.taskId = event.taskId === "" ? "task" : ""),
    ),
  },
  { rule: "REC-07", does: "an enum is UNSPECIFIED", mutate: onEnvelope(hasEnum, (event) => setEnum(event, 0)) },
  { rule: "REC-07", does: "an enum is not known", mutate: onEnvelope(hasEnum, (event) => setEnum(event, 99)) },
  {
    rule: "REC-07",
    does: "custom_chart_type is there without CUSTOM, or not there with it",
    versions: [2],
    mutate: onEnvelope(
      ({ event }) => event.case === "chart",
      ({ event }) => {
        if (event.case !== "chart" || !("customChartType" in event.value)) return;
        event.value.customChartType = event.value.customChartType === "" ? "gauge" : "";
      },
    ),
  },
  { rule: "REC-08", does: "the timestamp is not set", mutate: onBytes(any, (event) => void delete event.timestamp) },
  {
    rule: "REC-08",
    does: "nanos are a whole second",
    mutate: onBytes(any, ({ timestamp }) => void Object.assign(timestamp ?? {}, { nanos: 1_000_000_000 })),
  },
  {
    rule: "REC-09",
    does: "a text is blank",
    mutate: onEnvelope(
      ({ event }) => event.case === "status" || event.case === "text" || event.case === "error",
      ({ event }) => {
        if (event.case === "status" || event.case === "error") event.value.message = BLANK;
        else if (event.case === "text") event.value.text = BLANK;
      },
    ),
  },
  {
    rule: "REC-09",
    does: "a text is one byte too long",
    mutate: onEnvelope(
      ({ event }) => event.case === "text",
      ({ event }) => void (event.case === "text" && (event.value.text = `${"é".repeat(32_768)}x`)),
    ),
  },
  {
    rule: "REC-10",
    does: "a header is very long",
    mutate: onRecord((record) => ({ ...record, headers: [...record.headers, ["x", new Uint8Array(524_288)]] })),
  },
  {
    rule: "REC-11",
    does: "a header is missing",
    versions: [2],
    mutate: onRecord((record, { random }) => ({ ...record, headers: record.headers.toSpliced(random.int(0, 6), 1) })),
  },
  {
    rule: "REC-11",
    does: "a header is there twice",
    versions: [2],
    mutate: onRecord((record, { random }) => ({
      ...record,
      headers: [...record.headers, ...record.headers.slice(random.int(0, 6)).slice(0, 1)],
    })),
  },
  {
    rule: "REC-11",
    does: "a header's name has an upper-case letter",
    versions: [2],
    mutate: onRecord((record, { random }) => {
      const index = random.int(0, 6);
      return {
        ...record,
        headers: record.headers.map((header, at) => (at === index ? [header[0].toUpperCase(), header[1]] : header)),
      };
    }),
  },
  {
    rule: "REC-11",
    does: "ce_time is a nanosecond off",
    versions: [2],
    mutate: onBytes(
      ({ timestamp }) => (timestamp?.nanos ?? 0) > 0,
      ({ timestamp }) => void Object.assign(timestamp ?? {}, { nanos: (timestamp?.nanos ?? 0) - 1 }),
    ),
  },
  {
    rule: "REC-12",
    does: "sequence is 0",
    versions: [2],
    mutate: onBytes(
      ({ event }) => event.case !== "completion",
      (event) => void Object.assign(event, { sequence: 0 }),
    ),
  },
  {
    rule: "REC-12",
    does: "last_sequence is not the completion's own",
    versions: [2],
    mutate: onBytes(
      ({ event }) => event.case === "completion",
      ({ event }) => void (event.case === "completion" && Object.assign(event.value, { lastSequence: 4_000_000_000 })),
    ),
  },
  { rule: "REC-13", does: "an unknown field is there", mutate: onRecord((record) => append(record, 0x90, 0x03, 0x01)) },
  {
    rule: "REC-13",
    does: "an unknown arm is beside the known one",
    mutate: onRecord((record) => append(record, 0xa2, 0x01, 0x00)),
  },
];

/** An empty arm of another kind than the record's. */
function otherArm(schema: ChatSchema, record: OutgoingRecord): number[] {
  const kind = eventKinds.find((candidate) => schema.topics[candidate] !== record.topic) ?? "status";
  const number = schema.event.fields.find(({ name }) => name === kind)?.number ?? 0;
  return [(number << 3) | 2, 0];
}
