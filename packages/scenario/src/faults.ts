import { parseDuration } from "@ondash/core";
import {
  type AnyEnvelope,
  type ChatSchema,
  chatSchemas,
  cloudEventHeaders,
  encodeEnvelope,
  encodeRecord,
  eventKinds,
  isSchemasError,
  type OutgoingRecord,
  partitionOf,
  type RecordHeader,
} from "@ondash/schemas";
import { corrupt } from "./corrupt.ts";
import { unknownName } from "./definition.ts";
import { type Problem, ScenarioError } from "./error.ts";
import type { Fault } from "./file-types.ts";
import type { PlannedEvent, PlannedSend, SourceLocation } from "./plan-types.ts";
import { setField } from "./set-field.ts";

/** A send while faults are applied to it. */
export interface DraftSend {
  readonly event: PlannedEvent;
  readonly eventId: string;
  readonly envelope: AnyEnvelope;
  readonly record: OutgoingRecord;
  readonly at: number;
  readonly held: boolean;
  readonly fault: string | undefined;
  readonly awaits: PlannedSend["awaits"];
}

export interface FaultContext {
  readonly schema: ChatSchema;
  readonly partitions: number;
  /** The id of the n-th re-minted copy of an event. */
  readonly newEventId: (index: number, nth: number) => string;
}

const utf8 = new TextEncoder();

/**
 * Applies faults to the sends, one after another: each sees what those before it left. What a fault does not name stays
 * as it is: `set` changes the value (and the headers that are made from it), not the key; `key` recomputes the partition.
 * @throws ScenarioError for a step that does not exist or a value that does not fit.
 */
export function applyFaults(
  drafts: readonly DraftSend[],
  faults: readonly { readonly fault: Fault; readonly location: SourceLocation }[],
  context: FaultContext,
): readonly DraftSend[] {
  const problems: Problem[] = [];
  let sends = drafts;
  for (const { fault, location } of faults) {
    // A fault for another version of a run that publishes one leaves it alone.
    if (fault.version !== undefined && fault.version !== context.schema.name) continue;
    const find = (step: string | number): number | undefined => {
      const index = findStep(step, drafts);
      if (typeof index === "string") problems.push({ location, text: `${fault.do}: ${index}` });
      else return index;
      return undefined;
    };
    try {
      sends = applyFault(sends, fault, find, context);
    } catch (error) {
      if (error instanceof RangeError || isSchemasError(error)) {
        problems.push({ location, text: `${fault.do}: ${error.message.replace(/^\[[\w-]+\] /, "")}` });
      } else throw error;
    }
  }
  if (problems.length > 0) throw new ScenarioError("invalid", problems);
  return sends;
}

/** The 1-based index of the event that a step id or index means, or what is wrong with it. */
function findStep(step: string | number, drafts: readonly DraftSend[]): number | string {
  if (typeof step === "number") {
    if (step <= drafts.length) return step;
    return `there is no event ${step}: the scenario has ${drafts.length}`;
  }
  const found = drafts.find(({ event }) => event.stepId === step);
  if (found !== undefined) return found.event.index;
  const ids = drafts.flatMap(({ event }) => event.stepId ?? []);
  return ids.length === 0
    ? `no step has an id; give one the id ${step}, or use its 1-based index`
    : unknownName("step", step, ids);
}

function applyFault(
  sends: readonly DraftSend[],
  fault: Fault,
  find: (step: string | number) => number | undefined,
  context: FaultContext,
): readonly DraftSend[] {
  if (fault.do === "stop") {
    const last = find(fault.after);
    return last === undefined ? sends : sends.filter(({ event }) => event.index <= last);
  }
  if (fault.do === "swap") {
    const [first, second] = fault.at.map(find);
    return first === undefined || second === undefined ? sends : swap(sends, first, second);
  }
  const index = find(fault.at);
  if (index === undefined) return sends;
  return sends.flatMap((send, position) => {
    if (send.event.index !== index) return [send];
    const changed = strike(send, fault, sends.slice(0, position + 1), context);
    return changed.map((each) => (each === send ? each : { ...each, fault: fault.do }));
  });
}

/** Exchanges two events in the order of appending. Only inside one topic: across topics there is no such order. */
function swap(sends: readonly DraftSend[], first: number, second: number): readonly DraftSend[] {
  const i = sends.findIndex(({ event }) => event.index === first);
  const j = sends.findIndex(({ event }) => event.index === second);
  const [a, b] = [sends[i], sends[j]];
  if (a === undefined || b === undefined || a.record.topic !== b.record.topic) return sends;
  const swapped = [...sends];
  // Each takes the other's time, too: what is appended first leaves first.
  swapped[i] = { ...b, at: a.at, fault: "swap" };
  swapped[j] = { ...a, at: b.at, fault: "swap" };
  return swapped;
}

type SingleFault = Exclude<Fault, { do: "stop" | "swap" }>;

function strike(
  send: DraftSend,
  fault: SingleFault,
  upTo: readonly DraftSend[],
  context: FaultContext,
): readonly DraftSend[] {
  const { record } = send;
  switch (fault.do) {
    case "drop":
      return [];
    case "duplicate": {
      if (fault.same_id ?? true) return [send, { ...send, fault: "duplicate" }];
      const nth = upTo.filter(({ event }) => event.index === send.event.index).length;
      const eventId = context.newEventId(send.event.index, nth);
      const envelope = { ...send.envelope, eventId };
      return [send, { ...send, eventId, envelope, record: encodeRecord(context.schema, envelope, context.partitions) }];
    }
    case "delay":
      return [{ ...send, at: send.at + parseDuration(fault.by) }];
    case "late":
      return [{ ...send, held: true }];
    case "corrupt":
      return [{ ...send, record: { ...record, value: corrupt(record.value ?? new Uint8Array(0), fault) } }];
    case "set": {
      const envelope = setField(context.schema.envelope, send.envelope, fault.path, fault.value);
      return [{ ...send, envelope, record: reencode(record, envelope, context.schema) }];
    }
    case "header": {
      const others = record.headers.filter(([name]) => name !== fault.name);
      const headers: RecordHeader[] =
        fault.value === null ? others : [...others, [fault.name, utf8.encode(fault.value)]];
      return [{ ...send, record: { ...record, headers } }];
    }
    case "key": {
      const key = fault.value === null ? null : utf8.encode(fault.value);
      const partition = key === null ? record.partition : partitionOf(key, context.partitions);
      return [{ ...send, record: { ...record, key, partition } }];
    }
    case "partition":
      if (fault.value >= context.partitions) {
        throw new RangeError(`the topics have the partitions 0 to ${context.partitions - 1}, not ${fault.value}`);
      }
      return [{ ...send, record: { ...record, partition: fault.value } }];
    case "topic": {
      const topic = topicOf(fault.value, context.schema);
      return [{ ...send, record: { ...record, topic } }];
    }
    case "tombstone":
      return [{ ...send, record: { ...record, value: null } }];
    default:
      throw new TypeError(`no fault ${String(fault satisfies never)}`);
  }
}

/** The record of a changed envelope: new value, headers that follow it, the same topic, key and partition. */
function reencode(record: OutgoingRecord, envelope: AnyEnvelope, schema: ChatSchema): OutgoingRecord {
  const value = encodeEnvelope(schema, envelope);
  if (!schema.cloudEvents) return { ...record, value };
  try {
    return { ...record, value, headers: cloudEventHeaders(schema, envelope) };
  } catch (error) {
    // Without an event or a timestamp there is nothing to make them from: they stay as they were.
    if (isSchemasError(error)) return { ...record, value };
    throw error;
  }
}

/** A topic by its name, or by the kind of event that belongs to it. */
function topicOf(name: string, schema: ChatSchema): string {
  const kind = eventKinds.find((known) => known === name);
  if (kind !== undefined) return schema.topics[kind];
  const topics = chatSchemas.flatMap(({ topicList }) => topicList);
  if (!topics.includes(name)) throw new RangeError(unknownName("topic", name, [...eventKinds, ...topics]));
  return name;
}
