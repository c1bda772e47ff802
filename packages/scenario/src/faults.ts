import { parseDuration } from "@ondash/core";
import {
  type AnyEnvelope,
  type ChatSchema,
  chatSchemas,
  cloudEventHeaders,
  encodeEnvelope,
  eventKinds,
  isSchemasError,
  type OutgoingRecord,
  partitionOf,
  type RecordHeader,
} from "@ondash/schemas";
import { corrupt } from "./corrupt.ts";
import { unknownName } from "./definition.ts";
import { errorOf, type Problem } from "./error.ts";
import type { Fault } from "./file-types.ts";
import { isMisfit, type Misfit } from "./misfit.ts";
import type { PlannedEvent, PlannedSend } from "./plan-types.ts";
import type { PlacedFault } from "./read-faults.ts";
import { setField } from "./set-field.ts";
import { isHeld } from "./timing.ts";

/** A send while faults are applied to it. */
export interface DraftSend {
  readonly event: PlannedEvent;
  readonly eventId: string;
  /** What its value says; undefined once a fault has damaged or emptied the value. */
  readonly envelope: AnyEnvelope | undefined;
  readonly record: OutgoingRecord;
  readonly at: number;
  readonly held: boolean;
  readonly fault: string | undefined;
  readonly awaits: PlannedSend["awaits"];
}

/** What faults need to know of the plan. */
export interface FaultContext {
  readonly schema: ChatSchema;
  /** Whether the other version is published beside this one. */
  readonly dual: boolean;
  readonly partitions: number;
  /** The id of the n-th re-minted copy of an event. */
  readonly newEventId: (index: number, nth: number) => string;
}

const utf8 = new TextEncoder();

/**
 * Applies faults to the sends, one after another: each sees what those before it left. What a fault does not name stays
 * as it is: `set` changes the value (and the headers that are made from it), not the key; `key` recomputes the partition.
 * @throws ScenarioError for values that do not fit, all of them.
 */
export function applyFaults(
  drafts: readonly DraftSend[],
  faults: readonly PlacedFault[],
  context: FaultContext,
): readonly DraftSend[] {
  const problems: Problem[] = [];
  let sends = drafts;
  for (const { fault, targets, place } of faults) {
    if (!strikes(fault, context)) continue;
    const changed = applyFault(sends, fault, targets, context);
    if (isMisfit(changed)) problems.push({ location: place(changed.member), text: `${fault.do}: ${changed.misfit}` });
    else sends = changed;
  }
  if (problems.length > 0) throw errorOf(problems);
  return sends;
}

/**
 * Whether a fault concerns this version. Of two that are published side by side it strikes chat.v2 unless it names the
 * other; a producer that dies (`stop`) takes both with it.
 */
function strikes(fault: Fault, { schema, dual }: FaultContext): boolean {
  if (fault.version !== undefined) return fault.version === schema.name;
  return !dual || fault.do === "stop" || schema.name === "chat.v2";
}

function applyFault(
  sends: readonly DraftSend[],
  fault: Fault,
  [target = 0, other = 0]: readonly number[],
  context: FaultContext,
): readonly DraftSend[] | Misfit {
  if (fault.do === "stop") return sends.filter(({ event }) => event.index <= target);
  if (fault.do === "swap") return swap(sends, target, other);
  const result: DraftSend[] = [];
  for (const send of sends) {
    if (send.event.index !== target) {
      result.push(send);
      continue;
    }
    const nth = result.filter(({ event }) => event.index === target).length + 1;
    const changed = strike(send, fault, nth, context);
    if (isMisfit(changed)) return changed;
    result.push(...changed.map((each) => (each === send ? each : { ...each, fault: fault.do })));
  }
  return result;
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
  nth: number,
  context: FaultContext,
): readonly DraftSend[] | Misfit {
  const { record } = send;
  switch (fault.do) {
    case "drop":
      return [];
    case "duplicate": {
      // A copy is a struck send, even of the same bytes.
      if (fault.same_id ?? true) return [send, { ...send }];
      if (send.envelope === undefined) return DAMAGED;
      const eventId = context.newEventId(send.event.index, nth);
      const reminted = changeEnvelope(send, { ...send.envelope, eventId }, context);
      return isMisfit(reminted) ? reminted : [send, { ...reminted, eventId }];
    }
    case "delay": {
      const at = send.at + parseDuration(fault.by);
      return isHeld(at * 1e6) ? [{ ...send, at }] : { member: "by", misfit: "expected at most 100 days" };
    }
    case "late":
      return [{ ...send, held: true }];
    case "corrupt": {
      if (record.value === null) return DAMAGED;
      const value = corrupt(record.value, fault);
      return isMisfit(value) ? value : [{ ...send, envelope: undefined, record: { ...record, value } }];
    }
    case "set": {
      if (send.envelope === undefined) return DAMAGED;
      const envelope = setField(context.schema.envelope, send.envelope, fault.path, fault.value);
      if (isMisfit(envelope)) return envelope;
      const changed = changeEnvelope(send, envelope, context);
      return isMisfit(changed) ? changed : [changed];
    }
    case "header":
      return header(send, fault);
    case "key": {
      if (!isWellFormed(fault.value)) return loneSurrogate("value");
      const key = fault.value === null ? null : utf8.encode(fault.value);
      const partition = key === null ? record.partition : partitionOf(key, context.partitions);
      return [{ ...send, record: { ...record, key, partition } }];
    }
    case "partition":
      if (fault.value < context.partitions) return [{ ...send, record: { ...record, partition: fault.value } }];
      return {
        member: "value",
        misfit: `the topics have the partitions 0 to ${context.partitions - 1}, not ${fault.value}`,
      };
    case "topic": {
      const kind = eventKinds.find((known) => known === fault.value);
      const topic = kind === undefined ? fault.value : context.schema.topics[kind];
      const topics = chatSchemas.flatMap(({ topicList }) => topicList);
      if (topics.includes(topic)) return [{ ...send, record: { ...record, topic } }];
      return { member: "value", misfit: unknownName("topic", fault.value, [...eventKinds, ...topics]) };
    }
    case "tombstone":
      return [{ ...send, envelope: undefined, record: { ...record, value: null } }];
    default:
      throw new TypeError(`no fault ${String(fault satisfies never)}`);
  }
}

const DAMAGED: Misfit = {
  member: "do",
  misfit: "an earlier fault has damaged or emptied the value; put this one before it",
};

function loneSurrogate(member: string): Misfit {
  return { member, misfit: "a lone surrogate, which UTF-8 can't hold" };
}

function isWellFormed(text: string | null): boolean {
  return text === null || text.isWellFormed();
}

function header(send: DraftSend, { name, value }: Extract<Fault, { do: "header" }>): readonly DraftSend[] | Misfit {
  if (!isWellFormed(name)) return loneSurrogate("name");
  if (!isWellFormed(value)) return loneSurrogate("value");
  const others = send.record.headers.filter(([other]) => other !== name);
  const headers: RecordHeader[] = value === null ? others : [...others, [name, utf8.encode(value)]];
  return [{ ...send, record: { ...send.record, headers } }];
}

/**
 * Another envelope for a send: new value, and CloudEvents headers that follow it as far as no fault has changed them;
 * the same topic, key and partition.
 */
function changeEnvelope(send: DraftSend, envelope: AnyEnvelope, { schema }: FaultContext): DraftSend | Misfit {
  try {
    const value = encodeEnvelope(schema, envelope);
    const headers = followHeaders(send, envelope, schema);
    return { ...send, envelope, record: { ...send.record, value, headers } };
  } catch (error) {
    if (!isSchemasError(error)) throw error;
    return { member: "value", misfit: error.message.replace(/^\[[\w-]+\] /, "") };
  }
}

function followHeaders(send: DraftSend, envelope: AnyEnvelope, schema: ChatSchema): readonly RecordHeader[] {
  const { headers } = send.record;
  const before = headersOf(send.envelope, schema);
  const after = headersOf(envelope, schema);
  // Without an event or a timestamp there is nothing to make them from: they stay as they were.
  if (before === undefined || after === undefined) return headers;
  return headers.map(([name, value]) => {
    const made = before.get(name);
    return [name, made !== undefined && isSame(made, value) ? (after.get(name) ?? value) : value];
  });
}

function headersOf(envelope: AnyEnvelope | undefined, schema: ChatSchema): ReadonlyMap<string, Uint8Array> | undefined {
  if (envelope === undefined || !schema.cloudEvents) return undefined;
  try {
    return new Map(cloudEventHeaders(schema, envelope).map(([name, value]) => [name, value ?? new Uint8Array(0)]));
  } catch (error) {
    if (isSchemasError(error)) return undefined;
    throw error;
  }
}

function isSame(one: Uint8Array, other: Uint8Array | null): boolean {
  return other !== null && one.length === other.length && one.every((byte, index) => byte === other[index]);
}
