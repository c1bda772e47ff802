import type { Random } from "@ondash/core";
import { type AnyEnvelope, type ChatSchema, encodeRecord, eventKinds, type OutgoingRecord } from "@ondash/schemas";
import { copy, withEnvelope } from "../support/world.ts";

/** One send of a producer. */
export interface Send {
  readonly schema: ChatSchema;
  readonly event: AnyEnvelope;
  readonly record: OutgoingRecord;
}

type Change = (event: AnyEnvelope, random: Random, others: readonly Send[]) => void;

const bytes = new TextEncoder();

/** Changes to an event before it becomes a record. */
const edits: Readonly<Record<string, Change>> = {
  "another's id": (event, random, others) => void (event.eventId = pick(random, others).event.eventId),
  "a new id": (event, random) => void (event.eventId = `minted-${random.int(0, 1_000_000)}`),
  "no id": (event) => void (event.eventId = ""),
  "another message": (event, random, others) => void (event.messageId = pick(random, others).event.messageId),
  "no message": (event) => void (event.messageId = ""),
  "no conversation": (event) => void (event.conversationId = ""),
  "another task": (event, random, others) => void (event.taskId = pick(random, others).event.taskId),
  "a task of its own": (event) => void (event.taskId = "own"),
  "another's time": (event, random, others) =>
    void Object.assign(event.timestamp ?? {}, pick(random, others).event.timestamp),
  "time goes back": (event, random) => addNanos(event, -1_999_999_998n - BigInt(random.int(0, 4))),
  "time goes on": (event, random) => addNanos(event, BigInt(random.int(-2, 2))),
  "no time": (event) => void delete event.timestamp,
  "bad nanos": (event) => void Object.assign(event.timestamp ?? {}, { nanos: 1_000_000_000 }),
  "another sequence": (event, random) => {
    if ("sequence" in event) event.sequence = within32(event.sequence + random.int(-2, 2));
  },
  "a huge sequence": (event) => {
    if ("sequence" in event) event.sequence = 4_294_967_295;
  },
  "final or not": ({ event, ...envelope }) => {
    if (event.case !== "completion" || !("lastSequence" in event.value) || !("sequence" in envelope)) return;
    event.value.lastSequence = event.value.lastSequence === 0 ? envelope.sequence : 0;
  },
  "another last sequence": ({ event }, random) => {
    if (event.case === "completion" && "lastSequence" in event.value) {
      event.value.lastSequence = within32(event.value.lastSequence + random.int(0, 2));
    }
  },
  "task or conversation": (envelope) => {
    const { event } = envelope;
    if (event.case !== "completion") return;
    Object.assign(event.value, { type: event.value.type === 1 ? 2 : 1 });
    envelope.taskId = event.value.type === 2 ? "" : "own";
    if ("sequence" in envelope && event.value.type === 2) {
      Object.assign(event.value, { lastSequence: envelope.sequence });
    }
  },
  "another enum value": ({ event }, random) => {
    if (event.case === "text") Object.assign(event.value, { position: random.int(0, 4) });
    else if (event.case === "error") Object.assign(event.value, { severity: random.int(0, 4) });
    else if (event.case === "completion") Object.assign(event.value, { type: random.int(0, 3) });
    else if (event.case === "chart" && "customChartType" in event.value) {
      Object.assign(event.value, { chartType: random.int(0, 8) });
    }
  },
  "another text": ({ event }, random) => {
    const text = random.int(0, 3) === 0 ? " \u0085\u2003" : "other";
    if (event.case === "text") event.value.text = text;
    else if (event.case === "status" || event.case === "error") event.value.message = text;
    else if (event.case === "chart") event.value.configJson = text;
  },
  "a chart type": ({ event }, random) => {
    if (event.case !== "chart") return;
    if ("customChartType" in event.value) event.value.customChartType = random.int(0, 1) === 0 ? "" : "gauge";
    else event.value.chartType = random.int(0, 1) === 0 ? "" : "gauge";
  },
  "a step": ({ event }, random) => {
    if (event.case === "status" && "step" in event.value) {
      Object.assign(event.value, { step: random.int(0, 4), totalSteps: random.int(0, 3) });
    }
  },
};

/** Changes to a record. */
const damages: Readonly<Record<string, (record: OutgoingRecord, random: Random, send: Send) => OutgoingRecord>> = {
  "another partition": (record, random) => ({
    ...record,
    partition: Math.max(0, record.partition + random.int(-1, 1)),
  }),
  "another topic": (record, random, { schema }) => ({ ...record, topic: pick(random, schema.topicList) }),
  "no key": (record) => ({ ...record, key: null }),
  "another key": (record, random) => ({
    ...record,
    key: pick(random, [random.bytes(2), new Uint8Array(), bytes.encode("c0")]),
  }),
  "no value": (record, random) => ({ ...record, value: random.int(0, 1) === 0 ? null : new Uint8Array() }),
  "a bit flips": (record, random) => {
    const value = record.value?.slice() ?? new Uint8Array(1);
    const at = random.int(0, Math.max(0, value.length - 1));
    value[at] = (value[at] ?? 0) ^ (1 << random.int(0, 7));
    return { ...record, value };
  },
  "cut short": (record, random) => ({ ...record, value: record.value?.slice(0, -random.int(1, 3)) ?? null }),
  "another arm": (record, random, { schema }) => {
    const arm = random.int(0, 1) === 0 ? random.int(10, 29) : (schema.event.fields[random.int(0, 4)]?.number ?? 10);
    return appended(record, varint((arm << 3) | 2), [0]);
  },
  "an unknown field": (record, random) => appended(record, varint(random.int(30, 60) << 3), [random.int(0, 127)]),
  "a header less": (record, random) => ({ ...record, headers: record.headers.toSpliced(random.int(0, 6), 1) }),
  "a header twice": (record, random) => {
    const header = record.headers[random.int(0, 6)];
    return header === undefined ? record : { ...record, headers: [...record.headers, header] };
  },
  "a header's case": (record, random) => {
    const at = random.int(0, 6);
    const headers = record.headers.map((header, index) =>
      index === at ? ([header[0].toUpperCase(), header[1]] as const) : header,
    );
    return { ...record, headers };
  },
  "a header's value": (record, random) => {
    const at = random.int(0, 6);
    const value = pick(random, [null, new Uint8Array(), Uint8Array.of(0xff), bytes.encode("/ondash-llm/x\n")]);
    return {
      ...record,
      headers: record.headers.map((header, index) => (index === at ? ([header[0], value] as const) : header)),
    };
  },
  "a big header": (record, random) => ({
    ...record,
    headers: [...record.headers, ["x", new Uint8Array(523_000 + random.int(0, 2_000))]],
  }),
  "an unknown header": (record) => ({ ...record, headers: [...record.headers, ["traceparent", null]] }),
};

/** Changes to the order of sends. */
const moves: Readonly<Record<string, (sends: Send[], random: Random) => void>> = {
  lost: (sends, random) => void sends.splice(random.int(0, sends.length - 1), 1),
  again: (sends, random) => {
    const at = random.int(0, sends.length - 1);
    sends.splice(random.int(at + 1, sends.length), 0, ...sends.slice(at, at + 1));
  },
  swapped: (sends, random) => {
    const at = random.int(0, sends.length - 1);
    sends.splice(random.int(0, sends.length - 1), 0, ...sends.splice(at, 1));
  },
  late: (sends, random) => void sends.push(...sends.splice(random.int(0, sends.length - 1), 1)),
  "cut off": (sends, random) => void (sends.length = random.int(1, sends.length)),
};

/** What may go wrong with the sends of a producer. */
export const sendNoises: readonly string[] = [edits, damages, moves].flatMap((table) => Object.keys(table));

/** Does one thing to the sends of a producer. */
export function disturbSends(sends: Send[], noise: string, random: Random): void {
  if (sends.length === 0) return;
  moves[noise]?.(sends, random);
  const at = random.int(0, Math.max(0, sends.length - 1));
  const send = sends[at];
  if (send === undefined) return;
  const damage = damages[noise];
  if (damage !== undefined) sends[at] = { ...send, record: damage(send.record, random, send) };
  const edit = edits[noise];
  if (edit !== undefined) {
    const event = copy(send.schema, send.event);
    edit(event, random, sends);
    sends[at] = { ...send, event, record: recordOf(send, event) };
  }
}

/** The record of an event; where none can be made, the old one with the event's bytes. */
function recordOf({ schema, record }: Send, event: AnyEnvelope): OutgoingRecord {
  const { timestamp } = event;
  const recordable =
    timestamp !== undefined && timestamp.nanos < 1_000_000_000 && eventKinds.some((kind) => kind === event.event.case);
  // Neither the number of partitions nor the topic follows from an edit.
  return recordable
    ? { ...encodeRecord(schema, event, 1), topic: record.topic, partition: record.partition }
    : withEnvelope(schema, record, event);
}

function within32(value: number): number {
  return Math.min(4_294_967_295, Math.max(0, value));
}

function addNanos({ timestamp }: AnyEnvelope, nanos: bigint): void {
  if (timestamp === undefined) return;
  const sum = timestamp.seconds * 1_000_000_000n + BigInt(timestamp.nanos) + nanos;
  Object.assign(timestamp, { seconds: sum / 1_000_000_000n, nanos: Number(sum % 1_000_000_000n) });
}

function appended(record: OutgoingRecord, ...more: (readonly number[])[]): OutgoingRecord {
  return { ...record, value: Uint8Array.from([...(record.value ?? []), ...more.flat()]) };
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

/** One of the items. */
export function pick<T>(random: Random, items: readonly T[]): T {
  return items[random.int(0, items.length - 1)] as T;
}
