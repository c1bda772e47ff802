import { toJsonString } from "@bufbuild/protobuf";
import { compareEmission, type SoundEvent, toContractEvent } from "@ondash/contract/fold";
import { type Plan, plan, type Scenario } from "@ondash/scenario";
import { type AnyEnvelope, type ChatSchema, chatSchemas, decodeEnvelope, schemaOf } from "@ondash/schemas";
import { HttpError } from "../error.ts";
import type { ArrivalOptions, ArrivalSource } from "./types.ts";

/** One event of a turn. */
export interface TurnEvent {
  readonly envelope: AnyEnvelope;
  readonly event: SoundEvent;
  readonly json: string;
}

/** A turn whose arrivals are tried. */
export interface LegalTurn {
  readonly name: string;
  readonly schema: ChatSchema;
  /** In emission order; an event's index is its place there, from 0 on. */
  readonly events: readonly TurnEvent[];
  /** The indices of each topic's events, ascending: the order that Kafka keeps. */
  readonly lanes: readonly (readonly number[])[];
}

/**
 * Reads a turn.
 * @throws HttpError `argument` when it has no event, an event that is not sound, or events of several turns or versions.
 */
export function legalTurnOf(source: ArrivalSource, options: ArrivalOptions): LegalTurn {
  if (isList(source)) {
    const [first] = source;
    const own = chatSchemas.find(({ envelope }) => envelope.typeName === first?.$typeName);
    return turnOf(
      "the turn",
      options.schema === undefined ? (own ?? schemaOf("chat.v2")) : schemaOf(options.schema),
      source,
    );
  }
  const wanted = options.schema ?? (isPlan(source) && source.schema !== "both" ? source.schema : "chat.v2");
  const schema = schemaOf(wanted);
  const planned = isPlan(source) ? source : plan(source, { schema: schema.name });
  const events = planned.events
    .filter(({ topic }) => schema.topicList.includes(topic))
    .map(({ record }) => {
      const decoding = decodeEnvelope(schema, record.value);
      if (!decoding.ok) throw new HttpError("argument", `a planned record is no envelope: ${decoding.failure.detail}`);
      return decoding.envelope;
    });
  if (events.length === 0)
    throw new HttpError("argument", `the plan of ${planned.scenario} has no event of ${schema.name}`);
  return turnOf(planned.scenario, schema, events);
}

function turnOf(name: string, schema: ChatSchema, envelopes: readonly AnyEnvelope[]): LegalTurn {
  const events = envelopes
    .map((envelope) => ({ envelope, event: soundOf(schema, envelope), json: toJsonString(schema.envelope, envelope) }))
    .sort((a, b) => compareEmission(schema, a.event, b.event));
  const [first] = events;
  if (first === undefined) throw new HttpError("argument", "there is no event: expected those of one turn");
  const ids = new Set<string>();
  for (const { event } of events) {
    if (event.conversationId !== first.event.conversationId || event.messageId !== first.event.messageId) {
      const turns = `${first.event.messageId} and ${event.messageId}`;
      throw new HttpError("argument", `events of two turns (${turns}): expected those of one`);
    }
    if (ids.has(event.eventId)) throw new HttpError("argument", `two events have the event_id ${event.eventId}`);
    ids.add(event.eventId);
  }
  const lanes = new Map<string, number[]>();
  for (const [index, { event }] of events.entries()) {
    const lane = lanes.get(event.body.kind) ?? [];
    lane.push(index);
    lanes.set(event.body.kind, lane);
  }
  return { name, schema, events, lanes: [...lanes.values()] };
}

function soundOf(schema: ChatSchema, envelope: AnyEnvelope): SoundEvent {
  if (envelope.$typeName !== schema.envelope.typeName) {
    throw new HttpError("argument", `a ${envelope.$typeName} among the events of a ${schema.name} turn`);
  }
  const { body, timestamp, ...rest } = toContractEvent(envelope);
  if (body === undefined || timestamp === undefined) {
    throw new HttpError("argument", `the event ${rest.eventId} has no ${body === undefined ? "event" : "timestamp"}`);
  }
  return { ...rest, body, timestamp };
}

function isList(source: ArrivalSource): source is readonly AnyEnvelope[] {
  return Array.isArray(source);
}

function isPlan(source: Scenario | Plan): source is Plan {
  return "sends" in source;
}
