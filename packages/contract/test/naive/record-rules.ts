import type { RecordObservation } from "@ondash/contract";
import {
  type AnyEnvelope,
  type ChatSchema,
  type EnvelopeDecoding,
  type EventKind,
  headerValues,
  isValidInstant,
  parseRfc3339,
  partitionOf,
  utf8Text,
} from "@ondash/schemas";

const utf8 = new TextEncoder();
/** Nothing but Unicode's White_Space, all of it. */
const BLANK = /^\p{White_Space}*$/u;

/** What the REC rules say of one record. */
interface RecordFindings {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly judged: readonly string[];
}

/** Judges one record by all REC rules, one after the other. */
export function brokenRecordRules(
  record: RecordObservation,
  schema: ChatSchema,
  kind: EventKind,
  decoding: EnvelopeDecoding,
  partitions: number,
): RecordFindings {
  const errors: string[] = [];
  const warnings: string[] = [];
  const judged: string[] = [];
  const judge = (rule: string, holds: boolean, warns = false): void => {
    judged.push(rule);
    if (!holds) (warns ? warnings : errors).push(rule);
  };

  judge("REC-01", decoding.ok);
  if (decoding.ok) {
    const { envelope } = decoding;
    const known = decoding.arms.filter((arm) => schema.event.fields.some(({ number }) => number === arm));
    judge("REC-02", known.length === 1);
    if (known.length === 1) judge("REC-03", envelope.event.case === kind);
    judge("REC-04", record.key !== null && sameBytes(record.key, utf8.encode(envelope.conversationId)));
  }
  if (record.key !== null && record.partition < partitions) {
    judge("REC-05", record.partition === partitionOf(record.key, partitions), schema.version === 1);
  }
  if (decoding.ok) {
    const { envelope } = decoding;
    judge("REC-06", idsAreThere(envelope));
    judge("REC-07", enumsAreKnown(envelope));
    judge("REC-08", envelope.timestamp !== undefined && isValidInstant(envelope.timestamp));
    if (envelope.event.case !== undefined) judge("REC-09", textsAreFit(schema, envelope));
  }
  judge("REC-10", sizeOf(record) <= 524_288, true);
  if (decoding.ok) {
    const { envelope } = decoding;
    if (schema.cloudEvents) judge("REC-11", headersAgree(record, schema, envelope));
    if ("sequence" in envelope) judge("REC-12", sequencesAreFit(envelope));
    judge("REC-13", !decoding.unknownFields, true);
  }
  return { errors, warnings, judged };
}

/** Whether two values are the same bytes. */
export function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function idsAreThere({ eventId, conversationId, messageId, taskId, event }: AnyEnvelope): boolean {
  if (eventId === "" || conversationId === "" || messageId === "") return false;
  if (event.case !== "completion") return true;
  if (event.value.type === 1) return taskId !== "";
  if (event.value.type === 2) return taskId === "";
  return true;
}

function enumsAreKnown({ event }: AnyEnvelope): boolean {
  const within = (value: number, last: number): boolean => value >= 1 && value <= last;
  if (event.case === "text") return within(event.value.position, 3);
  if (event.case === "error") return within(event.value.severity, 3);
  if (event.case === "completion") return within(event.value.type, 2);
  if (event.case === "chart" && "customChartType" in event.value) {
    return within(event.value.chartType, 7) && (event.value.chartType === 7) === (event.value.customChartType !== "");
  }
  return true;
}

function textsAreFit(schema: ChatSchema, { event }: AnyEnvelope): boolean {
  const texts: string[] = [];
  if (event.case === "status") texts.push(event.value.message);
  if (event.case === "text") texts.push(event.value.text);
  if (event.case === "error") texts.push(event.value.code, event.value.message);
  if (event.case === "chart" && schema.version === 1) texts.push(String(event.value.chartType));
  if (texts.some((text) => BLANK.test(text))) return false;
  return event.case !== "text" || utf8.encode(event.value.text).length <= 65_536;
}

function sizeOf({ key, value, headers }: RecordObservation): number {
  const sizes = headers.map(([name, content]) => utf8.encode(name).length + (content?.length ?? 0));
  return (key?.length ?? 0) + (value?.length ?? 0) + sizes.reduce((sum, size) => sum + size, 0);
}

function headersAgree({ headers }: RecordObservation, schema: ChatSchema, envelope: AnyEnvelope): boolean {
  const text = (name: string): string | undefined => {
    const values = headerValues(headers, name);
    // A name in another case is the same header once more, and not in lower case.
    if (headers.filter(([other]) => other.toLowerCase() === name).length > values.length) return undefined;
    return values.length === 1 ? utf8Text(values[0] ?? null) : undefined;
  };
  const { event, timestamp } = envelope;
  const stated = text("ce_time");
  const time = parseRfc3339(stated ?? "");
  // A field that is not set is another rule's matter: its header has nothing to be equal to.
  return (
    text("ce_specversion") === "1.0" &&
    text("ce_id") === envelope.eventId &&
    /^\/ondash-llm\/[^]+$/.test(text("ce_source") ?? "") &&
    (event.case === undefined ? text("ce_type") !== undefined : text("ce_type") === `${schema.name}.${event.case}`) &&
    text("ce_subject") === envelope.conversationId &&
    (timestamp === undefined
      ? stated !== undefined
      : time?.seconds === timestamp.seconds && time.nanos === timestamp.nanos) &&
    text("content-type") === "application/protobuf"
  );
}

function sequencesAreFit({ sequence, event }: AnyEnvelope & { sequence: number }): boolean {
  if (sequence < 1) return false;
  if (event.case !== "completion" || !("lastSequence" in event.value)) return true;
  const { type, lastSequence } = event.value;
  return (lastSequence === 0 || lastSequence === sequence) && (type !== 2 || lastSequence !== 0);
}
