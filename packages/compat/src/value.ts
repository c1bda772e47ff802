import { create, type DescField, type DescMessage, type Message } from "@bufbuild/protobuf";
import { type ReflectList, type ReflectMap, type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";

/** A field of a number that the type has not: the bytes after its tag. */
export type UnknownField = NonNullable<Message["$unknown"]>[number];

/** A scalar or the number of an enum value. */
export type Scalar = number | bigint | string | boolean | Uint8Array;

/** A map field: its entries by the text of their key. */
export interface MapValue {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, { readonly key: Scalar; readonly value: Value }>;
}

/**
 * A message without the shape that generated code gives it: what is set, by field number. Two versions of a type can be
 * compared and changed in this form, whatever their names are.
 */
export interface MessageValue {
  readonly kind: "message";
  readonly desc: DescMessage;
  /** Set fields. A scalar without presence is in it only when it is not zero; lists and maps only when not empty. */
  readonly fields: ReadonlyMap<number, Value>;
  readonly unknown: readonly UnknownField[];
}

/** What a field holds. */
export type Value = Scalar | MessageValue | MapValue | readonly Value[];

/** Whether a value is a message. */
export function isMessage(value: Value): value is MessageValue {
  return typeof value === "object" && "kind" in value && value.kind === "message";
}

/** Whether a value is a map. */
export function isMap(value: Value): value is MapValue {
  return typeof value === "object" && "kind" in value && value.kind === "map";
}

/** Whether a value is a list. (Bytes are a scalar.) */
export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** A message of protobuf-es as a value. */
export function fromMessage(desc: DescMessage, message: Message): MessageValue {
  return fromReflect(reflect(desc, message));
}

function fromReflect(message: ReflectMessage): MessageValue {
  const fields = new Map<number, Value>();
  for (const field of message.sortedFields) {
    if (message.isSet(field)) fields.set(field.number, fromHeld(message.get(field)));
  }
  return { kind: "message", desc: message.desc, fields, unknown: message.getUnknown() ?? [] };
}

type Held = Scalar | ReflectMessage | ReflectList | ReflectMap;

function fromHeld(held: Held): Value {
  if (typeof held !== "object" || held instanceof Uint8Array) return held;
  if ("desc" in held) return fromReflect(held);
  if ("add" in held) return [...held].map((item) => fromHeld(item as Held));
  const entries = new Map(
    [...held].map(([key, value]) => [String(key), { key: key as Scalar, value: fromHeld(value as Held) }]),
  );
  return { kind: "map", entries };
}

/** A value as a message of protobuf-es, unknown fields included. */
export function toMessage(value: MessageValue): Message {
  return toReflect(value).message;
}

function toReflect(value: MessageValue): ReflectMessage {
  const message = reflect(value.desc, create(value.desc));
  for (const [number, held] of value.fields) {
    const field = message.findNumber(number);
    if (field !== undefined) setField(message, field, held);
  }
  if (value.unknown.length > 0) message.setUnknown([...value.unknown]);
  return message;
}

function setField(message: ReflectMessage, field: DescField, held: Value): void {
  if (isList(held)) {
    const list = message.get(field) as ReflectList;
    for (const item of held) list.add(isMessage(item) ? toReflect(item) : item);
  } else if (isMap(held)) {
    const map = message.get(field) as ReflectMap;
    for (const { key, value } of held.entries.values()) map.set(key, isMessage(value) ? toReflect(value) : value);
  } else {
    message.set(field, isMessage(held) ? toReflect(held) : held);
  }
}

/** The field of a number. */
export function fieldOf(desc: DescMessage, number: number): DescField | undefined {
  let index = byNumber.get(desc);
  if (index === undefined) {
    index = new Map(desc.fields.map((field) => [field.number, field]));
    byNumber.set(desc, index);
  }
  return index.get(number);
}

const byNumber = new WeakMap<DescMessage, ReadonlyMap<number, DescField>>();

/** A copy with one field replaced, or without it when `held` is undefined. */
export function withField(message: MessageValue, number: number, held: Value | undefined): MessageValue {
  const fields = new Map(message.fields);
  if (held === undefined) fields.delete(number);
  else fields.set(number, held);
  return { ...message, fields };
}
