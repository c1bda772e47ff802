import { type JsonValue, toJson } from "@bufbuild/protobuf";
import { foldMessage } from "@ondash/contract";
import { type Plan, plan, type Scenario } from "@ondash/scenario";
import {
  type AnyEnvelope,
  type ChatSchema,
  decodeEnvelope,
  type SchemaName,
  schemaOf,
  schemaOfTopic,
} from "@ondash/schemas";
import type { ReadEvent } from "../support/sse.ts";

/** What a stream must carry for a record: its event as ProtoJSON, or what stands for bytes that are none. */
export interface ExpectedEvent {
  readonly event: string;
  readonly json: JsonValue;
  /** Topic and partition: the order of these is kept. */
  readonly lane: string;
  /** 0 in chat.v1. */
  readonly sequence: number;
}

/** What a scenario must give in one schema: read off its plan alone. */
export interface Expected {
  readonly plan: Plan;
  readonly events: readonly ExpectedEvent[];
  readonly envelopes: readonly AnyEnvelope[];
  readonly message: JsonValue | undefined;
}

/** The text that stands for a value that can't be decoded. */
function undecodable(value: Uint8Array | null): string {
  return value === null ? "tombstone" : `data:application/protobuf;base64,${Buffer.from(value).toString("base64")}`;
}

/** What a record of a schema's topics must look like to a client. */
export function expectedEvent(
  schema: ChatSchema,
  record: { readonly topic: string; readonly partition: number; readonly value: Uint8Array | null },
): ExpectedEvent & { readonly envelope: AnyEnvelope | undefined } {
  const lane = `${record.topic}/${record.partition}`;
  const decoding = decodeEnvelope(schema, record.value);
  const envelope = decoding.ok && decoding.envelope.event.case !== undefined ? decoding.envelope : undefined;
  if (envelope === undefined) {
    const event = schemaOfTopic(record.topic)?.kind ?? "?";
    return { event, json: undecodable(record.value), lane, sequence: 0, envelope };
  }
  const sequence = "sequence" in envelope ? envelope.sequence : 0;
  return { event: envelope.event.case ?? "", json: toJson(schema.envelope, envelope), lane, sequence, envelope };
}

/** What a scenario gives when it is posted first in a conversation. */
export function expectedOf(scenario: Scenario, schemaName: SchemaName, conversationId?: string): Expected {
  const schema = schemaOf(schemaName);
  const made = plan(scenario, {
    schema: scenario.schema === "both" ? "both" : schemaName,
    ...(conversationId === undefined ? {} : { conversationId }),
  });
  const sends = [...made.sends.filter(({ held }) => !held), ...made.sends.filter(({ held }) => held)];
  const events = sends
    .filter(({ record }) => schemaOfTopic(record.topic)?.schema.name === schemaName)
    .map(({ record }) => expectedEvent(schema, record));
  const envelopes = events.flatMap(({ envelope }) => envelope ?? []);
  const message = envelopes.length === 0 ? undefined : toJson(schema.message, foldMessage(schema, envelopes));
  return { plan: made, events, envelopes, message };
}

/**
 * What of it a stream may show. chat.v1: all, redeliveries included. chat.v2: what has no place in its turn, and of the
 * rest each sequence once, in order, up to the first that is missing.
 */
export function released(schema: SchemaName, events: readonly ExpectedEvent[]): readonly ExpectedEvent[] {
  if (schema === "chat.v1") return events;
  const bySequence = new Map<number, ExpectedEvent>();
  for (const event of events) if (!bySequence.has(event.sequence)) bySequence.set(event.sequence, event);
  const inOrder: ExpectedEvent[] = [];
  for (let next = bySequence.get(1); next !== undefined; next = bySequence.get(inOrder.length + 1)) inOrder.push(next);
  return [...events.filter(({ sequence }) => sequence === 0), ...inOrder];
}

/** What a client read, comparable with what was expected. */
export function seenAs({ event, data }: ReadEvent): { readonly event: string; readonly json: JsonValue } {
  const isJson = data.startsWith("{");
  return { event, json: isJson ? (JSON.parse(data) as JsonValue) : data };
}
