import type { Observation } from "@ondash/contract";
import type { AnyEnvelope, ChatSchema, OutgoingRecord } from "@ondash/schemas";
import { wholeRun } from "./log.ts";
import { type Legal, type Operator, pickIndex } from "./operators.ts";
import { copy, edit, encode, withEnvelope, world } from "./world.ts";

function runOf(schema: ChatSchema, records: readonly OutgoingRecord[]): Observation[] {
  const { log, records: appended } = world(schema, records);
  return wholeRun(log, appended);
}

/** One record of the turn is replaced. */
export function onRecord(
  change: (record: OutgoingRecord, legal: Legal) => OutgoingRecord | undefined,
): Operator["mutate"] {
  return (legal) => {
    const { schema, events, random } = legal;
    const records = encode(schema, events);
    const index = random.int(0, records.length - 1);
    const record = records[index];
    const changed = record === undefined ? undefined : change(record, legal);
    return changed === undefined ? undefined : runOf(schema, records.with(index, changed));
  };
}

/** One envelope is changed in its bytes only: topic, key and headers stay as they were. */
export function onBytes(
  suits: (event: AnyEnvelope) => boolean,
  change: (event: AnyEnvelope, legal: Legal) => void,
): Operator["mutate"] {
  return (legal) => {
    const { schema, events } = legal;
    const index = pickIndex(legal, suits);
    const event = index === undefined ? undefined : events[index];
    if (index === undefined || event === undefined) return undefined;
    const changed = copy(schema, event);
    change(changed, legal);
    const records = encode(schema, events);
    const record = records[index];
    return record === undefined ? undefined : runOf(schema, records.with(index, withEnvelope(schema, record, changed)));
  };
}

/** One envelope is changed, and its record made of what it is then. */
export function onEnvelope(
  suits: (event: AnyEnvelope) => boolean,
  change: (event: AnyEnvelope, legal: Legal) => void,
): Operator["mutate"] {
  return (legal) => {
    const index = pickIndex(legal, suits);
    if (index === undefined) return undefined;
    return runOf(
      legal.schema,
      encode(
        legal.schema,
        edit(legal.schema, legal.events, index, (event) => change(event, legal)),
      ),
    );
  };
}

/** The record with bytes behind its value. */
export const append = (record: OutgoingRecord, ...bytes: number[]): OutgoingRecord => ({
  ...record,
  value: Uint8Array.from([...(record.value ?? []), ...bytes]),
});

/** Suits every event. */
export const any = (): boolean => true;
