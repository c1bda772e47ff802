import { WireType } from "@bufbuild/protobuf/wire";
import { type AnyEnvelope, type ChatSchema, eventKinds, type OutgoingRecord, partitionOf } from "@ondash/schemas";
import { CompletionType } from "@ondash/schemas/chat/v1";
import { type Operator, pick } from "./operators.ts";
import { any, append, onBytes, onEnvelope, onRecord } from "./record-changes.ts";
import { PARTITIONS } from "./world.ts";

const utf8 = new TextEncoder();
const hasEnum = ({ event }: AnyEnvelope): boolean =>
  event.case === "text" || event.case === "error" || event.case === "completion";
const isChart = ({ event }: AnyEnvelope): boolean => event.case === "chart";
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
    rule: "REC-01",
    does: "a varint has eleven bytes",
    mutate: onRecord((record) => append(record, 0x98, 0x03, ...Array.from({ length: 10 }, () => 0x80), 0x00)),
  },
  {
    rule: "REC-01",
    does: "a length runs past the end",
    mutate: onRecord((record) => append(record, 0x9a, 0x03, 0x02, 0x00)),
  },
  { rule: "REC-01", does: "a string is not UTF-8", mutate: onRecord((record) => append(record, 0x22, 0x01, 0xff)) },
  {
    rule: "REC-01",
    does: "a field runs past the end of its sub-message",
    mutate: onRecord((record) => append(record, 0x2a, 0x01, 0x10, 0x01)),
  },
  {
    rule: "REC-01",
    does: "the same arm is there twice",
    mutate: onRecord((record, { schema }) => append(record, ...armOf(schema, (topic) => topic === record.topic))),
  },
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
    mutate: onRecord((record, { schema }) => append(record, ...armOf(schema, (topic) => topic !== record.topic))),
  },
  {
    rule: "REC-02",
    does: "only an arm of the future is there",
    beside: ["REC-13"],
    mutate: onBytes(any, (event) => {
      event.event = { case: undefined };
      event.$unknown = [{ no: 20, wireType: WireType.LengthDelimited, data: Uint8Array.of(0) }];
    }),
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
  {
    rule: "REC-06",
    does: "conversation_id is empty",
    // Its key is as empty as it is: nobody knows whose record it is.
    alone: true,
    anonymous: true,
    mutate: onEnvelope(any, (event) => void (event.conversationId = "")),
  },
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
  {
    rule: "REC-07",
    does: "chart_type is not set",
    versions: [2],
    mutate: onEnvelope(isChart, ({ event }) => setChartType(event, 0)),
  },
  {
    rule: "REC-07",
    does: "chart_type is not known",
    versions: [2],
    mutate: onEnvelope(isChart, ({ event }) => setChartType(event, 8)),
  },
  { rule: "REC-08", does: "the timestamp is not set", mutate: onBytes(any, (event) => void delete event.timestamp) },
  {
    rule: "REC-08",
    does: "nanos are a whole second",
    mutate: onBytes(any, ({ timestamp }) => void Object.assign(timestamp ?? {}, { nanos: 1_000_000_000 })),
  },
  {
    rule: "REC-08",
    does: "nanos are negative",
    mutate: onBytes(any, ({ timestamp }) => void Object.assign(timestamp ?? {}, { nanos: -1 })),
  },
  {
    rule: "REC-08",
    does: "the year is 10000",
    mutate: onBytes(any, ({ timestamp }) => void Object.assign(timestamp ?? {}, { seconds: 253_402_300_800n })),
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
    does: "an error's code is blank",
    mutate: onEnvelope(
      ({ event }) => event.case === "error",
      ({ event }) => void (event.case === "error" && (event.value.code = BLANK)),
    ),
  },
  {
    rule: "REC-09",
    does: "chart_type is blank",
    versions: [1],
    mutate: onEnvelope(
      isChart,
      ({ event }) => void (event.case === "chart" && Object.assign(event.value, { chartType: BLANK })),
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
    rule: "REC-11",
    does: "ce_source names no producer",
    versions: [2],
    mutate: onRecord((record) => withHeader(record, "ce_source", utf8.encode("/ondash-llm/"))),
  },
  {
    rule: "REC-11",
    does: "a header is not UTF-8",
    versions: [2],
    mutate: onRecord((record, { random }) =>
      withHeader(record, record.headers[random.int(0, 6)]?.[0] ?? "", Uint8Array.of(0xc3, 0x28)),
    ),
  },
  {
    rule: "REC-11",
    does: "a header says something else than the envelope",
    versions: [2],
    mutate: onRecord((record, { random }) => {
      const name = pick(random, ["ce_id", "ce_type", "ce_subject", "ce_specversion", "content-type"]) ?? "";
      return withHeader(record, name, utf8.encode("something else"));
    }),
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
  {
    rule: "REC-12",
    does: "CONVERSATION has no last_sequence",
    versions: [2],
    mutate: onBytes(
      ({ event }) => event.case === "completion" && event.value.type === CompletionType.CONVERSATION,
      ({ event }) => void (event.case === "completion" && Object.assign(event.value, { lastSequence: 0 })),
    ),
  },
  { rule: "REC-13", does: "an unknown field is there", mutate: onRecord((record) => append(record, 0x90, 0x03, 0x01)) },
  {
    rule: "REC-13",
    does: "an unknown arm is beside the known one",
    mutate: onRecord((record) => append(record, 0xa2, 0x01, 0x00)),
  },
];

/** An empty arm of a kind whose topic suits. */
function armOf(schema: ChatSchema, suits: (topic: string) => boolean): number[] {
  const kind = eventKinds.find((candidate) => suits(schema.topics[candidate]));
  const number = schema.event.fields.find(({ name }) => name === kind)?.number ?? schema.event.fields[0]?.number ?? 0;
  return [(number << 3) | 2, 0];
}

/** The record with a header's value changed. */
function withHeader(record: OutgoingRecord, name: string, value: Uint8Array): OutgoingRecord {
  return { ...record, headers: record.headers.map((header) => (header[0] === name ? [name, value] : header)) };
}

function setChartType(event: AnyEnvelope["event"], chartType: number): void {
  if (event.case === "chart") Object.assign(event.value, { chartType, customChartType: "" });
}
