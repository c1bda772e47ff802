import { toBinary } from "@bufbuild/protobuf";
import type { ChatSchema } from "./chat-schema.ts";
import type { AnyEnvelope, EnvelopeOf } from "./chat-versions.ts";
import { cloudEventHeaders, type RecordOrigin } from "./cloud-events.ts";
import { SchemasError } from "./error.ts";
import { partitionOf } from "./murmur2.ts";
import type { OutgoingRecord } from "./record.ts";
import { strictDecode } from "./strict-decode.ts";
import { findIllFormedString } from "./well-formed.ts";
import type { WireFailure, WireFailureReason } from "./wire-scan.ts";

/** Numbers of `EventEnvelope` that are kept for arms of its oneof `event`, inclusive. */
export const envelopeArmNumbers: readonly [from: number, to: number] = [10, 29];

/** Why a record's value is no envelope: what the strict decoder refuses, and a value that is missing or empty. */
export type EnvelopeFailureReason = WireFailureReason | "tombstone" | "empty";

/** What a record's value turned out to be. */
export type EnvelopeDecoding<Envelope extends AnyEnvelope = AnyEnvelope> =
  | {
      readonly ok: true;
      readonly envelope: Envelope;
      /**
       * Field numbers of the arms seen on the wire in their order, unknown numbers in 10 … 29 among them. A sound
       * envelope has exactly one, and it is known: `envelope.event` alone can't tell, it has the last of several.
       */
      readonly arms: readonly number[];
      /** Whether there is an unknown field at any depth, an unknown arm included. */
      readonly unknownFields: boolean;
    }
  | { readonly ok: false; readonly failure: WireFailure<EnvelopeFailureReason> };

const utf8 = new TextEncoder();

/**
 * The bytes of an envelope. What the rules above the types forbid (an empty id, say) is encoded all the same.
 * @throws SchemasError of code `record` for an envelope of another version or a number out of range, `string` for a
 * string with a lone surrogate.
 */
export function encodeEnvelope(schema: ChatSchema, envelope: AnyEnvelope): Uint8Array {
  if (envelope.$typeName !== schema.envelope.typeName) {
    throw new SchemasError("record", `${schema.name} wants a ${schema.envelope.typeName}, got a ${envelope.$typeName}`);
  }
  const illFormed = findIllFormedString(schema.envelope, envelope);
  if (illFormed !== undefined) {
    throw new SchemasError("string", `${illFormed} has a lone surrogate, which UTF-8 can't hold`);
  }
  try {
    return toBinary(schema.envelope, envelope);
  } catch (cause) {
    throw new SchemasError("record", (cause as Error).message, { cause });
  }
}

/**
 * The record of an event: topic by the arm that is set, key the conversation_id, partition as Kafka's Java client
 * chooses it, CloudEvents headers where the schema has them.
 * @param partitions of the topic.
 * @throws SchemasError: as `encodeEnvelope`, `record` when no event is set or the headers can't be made, `argument` for
 * a partition count that is none.
 */
export function encodeRecord(
  schema: ChatSchema,
  envelope: AnyEnvelope,
  partitions: number,
  origin: RecordOrigin = {},
): OutgoingRecord {
  const value = encodeEnvelope(schema, envelope);
  const kind = envelope.event.case;
  if (kind === undefined) {
    throw new SchemasError("record", `event ${envelope.eventId}: the topic follows from the event, and none is set`);
  }
  const key = utf8.encode(envelope.conversationId);
  return {
    topic: schema.topics[kind],
    partition: partitionOf(key, partitions),
    key,
    headers: schema.cloudEvents ? cloudEventHeaders(schema, envelope, origin) : [],
    value,
  };
}

/**
 * Reads a record's value, strictly: see `strictDecode`. Never throws on any value; the envelope shares no memory with
 * it.
 */
export function decodeEnvelope<Schema extends ChatSchema>(
  schema: Schema,
  value: Uint8Array | null,
): EnvelopeDecoding<EnvelopeOf<Schema>> {
  if (value === null) return refused("tombstone", "no value (a tombstone), want an EventEnvelope");
  if (value.length === 0) return refused("empty", "an empty value, want an EventEnvelope");
  const decoding = strictDecode(schema.envelope, value, { keptArms: envelopeArmNumbers });
  if (!decoding.ok) return decoding;
  const { message, arms, unknownFields } = decoding;
  return { ok: true, envelope: message as unknown as EnvelopeOf<Schema>, arms, unknownFields };
}

function refused(
  reason: EnvelopeFailureReason,
  detail: string,
): { ok: false; failure: WireFailure<EnvelopeFailureReason> } {
  return { ok: false, failure: { reason, path: "", offset: 0, detail } };
}
