import { chatV2, cloudEventHeaderNames, formatRfc3339, type OutgoingRecord, partitionOf } from "@ondash/schemas";
import { createRecordReader } from "../../src/screen/read-record.ts";
import { createRecordScreen, type RecordScreen } from "../../src/screen/record-screen.ts";
import { blankEvent } from "../../src/screen/screened-event.ts";

/** A field on the wire: a number as a varint, bytes and texts with their length; or any tag with bytes as they are. */
export type WireField = readonly [number: number, value: number | string | Uint8Array] | { readonly raw: Uint8Array };

const encoder = new TextEncoder();

function bytesOf(value: string | Uint8Array): Uint8Array {
  return typeof value === "string" ? encoder.encode(value) : value;
}

/** A varint, with `more` bytes than it needs. */
export function varint(value: number, more = 0): number[] {
  const bytes: number[] = [];
  let left = value;
  do {
    bytes.push((left % 128) + 128);
    left = Math.floor(left / 128);
  } while (left > 0);
  for (let count = 0; count < more; count++) bytes.push(128);
  bytes.push((bytes.pop() ?? 0) - 128);
  return bytes;
}

/** Fields as bytes, in their order. */
export function wire(fields: readonly WireField[]): Uint8Array {
  return Buffer.concat(
    fields.map((field) => {
      if ("raw" in field) return field.raw;
      const [number, value] = field;
      if (typeof value === "number") return Uint8Array.from([...varint(number * 8), ...varint(value)]);
      const bytes = bytesOf(value);
      return Buffer.concat([Uint8Array.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes]);
    }),
  );
}

/** Names of the arms. */
export type ArmName = "status" | "text" | "chart" | "error" | "completion";

/** The fields of an object with their numbers as names, in the order of the numbers. */
export function fieldsOf(fields: Readonly<Record<number, number | string | Uint8Array>>): WireField[] {
  return Object.entries(fields).map(([number, value]): WireField => [Number(number), value]);
}

/** The five kinds of events in the order of their arms, as an encoder writes them. */
export const ARMS: Readonly<Record<ArmName, readonly WireField[]>> = {
  status: fieldsOf({ 1: "working" }),
  text: fieldsOf({ 1: "hello", 2: 1 }),
  chart: fieldsOf({ 2: "{}", 3: 1 }),
  error: fieldsOf({ 1: 2, 2: "E1", 3: "it failed" }),
  completion: fieldsOf({ 1: 2, 2: "done", 3: 7 }),
};

/** The fields but those of a number. */
export function without(fields: readonly WireField[], number: number): WireField[] {
  return fields.filter((field) => "raw" in field || field[0] !== number);
}

/** Names of the arms in the order of their topics. */
export const armNames = Object.keys(ARMS) as readonly ArmName[];

/** Parts of a test record that may be unlike the usual. */
export interface RecordParts {
  readonly arm?: ArmName;
  /** The arm's fields. */
  readonly body?: readonly WireField[];
  readonly task?: string | Uint8Array;
  readonly conversation?: string | Uint8Array;
  readonly message?: string | Uint8Array;
  readonly event?: string | Uint8Array;
  readonly time?: readonly WireField[];
  /** The envelope's fields. */
  readonly fields?: (fields: readonly WireField[]) => readonly WireField[];
  readonly headers?: OutgoingRecord["headers"];
}

/** Seconds of the usual timestamp. */
export const SECONDS = 1_761_733_800;

/** A chat.v2 record of 8 partitions, of sequence 7 of its turn. */
export function makeRecord(parts: RecordParts = {}): OutgoingRecord & { readonly value: Uint8Array } {
  const { arm = "status", conversation = "conv", message = "msg", event = "event", task = "" } = parts;
  const time: readonly WireField[] = parts.time ?? [[1, SECONDS]];
  const part = (number: number): number => {
    const found = time.findLast((field) => !("raw" in field) && field[0] === number);
    return found !== undefined && !("raw" in found) && typeof found[1] === "number" ? found[1] : 0;
  };
  const fields: readonly WireField[] = [
    [1, event],
    [2, conversation],
    [3, message],
    ...(task === "" ? [] : ([[4, task]] as const)),
    [5, wire(time)],
    [6, 7],
    [10 + armNames.indexOf(arm), wire(parts.body ?? ARMS[arm])],
  ];
  const says: Readonly<Record<(typeof cloudEventHeaderNames)[number], string | Uint8Array>> = {
    ce_specversion: "1.0",
    ce_id: event,
    ce_source: "/ondash-llm/test",
    ce_type: `chat.v2.${arm}`,
    ce_subject: conversation,
    ce_time: formatRfc3339({ seconds: BigInt(part(1)), nanos: part(2) }) ?? "",
    "content-type": "application/protobuf",
  };
  const key = bytesOf(conversation);
  return {
    topic: chatV2.topics[arm],
    partition: partitionOf(key, 8),
    key,
    headers: parts.headers ?? cloudEventHeaderNames.map((name) => [name, bytesOf(says[name])]),
    value: wire(parts.fields?.(fields) ?? fields),
  };
}

/**
 * What a screen makes of a record: "glance" when it calls it sound, as the rules do and with the same facts; "left" when
 * the rules must say; else what is wrong.
 */
export function look(
  record: OutgoingRecord,
  options: { readonly screen?: RecordScreen; readonly topic?: number; readonly partitions?: number } = {},
): unknown {
  const {
    screen = createRecordScreen(chatV2),
    topic = chatV2.topicList.indexOf(record.topic),
    partitions = 8,
  } = options;
  const observed = { kind: "record", ...record, offset: 12, timestamp: 1 } as const;
  if (!screen.read(observed, topic, partitions)) return "left";
  const event = blankEvent();
  const reading = createRecordReader(chatV2, event).read(observed, topic, partitions);
  if (reading.kind === "broken") return "the rules object";
  return JSON.stringify(event) === JSON.stringify(screen.event) ? "glance" : { event, screened: screen.event };
}

/** What a screen makes of the test record with such parts. */
export const lookAt = (parts: RecordParts): unknown => look(makeRecord(parts));
