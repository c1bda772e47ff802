import { type ChatSchema, type SchemaName, schemaOfTopic } from "@ondash/schemas";
import { ContractError } from "./error.ts";
import type { ContractEvent, SoundEvent } from "./event.ts";
import { nameRecord } from "./finding.ts";
import { contentHash } from "./hash.ts";
import type { Logs } from "./log/logs.ts";
import type { RecordObservation } from "./observation.ts";
import type { Outcomes, ScopeOwner } from "./outcomes.ts";
import { decodeRecord } from "./record/decode.ts";
import { textOfKey } from "./record/key-rules.ts";
import { recordRules } from "./record/record-rules.ts";
import type { RecordRef } from "./run-result.ts";

/** What becomes of a record that was read for the first time. */
export interface RecordTakers {
  /** It is sound: its event belongs to its turn. */
  take(schema: ChatSchema, event: SoundEvent, place: RecordRef): void;
  /** It breaks a REC rule, and its turn is known all the same. `ends`: it would have ended the turn. */
  spoilTurn(schema: ChatSchema, event: ContractEvent, place: RecordRef, ends: boolean, why: string): void;
  /** It breaks a REC rule, and its turn is not known; null: neither is its conversation. */
  spoilConversation(schema: ChatSchema, conversationId: string | null, why: string): void;
  /** It decodes, whatever else. */
  show(schema: ChatSchema, event: ContractEvent, place: RecordRef): void;
}

/** Reads records: tells redeliveries from new ones, decodes, judges the REC rules. */
export interface Intake {
  record(record: RecordObservation, partitions: number): void;
  readonly records: number;
  readonly redeliveries: number;
  readonly schemas: ReadonlySet<SchemaName>;
}

/** Creates the intake. */
export function createIntake(logs: Logs, outcomes: Outcomes, takers: RecordTakers): Intake {
  const schemas = new Set<SchemaName>();
  let records = 0;
  let redeliveries = 0;

  const spoil = (
    schema: ChatSchema,
    record: RecordObservation,
    event: ContractEvent | undefined,
    rule: string,
  ): void => {
    const why = `${nameRecord(record)} breaks ${rule}`;
    if (event !== undefined && event.conversationId !== "" && event.messageId !== "") {
      const { body } = event;
      const ends = body?.kind === "completion" && (!schema.sequenced || body.lastSequence !== 0);
      takers.spoilTurn(schema, event, placeOf(record), ends, why);
    } else takers.spoilConversation(schema, textOfKey(record.key) || null, why);
  };
  return {
    schemas,
    get records() {
      return records;
    },
    get redeliveries() {
      return redeliveries;
    },
    record(record, partitions) {
      const schema = schemaOfTopic(record.topic)?.schema;
      if (schema === undefined) throw new ContractError("observation", `topic ${record.topic} is of no schema version`);
      const { topic, partition, offset } = record;
      const log = logs.at(topic, partition);
      const { floor = Number.NEGATIVE_INFINITY } = log;
      if (offset < floor) {
        throw new ContractError("observation", `${nameRecord(record)} lies below the start offset ${floor}`);
      }
      const hash = contentHash(record);
      if (log.arrive(offset) === "again") {
        redeliveries++;
        const first = log.recall(offset);
        log.redeliver(offset, first && first.hash === hash);
        return;
      }
      records++;
      schemas.add(schema.name);
      const decoded = decodeRecord(schema, record.value);
      const event = decoded.ok ? decoded.event : undefined;
      log.remember(offset, { hash, eventId: event?.eventId });
      // -1 is Kafka's way to say that there is none.
      const { leaderEpoch = -1 } = record;
      if (leaderEpoch >= 0) log.epoch(offset, leaderEpoch);
      const facts = { record, schema, partitions, decoded };
      const broken = outcomes.report(
        ownerOf(schema, record, event),
        recordRules.map(([id, rule]) => [id, rule(facts)]),
      );
      if (event !== undefined) takers.show(schema, event, placeOf(record));
      if (broken !== undefined) spoil(schema, record, event, broken);
      else if (event !== undefined) takers.take(schema, soundOf(event), placeOf(record));
    },
  };
}

function placeOf({ topic, partition, offset }: RecordRef): RecordRef {
  return { topic, partition, offset };
}

/** Whom a record is charged to: its envelope's turn, else the conversation of its key. */
function ownerOf(schema: ChatSchema, record: RecordObservation, event: ContractEvent | undefined): ScopeOwner {
  const conversationId = event?.conversationId || textOfKey(record.key) || null;
  return { schema: schema.name, conversationId, messageId: event?.messageId || null };
}

/** A record that breaks no rule of severity error has a body and a timestamp: REC-02 and REC-08 saw to it. */
function soundOf(event: ContractEvent): SoundEvent {
  const { body, timestamp } = event;
  if (body === undefined || timestamp === undefined) {
    throw new ContractError("observation", "a sound event has a body and a timestamp");
  }
  return { ...event, body, timestamp };
}
