import type { SourceEvent } from "@ondash/http";
import { decodeEnvelope, type OutgoingRecord, type SchemaName, schemaOfTopic } from "@ondash/schemas";

/** What a consumer of a record's topic sees of it. */
export interface Seen {
  readonly schema: SchemaName;
  readonly payload: SourceEvent["payload"];
}

/**
 * Reads a record as a gateway from Kafka to HTTP does: strictly, by the schema of its topic. A value that is no
 * envelope has no ProtoJSON; it is passed on as text that can't be taken for some: a `data:` URL of the bytes, or
 * `tombstone` where there are none. Undefined for a topic of neither version.
 */
export function seen({ topic, value }: OutgoingRecord): Seen | undefined {
  const known = schemaOfTopic(topic);
  if (known === undefined) return undefined;
  const schema = known.schema.name;
  const decoding = decodeEnvelope(known.schema, value);
  // An envelope without an event is none: no client could name its kind.
  if (decoding.ok && decoding.envelope.event.case !== undefined) {
    return { schema, payload: { envelope: decoding.envelope } };
  }
  return { schema, payload: { kind: known.kind, raw: rawText(value) } };
}

function rawText(value: Uint8Array | null): string {
  if (value === null) return "tombstone";
  return `data:application/protobuf;base64,${btoa(Array.from(value, (byte) => String.fromCharCode(byte)).join(""))}`;
}
