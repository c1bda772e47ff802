import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";

/** An element of an encoded message, in a form that can be rearranged and damaged. */
export interface WireNode {
  number: number;
  wireType: number;
  /** What the schema calls it; undefined: unknown, or not looked into. */
  readonly field: DescField | undefined;
  /** The type of the nodes in `children`. */
  readonly type: MessageType | undefined;
  /** The content without tag and length: bytes, or the elements of a sub-message. */
  content: Uint8Array | WireNode[];
  /** Replaces the tag. */
  rawTag?: Uint8Array;
  /** Bytes of the tag at least. */
  tagWidth?: number;
  /** Bytes of the length at least. */
  lengthWidth?: number;
  /** Bytes that the length promises beyond those that are there; negative: fewer. */
  promise?: number;
}

/** A message type, or the entries of a map field. */
export type MessageType = DescMessage | { readonly entryOf: DescField & { fieldKind: "map" } };

/** The shape of a field of a type: its descriptor, or what stands for key and value of a map entry. */
export interface FieldShape {
  readonly name: string;
  readonly number: number;
  readonly wireType: 0 | 1 | 2 | 5;
  readonly string: boolean;
  /** Length-delimited or one by one. */
  readonly packable: boolean;
  readonly repeated: boolean;
  readonly message: MessageType | undefined;
  readonly oneof: boolean;
  /** Not set means the zero value, and setting it to that changes nothing. */
  readonly implicit: boolean;
  readonly scalar: ScalarType | undefined;
  readonly field: DescField | undefined;
}

const shapes = new Map<unknown, readonly FieldShape[]>();

/** The fields of a type. */
export function shapesOf(type: MessageType): readonly FieldShape[] {
  const id = "entryOf" in type ? type.entryOf : type;
  let known = shapes.get(id);
  if (known === undefined) {
    known = "entryOf" in type ? entryShapes(type.entryOf) : type.fields.map(shapeOf);
    shapes.set(id, known);
  }
  return known;
}

function shapeOf(field: DescField): FieldShape {
  const scalar = field.fieldKind === "map" ? undefined : field.enum ? ScalarType.INT32 : field.scalar;
  const message = field.fieldKind === "map" ? { entryOf: field } : field.message;
  return {
    name: field.name,
    number: field.number,
    ...encodingOf(scalar),
    packable: field.fieldKind === "list" && scalar !== undefined && encodingOf(scalar).wireType !== 2,
    repeated: field.fieldKind === "list" || field.fieldKind === "map",
    message,
    oneof: field.oneof !== undefined,
    implicit: field.presence === FeatureSet_FieldPresence.IMPLICIT && !field.oneof,
    scalar,
    field,
  };
}

function entryShapes(field: DescField & { fieldKind: "map" }): FieldShape[] {
  const base = { packable: false, repeated: false, oneof: false, implicit: true, field: undefined };
  const value = field.enum ? ScalarType.INT32 : field.scalar;
  return [
    { ...base, name: "key", number: 1, ...encodingOf(field.mapKey), message: undefined, scalar: field.mapKey },
    { ...base, name: "value", number: 2, ...encodingOf(value), message: field.message, scalar: value },
  ];
}

function encodingOf(scalar: ScalarType | undefined): { wireType: 0 | 1 | 2 | 5; string: boolean } {
  switch (scalar) {
    case undefined:
    case ScalarType.BYTES:
      return { wireType: 2, string: false };
    case ScalarType.STRING:
      return { wireType: 2, string: true };
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return { wireType: 1, string: false };
    case ScalarType.FLOAT:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return { wireType: 5, string: false };
    default:
      return { wireType: 0, string: false };
  }
}

/** Takes a sound encoding apart. */
export function parseWire(type: MessageType, bytes: Uint8Array): WireNode[] {
  const reader = new BinaryReader(bytes);
  const nodes: WireNode[] = [];
  while (reader.pos < bytes.length) {
    const [number, readType] = reader.tag();
    const wireType: number = readType;
    const shape = shapesOf(type).find((candidate) => candidate.number === number);
    const raw = readType === WireType.LengthDelimited ? reader.bytes() : reader.skip(readType, number);
    const known = shape && (wireType === shape.wireType || shape.packable);
    const message = known && wireType === 2 ? shape.message : undefined;
    nodes.push({
      number,
      wireType,
      field: shape?.field,
      type: message,
      content: message === undefined ? new Uint8Array(raw) : parseWire(message, raw),
    });
  }
  return nodes;
}

/** Where the parts of a node came to lie. */
export interface Place {
  readonly tag: number;
  /** Of the length, if it has one, else as `content`. */
  readonly length: number;
  readonly content: number;
  readonly end: number;
}

/** Puts nodes together. `places` learns where each lies. */
export function encodeWire(nodes: readonly WireNode[], places: Map<WireNode, Place> = new Map()): Uint8Array {
  const bytes: number[] = [];
  write(nodes, bytes, places);
  return Uint8Array.from(bytes);
}

function write(nodes: readonly WireNode[], bytes: number[], places: Map<WireNode, Place>): void {
  for (const node of nodes) {
    const tag = bytes.length;
    bytes.push(...(node.rawTag ?? varint(node.number * 8 + node.wireType, node.tagWidth)));
    const length = bytes.length;
    if (Array.isArray(node.content)) {
      // Twice: the length must be known before the places are.
      const inner = encodeWire(node.content).length;
      bytes.push(...varint(inner + (node.promise ?? 0), node.lengthWidth));
    } else if (node.wireType === 2) {
      bytes.push(...varint(node.content.length + (node.promise ?? 0), node.lengthWidth));
    }
    const content = bytes.length;
    if (Array.isArray(node.content)) write(node.content, bytes, places);
    else bytes.push(...node.content);
    places.set(node, { tag, length, content, end: bytes.length });
  }
}

/** A varint of a safe integer that is not negative, in at least `width` bytes. */
export function varint(value: number, width = 1): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push(rest % 128);
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  while (bytes.length < width) bytes.push(0);
  return Uint8Array.from(bytes, (byte, index) => (index < bytes.length - 1 ? byte | 0x80 : byte));
}

/** The same varint in `width` bytes, if it is shorter. */
export function widen(bytes: Uint8Array, width: number): Uint8Array {
  if (bytes.length >= width) return bytes;
  const wide = new Uint8Array(width).fill(0x80);
  wide.set(bytes);
  wide[bytes.length - 1] = (bytes[bytes.length - 1] as number) | 0x80;
  wide[width - 1] = 0;
  return wide;
}
