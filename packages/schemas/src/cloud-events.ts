import type { ChatSchema } from "./chat-schema.ts";
import type { AnyEnvelope } from "./chat-versions.ts";
import { SchemasError } from "./error.ts";
import type { RecordHeader } from "./record.ts";
import { formatRfc3339 } from "./rfc3339.ts";

/** Names of the headers that a chat.v2 record must carry, each once, in the order in which they are written. */
export const cloudEventHeaderNames = [
  "ce_specversion",
  "ce_id",
  "ce_source",
  "ce_type",
  "ce_subject",
  "ce_time",
  "content-type",
] as const;

/** Who a record comes from, for its CloudEvents headers. */
export interface RecordOrigin {
  /** The producer's name; `ce_source` is `/ondash-llm/<producer>`. Default `mock`. Not empty. */
  readonly producer?: string;
  /** W3C trace context for the header `traceparent`. Default: no such header. */
  readonly traceparent?: string;
}

/**
 * The CloudEvents 1.0 headers (Kafka protocol binding, binary mode) of an event.
 * @throws SchemasError of code `record` when the envelope has no event or no valid timestamp, or the producer no name.
 */
export function cloudEventHeaders(
  schema: ChatSchema,
  envelope: AnyEnvelope,
  origin: RecordOrigin = {},
): RecordHeader[] {
  const { producer = "mock", traceparent } = origin;
  const time = envelope.timestamp && formatRfc3339(envelope.timestamp);
  if (time === undefined) {
    throw new SchemasError("record", `event ${envelope.eventId}: ce_time needs a timestamp in the years 1 to 9999`);
  }
  if (envelope.event.case === undefined) {
    throw new SchemasError("record", `event ${envelope.eventId}: ce_type needs the envelope's event to be set`);
  }
  if (producer === "") throw new SchemasError("record", "ce_source needs a producer's name that is not empty");
  const values: Record<(typeof cloudEventHeaderNames)[number], string> = {
    ce_specversion: "1.0",
    ce_id: envelope.eventId,
    ce_source: `/ondash-llm/${producer}`,
    ce_type: `${schema.name}.${envelope.event.case}`,
    ce_subject: envelope.conversationId,
    ce_time: time,
    "content-type": "application/protobuf",
  };
  const headers: RecordHeader[] = cloudEventHeaderNames.map((name) => [name, utf8.encode(values[name])]);
  if (traceparent !== undefined) headers.push(["traceparent", utf8.encode(traceparent)]);
  return headers;
}

const utf8 = new TextEncoder();
