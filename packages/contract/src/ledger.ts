import { type ChatSchema, type SchemaName, schemaOfTopic } from "@ondash/schemas";
import { ContractError } from "./error.ts";
import type {
  AcknowledgedObservation,
  IndefiniteObservation,
  PlanObservation,
  RejectedObservation,
} from "./observation.ts";
import type { RecordRef } from "./run-result.ts";
import { type Turn, turnKey } from "./turn/turn.ts";

/** What the producer's side knows of one event in one schema version. */
export interface LedgerEntry {
  readonly schema: SchemaName;
  readonly eventId: string;
  /** The turn it was planned for; undefined: nobody planned it (a re-minted duplicate, say). */
  readonly turn: { readonly conversationId: string; readonly messageId: string } | undefined;
  /** Where it was acknowledged; several times if it was sent several times. */
  readonly acks: readonly RecordRef[];
  readonly rejected: { readonly topic: string; readonly error: string } | undefined;
  readonly indefinite: boolean;
}

interface GrowingEntry {
  schema: SchemaName;
  eventId: string;
  turn: { conversationId: string; messageId: string } | undefined;
  acks: RecordRef[];
  rejected: { topic: string; error: string } | undefined;
  indefinite: boolean;
}

/** The plan of what was to be sent, and what became of each send. */
export interface Ledger {
  /** @returns the schema version whose event is planned. */
  plan(observation: PlanObservation): ChatSchema;
  acknowledge(observation: AcknowledgedObservation): void;
  reject(observation: RejectedObservation): void;
  leaveOpen(observation: IndefiniteObservation): void;
  /** Planned events of a turn, in the order of the plan. */
  plannedFor(turn: Turn): readonly LedgerEntry[];
  all(): Iterable<LedgerEntry>;
  /** Whether an event was acknowledged at a place. */
  isClaimed(place: RecordRef, eventId: string): boolean;
}

/** A place in the log as a key. */
export function placeKey({ topic, partition, offset }: RecordRef): string {
  return `${topic}/${partition}/${offset}`;
}

/** Creates an empty ledger. */
export function createLedger(): Ledger {
  const entries = new Map<string, GrowingEntry>();
  const plans = new Map<string, GrowingEntry[]>();
  const claims = new Map<string, Set<string>>();

  const entryOf = (topic: string, eventId: string): GrowingEntry => {
    const schema = versionOf(topic).name;
    const key = `${schema} ${eventId}`;
    let entry = entries.get(key);
    if (entry === undefined) {
      entry = { schema, eventId, turn: undefined, acks: [], rejected: undefined, indefinite: false };
      entries.set(key, entry);
    }
    return entry;
  };
  return {
    plan({ topic, eventId, conversationId, messageId }) {
      const entry = entryOf(topic, eventId);
      if (entry.turn === undefined) {
        entry.turn = { conversationId, messageId };
        const key = `${entry.schema} ${turnKey(conversationId, messageId)}`;
        const list = plans.get(key);
        if (list === undefined) plans.set(key, [entry]);
        else list.push(entry);
      }
      return versionOf(topic);
    },
    acknowledge({ topic, eventId, partition, offset }) {
      const place = { topic, partition, offset };
      entryOf(topic, eventId).acks.push(place);
      const key = placeKey(place);
      const claimed = claims.get(key);
      if (claimed === undefined) claims.set(key, new Set([eventId]));
      else claimed.add(eventId);
    },
    reject({ topic, eventId, error }) {
      entryOf(topic, eventId).rejected = { topic, error };
    },
    leaveOpen({ topic, eventId }) {
      entryOf(topic, eventId).indefinite = true;
    },
    plannedFor: (turn) => plans.get(`${turn.schema.name} ${turnKey(turn.conversationId, turn.messageId)}`) ?? [],
    all: () => entries.values(),
    isClaimed: (place, eventId) => claims.get(placeKey(place))?.has(eventId) ?? false,
  };
}

function versionOf(topic: string): ChatSchema {
  const found = schemaOfTopic(topic);
  if (found === undefined) throw new ContractError("observation", `topic ${topic} is of no schema version`);
  return found.schema;
}
