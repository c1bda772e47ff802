import { clone } from "@bufbuild/protobuf";
import type { Observation, RecordObservation } from "@ondash/contract";
import { type AnyEnvelope, type ChatSchema, encodeEnvelope, encodeRecord, type OutgoingRecord } from "@ondash/schemas";
import type * as v2 from "@ondash/schemas/chat/v2";
import { createTestLog, type TestLog } from "./log.ts";

/** Partitions of the topics in these worlds. */
export const PARTITIONS = 8;

/** A copy of an envelope that a mutation may change at will. */
export function copy(schema: ChatSchema, envelope: AnyEnvelope): AnyEnvelope {
  return clone(schema.envelope, envelope) as unknown as AnyEnvelope;
}

/** The events with one of them changed. */
export function edit(
  schema: ChatSchema,
  events: readonly AnyEnvelope[],
  index: number,
  change: (event: AnyEnvelope) => void,
): AnyEnvelope[] {
  return events.map((event, at) => {
    if (at !== index) return event;
    const edited = copy(schema, event);
    change(edited);
    return edited;
  });
}

/**
 * Numbers the events anew, so that a turn from which some were removed has no hole: the last completion is final.
 * Timestamps are spaced anew too, since steps back that were small each may add up.
 */
export function renumber(schema: ChatSchema, events: readonly AnyEnvelope[]): AnyEnvelope[] {
  if (!schema.sequenced) return [...events];
  const final = events.findLastIndex(({ event }) => event.case === "completion");
  return events.map((event, index) => {
    const edited = copy(schema, event) as v2.EventEnvelope;
    edited.sequence = index + 1;
    Object.assign(edited.timestamp ?? {}, { seconds: 1_761_733_800n + BigInt(index), nanos: 0 });
    if (edited.event.case === "completion") edited.event.value.lastSequence = index === final ? index + 1 : 0;
    return edited;
  });
}

/**
 * An event like `model` with another id, 1 ns after the one before it (or 1 ns before the first). The event behind it is
 * moved where it would have the same timestamp.
 */
export function insertAt(
  schema: ChatSchema,
  events: readonly AnyEnvelope[],
  index: number,
  model: AnyEnvelope,
  change: (event: AnyEnvelope) => void,
): AnyEnvelope[] {
  const inserted = copy(schema, model);
  inserted.eventId = `inserted-${model.eventId}`;
  const neighbour = events[Math.max(0, index - 1)]?.timestamp ?? { seconds: 0n, nanos: 0 };
  const nanos = neighbour.seconds * 1_000_000_000n + BigInt(neighbour.nanos) + (index === 0 ? -1n : 1n);
  Object.assign(inserted.timestamp ?? {}, { seconds: nanos / 1_000_000_000n, nanos: Number(nanos % 1_000_000_000n) });
  change(inserted);
  const rest = events.map((event, at) => (at < index ? event : later(schema, event)));
  return rest.toSpliced(index, 0, inserted);
}

/** The records of events; each in the topic of its arm. */
export function encode(schema: ChatSchema, events: readonly AnyEnvelope[]): OutgoingRecord[] {
  return events.map((event) => encodeRecord(schema, event, PARTITIONS));
}

/** The record with the envelope's bytes, and all else as it was: for envelopes that no record can be made of. */
export function withEnvelope(schema: ChatSchema, record: OutgoingRecord, envelope: AnyEnvelope): OutgoingRecord {
  return { ...record, value: encodeEnvelope(schema, envelope) };
}

/** A broker's log that records were appended to, in the order in which they are read. */
export interface World {
  readonly log: TestLog;
  readonly records: readonly RecordObservation[];
}

/** Appends records to an empty log. */
export function world(schema: ChatSchema, records: readonly OutgoingRecord[]): World {
  const log = createTestLog({ schemas: [schema], partitions: PARTITIONS });
  return { log, records: records.map((record) => log.append(record)) };
}

/** The plan of a turn. */
export function planOf(schema: ChatSchema, events: readonly AnyEnvelope[]): Observation[] {
  return events.map(({ eventId, conversationId, messageId, event }) => ({
    kind: "plan",
    eventId,
    conversationId,
    messageId,
    topic: schema.topics[event.case ?? "status"],
  }));
}

/** The acknowledgement of a record. */
export function ackOf({ topic, partition, offset }: RecordObservation, eventId: string): Observation {
  return { kind: "ack", eventId, topic, partition, offset };
}

/** The event 2 ns later: room for an inserted one. */
function later(schema: ChatSchema, event: AnyEnvelope): AnyEnvelope {
  const moved = copy(schema, event);
  const { seconds = 0n, nanos = 0 } = moved.timestamp ?? {};
  const sum = seconds * 1_000_000_000n + BigInt(nanos) + 2n;
  Object.assign(moved.timestamp ?? {}, { seconds: sum / 1_000_000_000n, nanos: Number(sum % 1_000_000_000n) });
  return moved;
}

/** Takes the progress from a status of chat.v2, so that a copy of it does not seem to go back. */
export function clearStep({ event }: AnyEnvelope): void {
  if (event.case === "status" && "step" in event.value) Object.assign(event.value, { step: 0, totalSteps: 0 });
}
