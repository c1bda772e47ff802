import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import {
  fieldOf,
  isList,
  isMap,
  isMessage,
  type MessageValue,
  type Scalar,
  type UnknownField,
  type Value,
} from "./value.ts";

import { type Element, isZero, packable, readScalar, wireTypeOf, zeroOf } from "./wire-scalar.ts";

/** Why the reference decoder refuses bytes, and for which field where it can tell. */
export class DecodeFailure extends Error {
  override readonly name: string = "DecodeFailure";
  readonly field: DescField | undefined;
  constructor(message: string, field: DescField | undefined) {
    super(message);
    this.field = field;
  }
}

const depthLimit = 100;

/**
 * Decodes as C++, Python and Java do: a known field of a wire type that it can't have is an unknown field, an element
 * that reaches past what holds it is an error, a proto3 string is UTF-8, a number that a closed enum has not goes to
 * the unknown fields, of several values of a scalar the last counts, and messages merge.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 * @throws DecodeFailure
 */
export function referenceDecode(desc: DescMessage, bytes: Uint8Array): MessageValue {
  return decode(desc, bytes, 1);
}

function decode(desc: DescMessage, bytes: Uint8Array, depth: number): MessageValue {
  if (depth > depthLimit) throw new DecodeFailure(`nested more than ${depthLimit} deep`, undefined);
  const fields = new Map<number, Value>();
  const unknown: UnknownField[] = [];
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    let field: DescField | undefined;
    try {
      const [no, wireType] = reader.tag();
      if (wireType === WireType.EndGroup) throw new Error("a group ends that did not begin");
      field = fieldOf(desc, no);
      if (field === undefined || !accepts(field, wireType)) {
        unknown.push({ no, wireType, data: reader.skip(wireType, no) });
      } else {
        read(field, wireType, reader, fields, unknown, depth);
      }
    } catch (cause) {
      if (cause instanceof DecodeFailure) throw cause;
      throw new DecodeFailure((cause as Error).message, field);
    }
  }
  for (const field of desc.fields) {
    if (field.presence === FeatureSet_FieldPresence.LEGACY_REQUIRED && !fields.has(field.number)) {
      throw new DecodeFailure(`required field ${field.name} is missing`, field);
    }
  }
  dropDefaults(desc, fields);
  return { kind: "message", desc, fields, unknown };
}

/** A zero of a field without presence says nothing: it is as if it had not been written. */
function dropDefaults(desc: DescMessage, fields: Map<number, Value>): void {
  for (const [number, value] of fields) {
    const field = fieldOf(desc, number);
    if (field?.presence !== FeatureSet_FieldPresence.IMPLICIT) continue;
    if (isMessage(value) || isMap(value)) continue;
    if (isList(value) ? value.length === 0 : isZero(value)) fields.delete(number);
  }
}

function read(
  field: DescField,
  wireType: WireType,
  reader: BinaryReader,
  fields: Map<number, Value>,
  unknown: UnknownField[],
  depth: number,
): void {
  const held = fields.get(field.number);
  switch (field.fieldKind) {
    case "map": {
      const entry = entryOf(field, reader.bytes(), depth);
      const entries = new Map(held !== undefined && isMap(held) ? held.entries : []);
      entries.set(String(entry.key), entry);
      fields.set(field.number, { kind: "map", entries });
      return;
    }
    case "list": {
      const items = held !== undefined && isList(held) ? held : [];
      if (field.message !== undefined) {
        fields.set(field.number, [...items, decode(field.message, content(field, wireType, reader), depth + 1)]);
        return;
      }
      const type = field.enum ?? field.scalar;
      const elements: Value[] = [];
      const take = (from: BinaryReader): void => {
        const value = readScalar(type, from, field);
        if (isClosedOut(type, value))
          unknown.push({ no: field.number, wireType: WireType.Varint, data: varint(value) });
        else elements.push(value);
      };
      if (wireType === WireType.LengthDelimited && packable(type)) {
        const run = new BinaryReader(reader.bytes());
        while (run.pos < run.len) take(run);
      } else {
        take(reader);
      }
      if (items.length + elements.length > 0) fields.set(field.number, [...items, ...elements]);
      return;
    }
    case "message": {
      const value = decode(field.message, content(field, wireType, reader), depth + 1);
      clearOneof(field, fields);
      fields.set(field.number, held !== undefined && isMessage(held) ? merge(held, value) : value);
      return;
    }
    default: {
      const type = field.enum ?? field.scalar;
      const value = readScalar(type, reader, field);
      if (isClosedOut(type, value)) {
        unknown.push({ no: field.number, wireType, data: varint(value) });
        return;
      }
      clearOneof(field, fields);
      fields.set(field.number, value);
    }
  }
}

function clearOneof(field: DescField, fields: Map<number, Value>): void {
  for (const arm of field.oneof?.fields ?? []) if (arm !== field) fields.delete(arm.number);
}

function merge(into: MessageValue, from: MessageValue): MessageValue {
  const fields = new Map(into.fields);
  for (const [number, value] of from.fields) {
    const held = fields.get(number);
    const field = fieldOf(into.desc, number);
    if (field !== undefined) clearOneof(field, fields);
    if (held === undefined) fields.set(number, value);
    else if (isList(held) && isList(value)) fields.set(number, [...held, ...value]);
    else if (isMap(held) && isMap(value))
      fields.set(number, { kind: "map", entries: new Map([...held.entries, ...value.entries]) });
    else if (isMessage(held) && isMessage(value)) fields.set(number, merge(held, value));
    else fields.set(number, value);
  }
  return { ...into, fields, unknown: [...into.unknown, ...from.unknown] };
}

/** The bytes of a sub-message, length-delimited or a group. */
function content(field: DescField, wireType: WireType, reader: BinaryReader): Uint8Array {
  if (wireType === WireType.LengthDelimited) return reader.bytes();
  const data = reader.skip(wireType, field.number);
  let tag = field.number * 8 + WireType.EndGroup;
  let length = 1;
  while (tag >= 128) {
    tag = Math.floor(tag / 128);
    length += 1;
  }
  return data.subarray(0, data.length - length);
}

function entryOf(
  field: DescField & { fieldKind: "map" },
  bytes: Uint8Array,
  depth: number,
): { key: Scalar; value: Value } {
  let key: Scalar = zeroOf(field.mapKey);
  let value: Value =
    field.message === undefined
      ? field.enum === undefined
        ? zeroOf(field.scalar)
        : 0
      : { kind: "message", desc: field.message, fields: new Map(), unknown: [] };
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [no, wireType] = reader.tag();
    if (no === 1 && wireType === wireTypeOf(field.mapKey)) {
      key = readScalar(field.mapKey, reader, field);
    } else if (no === 2 && field.message !== undefined && wireType === WireType.LengthDelimited) {
      value = decode(field.message, reader.bytes(), depth + 1);
    } else if (no === 2 && field.message === undefined && wireType === wireTypeOf(field.enum ?? field.scalar)) {
      value = readScalar(field.enum ?? field.scalar, reader, field);
    } else {
      reader.skip(wireType, no);
    }
  }
  return { key, value };
}

function isClosedOut(type: Element, value: Scalar): value is number {
  return typeof type === "object" && !type.open && type.value[value as number] === undefined;
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return Uint8Array.from([...bytes, Number(rest)]);
}

function accepts(field: DescField, wireType: WireType): boolean {
  if (field.fieldKind === "map") return wireType === WireType.LengthDelimited;
  if (field.message !== undefined) {
    const group = "delimitedEncoding" in field && field.delimitedEncoding;
    return wireType === (group ? WireType.StartGroup : WireType.LengthDelimited);
  }
  const type = field.enum ?? field.scalar;
  return (
    wireType === wireTypeOf(type) ||
    (field.fieldKind === "list" && wireType === WireType.LengthDelimited && packable(type))
  );
}
