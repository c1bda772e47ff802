import type { Observation } from "@ondash/contract";
import type { Plan } from "@ondash/scenario";
import {
  type AnyEnvelope,
  decodeEnvelope,
  type EventKind,
  eventKinds,
  type SchemaName,
  schemaOfTopic,
} from "@ondash/schemas";
import { CompletionType } from "@ondash/schemas/chat/v1";

/** What was seen so far, counted: what is still awaited follows from it, and what a deadline's explanation says. */
export interface Census {
  add(observation: Observation): void;
  /** Records that are judged. */
  readonly records: number;
  /** Conversations and turns of records that decode. */
  readonly conversations: ReadonlySet<string>;
  readonly turns: number;
  /**
   * The ends that the scenario has and that were not seen: a turn of chat.v1 that rests may go on, and the scenario knows
   * how many tasks are to be completed. Empty: as far as the scenario goes, nothing more is to come.
   */
  awaited(plan: Pick<Plan, "events">): readonly string[];
  /** What the scenario has more of than was seen, for people: `1 chart`, `2 texts`. */
  missing(plan: Pick<Plan, "events">): readonly string[];
}

/** Creates the empty census. */
export function createCensus(): Census {
  let records = 0;
  const conversations = new Set<string>();
  const turns = new Set<string>();
  /** Events by version and kind, each event once. */
  const seen = new Map<string, Set<string>>();
  const ended = new Set<SchemaName>();
  const seenOf = (schema: SchemaName, kind: EventKind): number => seen.get(`${schema} ${kind}`)?.size ?? 0;
  const note = (schema: SchemaName, envelope: AnyEnvelope): void => {
    const { conversationId, messageId, eventId, event } = envelope;
    conversations.add(conversationId);
    turns.add(JSON.stringify([conversationId, messageId]));
    if (event.case === undefined) return;
    const key = `${schema} ${event.case}`;
    let events = seen.get(key);
    if (events === undefined) seen.set(key, (events = new Set()));
    events.add(JSON.stringify([conversationId, messageId, eventId]));
    if (event.case !== "completion") return;
    const isFinal =
      "lastSequence" in event.value ? event.value.lastSequence !== 0 : event.value.type === CompletionType.CONVERSATION;
    if (isFinal) ended.add(schema);
  };
  return {
    get records() {
      return records;
    },
    get turns() {
      return turns.size;
    },
    conversations,
    add(observation) {
      if (observation.kind !== "record") return;
      records++;
      const known = schemaOfTopic(observation.topic);
      if (known === undefined) return;
      const decoding = decodeEnvelope(known.schema, observation.value);
      if (decoding.ok) note(known.schema.name, decoding.envelope);
    },
    awaited(plan) {
      return [...plannedBy(plan)].flatMap(([schema, kinds]) => {
        if (ended.has(schema)) return [];
        const planned = kinds.get("completion") ?? 0;
        const left = planned - seenOf(schema, "completion");
        if (left <= 0) return schema === "chat.v2" && planned > 0 ? [`the final completion (${schema})`] : [];
        return [`${count(left, "completion")} (${schema})`];
      });
    },
    missing(plan) {
      const planned = plannedBy(plan);
      return [...planned].flatMap(([schema, kinds]) =>
        eventKinds.flatMap((kind) => {
          const left = (kinds.get(kind) ?? 0) - seenOf(schema, kind);
          return left <= 0 ? [] : [`${count(left, kind)}${planned.size > 1 ? ` (${schema})` : ""}`];
        }),
      );
    },
  };
}

function plannedBy({ events }: Pick<Plan, "events">): Map<SchemaName, Map<EventKind, number>> {
  const planned = new Map<SchemaName, Map<EventKind, number>>();
  for (const { topic, kind } of events) {
    const name = schemaOfTopic(topic)?.schema.name;
    if (name === undefined) continue;
    const kinds = planned.get(name) ?? new Map<EventKind, number>();
    planned.set(name, kinds.set(kind, (kinds.get(kind) ?? 0) + 1));
  }
  return planned;
}

function count(number: number, kind: EventKind): string {
  return `${number} ${kind}${number === 1 ? "" : kind === "status" ? "es" : "s"}`;
}
