import { toJson } from "@bufbuild/protobuf";
import { foldMessage } from "@ondash/contract";
import { createRandom, type Random } from "@ondash/core";
import {
  type AnyEnvelope,
  type ChatSchema,
  chatV1,
  chatV2,
  encodeRecord,
  type OutgoingRecord,
  partitionOf,
  type RecordHeader,
  upcast,
} from "@ondash/schemas";
import { validTurn } from "@ondash/schemas/arbitraries";
import type { EventEnvelope } from "@ondash/schemas/chat/v1";
import fc from "fast-check";
import { isFinal } from "../support/operators.ts";
import { copy } from "../support/world.ts";
import { wireFields, writtenOtherwise } from "./wire-fields.ts";

/** Characters of a serial number in an id. */
const DIGITS = 8;
const DAY = 86_400;

/** Which turn a stamped template is to be. */
export interface Stamp {
  /** Serial of the conversation, and of the turn: 0 … 36⁸ − 1. */
  readonly conversation: number;
  readonly turn: number;
  readonly partitions: number;
  /** Days that all timestamps are moved by. */
  readonly days: number;
}

/** A stamped event. */
export interface StampedEvent {
  readonly eventId: string;
  readonly record: OutgoingRecord;
  /** A completion that vouches for everything before it: chat.v2's final one, chat.v1's of a task or the conversation. */
  readonly ends: boolean;
}

/**
 * A legal turn in one version, encoded once: stamping it makes another turn of it with ids and timestamps of its own, at
 * the price of copying its bytes.
 */
export interface Template {
  readonly schema: ChatSchema;
  readonly events: number;
  stamp(stamp: Stamp): { readonly conversationId: string; readonly messageId: string; readonly events: StampedEvent[] };
  /** The stored message that the stamped turn adds up to, as ProtoJSON. */
  message(stamp: Stamp): unknown;
}

/** A turn in the versions in which it is published. */
export interface TurnTemplate {
  readonly versions: readonly Template[];
  readonly endsConversation: boolean;
}

/** Which versions are published. "both": each turn in the one, the other, or both. */
export type Published = "chat.v1" | "chat.v2" | "both";

/** What turns are like; see `validTurn`. */
export interface Shape {
  readonly tasks: number;
  readonly length: number;
  /** Whether, in chat.v1, events of the turn itself may follow its last completion. */
  readonly trailing: boolean;
}

/** Legal turns to draw from. */
export interface TemplatePool {
  readonly turns: readonly TurnTemplate[];
}

const utf8 = new TextEncoder();

/**
 * Draws legal turns.
 * @param seed of the draw: the same seed gives the same turns.
 */
export function createPool(published: Published, shape: Shape, seed: number, size = 240): TemplatePool {
  const random = createRandom(seed);
  const sample = <S extends ChatSchema>(schema: S, count: number, trailing = false): ReturnType<typeof turnsOf<S>> =>
    turnsOf(schema, { ...shape, trailing }, seed, count);
  const single = (schema: ChatSchema, events: readonly AnyEnvelope[]): TurnTemplate =>
    turnOf([[schema, events]], random);
  const dual = (events: readonly EventEnvelope[]): TurnTemplate =>
    turnOf(
      [
        [chatV1, events],
        [chatV2, upcast(events)],
      ],
      random,
    );
  const v1 = (count: number): TurnTemplate[] =>
    sample(chatV1, count)
      .concat(shape.trailing ? sample(chatV1, Math.ceil(count / 4), true) : [])
      .map((events) => single(chatV1, events));
  const v2 = (count: number): TurnTemplate[] => sample(chatV2, count).map((events) => single(chatV2, events));
  if (published === "chat.v1") return { turns: v1(size) };
  if (published === "chat.v2") return { turns: v2(size) };
  const third = Math.ceil(size / 3);
  return { turns: [...v1(third), ...v2(third), ...sample(chatV1, third).map(dual)] };
}

function turnsOf<S extends ChatSchema>(
  schema: S,
  options: { tasks: number; length: number; trailing: boolean },
  seed: number,
  numRuns: number,
) {
  // By default fast-check hardly makes lists of more than ten elements, whatever they may have at most.
  const { baseSize = "small" } = fc.readConfigureGlobal();
  fc.configureGlobal({ ...fc.readConfigureGlobal(), baseSize: options.length > 10 ? "medium" : "small" });
  try {
    return fc.sample(validTurn(schema, options), { seed, numRuns }).map(({ events }) => events);
  } finally {
    fc.configureGlobal({ ...fc.readConfigureGlobal(), baseSize });
  }
}

function turnOf(versions: readonly (readonly [ChatSchema, readonly AnyEnvelope[]])[], random: Random): TurnTemplate {
  const [first] = versions;
  return {
    versions: versions.map(([schema, events]) => templateOf(schema, events, random)),
    endsConversation: first?.[1].some(({ event }) => event.case === "completion" && event.value.type === 2) ?? false,
  };
}

interface EncodedEvent {
  readonly topic: string;
  readonly value: Uint8Array;
  readonly at: {
    readonly event: number;
    readonly conversation: number;
    readonly message: number;
    readonly seconds: number;
  };
  readonly seconds: number;
  /** `ce_time` behind the date. */
  readonly time: string;
  readonly headers: readonly RecordHeader[];
  readonly ends: boolean;
  readonly eventId: string;
}

/**
 * Encodes a legal turn so that it can be stamped.
 * @param random if it is given, some events are written as another encoder might, or carry other headers besides.
 */
export function templateOf(schema: ChatSchema, turn: readonly AnyEnvelope[], random?: Random): Template {
  const room = "-".repeat(DIGITS);
  const [head] = turn;
  const base = { conversation: `${head?.conversationId}~`, message: `${head?.messageId}~` };
  const envelopes = turn.map((event) => {
    const copied = copy(schema, event);
    copied.conversationId = base.conversation + room;
    copied.messageId = base.message + room;
    copied.eventId = room + event.eventId.slice(DIGITS);
    return copied;
  });
  const encoded = envelopes.map((envelope) => encodeEvent(schema, envelope, random));
  let folded: Record<string, unknown> | undefined;
  return {
    schema,
    events: encoded.length,
    stamp({ conversation, turn: serial, partitions, days }) {
      const [conversationSerial, turnSerial] = [digits(conversation), digits(serial)];
      const conversationId = base.conversation + conversationSerial;
      const key = utf8.encode(conversationId);
      const partition = partitionOf(key, partitions);
      const events = encoded.map((event): StampedEvent => {
        const value = event.value.slice();
        put(value, event.at.event, turnSerial);
        put(value, event.at.conversation, conversationSerial);
        put(value, event.at.message, turnSerial);
        const seconds = event.seconds + days * DAY;
        putVarint(value, event.at.seconds, seconds);
        const eventId = turnSerial + event.eventId.slice(DIGITS);
        const headers = event.headers.map((header): RecordHeader => {
          if (header[0] === "ce_id") return [header[0], utf8.encode(eventId)];
          if (header[0] === "ce_subject") return [header[0], key];
          if (header[0] === "ce_time") return [header[0], utf8.encode(dateOf(seconds) + event.time)];
          return header;
        });
        const record = { topic: event.topic, partition, key, headers, value };
        return { eventId, record, ends: event.ends };
      });
      return { conversationId, messageId: base.message + turnSerial, events };
    },
    message({ conversation, turn: serial }) {
      folded ??= toJson(schema.message, foldMessage(schema, envelopes) as never) as Record<string, unknown>;
      const conversationId = base.conversation + digits(conversation);
      return { ...folded, id: base.message + digits(serial), conversationId };
    },
  };
}

function encodeEvent(schema: ChatSchema, envelope: AnyEnvelope, random: Random | undefined): EncodedEvent {
  const origin = random !== undefined && random.unit() < 0.3 ? { producer: "a/b", traceparent: "00-0-0-00" } : {};
  const record = encodeRecord(schema, envelope, 1, origin);
  const plain = record.value ?? new Uint8Array();
  const value = random !== undefined && random.unit() < 0.3 ? writtenOtherwise(plain, random) : plain;
  const fields = new Map(wireFields(value).map((field) => [field.number, field]));
  const endOf = (number: number): number => {
    const field = fields.get(number);
    if (field === undefined) throw new Error(`field ${number} of ${envelope.eventId} is not set`);
    return field.to;
  };
  const time = record.headers.find(([name]) => name === "ce_time")?.[1];
  const seconds = Number(envelope.timestamp?.seconds ?? 0n);
  const timestamp = fields.get(5);
  // A tag (08) and a varint of five bytes, as all seconds from 1978 to 3058 have.
  if (timestamp === undefined || value[timestamp.from] !== 0x08 || seconds < 2 ** 28 || seconds >= 2 ** 31) {
    throw new Error(`the timestamp of ${envelope.eventId} can't be moved`);
  }
  return {
    topic: schema.topics[envelope.event.case ?? "status"],
    value,
    at: {
      event: endOf(1) - utf8.encode(envelope.eventId).length,
      conversation: endOf(2) - DIGITS,
      message: endOf(3) - DIGITS,
      seconds: timestamp.from + 1,
    },
    seconds,
    time: time === undefined || time === null ? "" : new TextDecoder().decode(time).slice(10),
    headers: record.headers,
    ends: schema.sequenced ? isFinal(envelope) : envelope.event.case === "completion",
    eventId: envelope.eventId,
  };
}

const dates = new Map<number, string>();

function dateOf(seconds: number): string {
  const day = Math.floor(seconds / DAY);
  let text = dates.get(day);
  if (text === undefined) dates.set(day, (text = new Date(day * DAY * 1_000).toISOString().slice(0, 10)));
  return text;
}

function digits(serial: number): string {
  return serial.toString(36).padStart(DIGITS, "0");
}

function put(bytes: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
}

function putVarint(bytes: Uint8Array, at: number, value: number): void {
  for (let i = 0; i < 4; i++) bytes[at + i] = ((value >>> (7 * i)) & 0x7f) | 0x80;
  bytes[at + 4] = value >>> 28;
}
