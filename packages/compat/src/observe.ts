import {
  type DescField,
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonValue,
  type Registry,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import { isFieldError } from "@bufbuild/protobuf/reflect";
import { strictDecode } from "@ondash/schemas";
import { compare, type Difference } from "./compare.ts";
import { DecodeFailure, referenceDecode } from "./reference-decode.ts";
import { fromMessage, type MessageValue, toMessage } from "./value.ts";

/**
 * The way a difference is seen:
 * - `wire`: fields compared by number.
 * - `silent`: as `wire`, where the reader does not complain.
 * - `name`: what code sees, fields and enum values compared by name.
 * - `relay`: the reader decodes and encodes again, the writer reads that.
 * - `json`: strict ProtoJSON in place of bytes.
 */
export type Oracle = "wire" | "silent" | "name" | "relay" | "json";

/** What became of a value: not there, another one, or the whole message was refused. */
export type EffectKind = "lost" | "changed" | "throws";

/**
 * Who reads:
 * - `reference`: C++, Python and Java, see `referenceDecode`.
 * - `protobuf-es`: as it is, which reads a known field with whatever wire type arrives.
 * - `strict`: protobuf-es behind the strict pre-scan of `@ondash/schemas`.
 * - `protojson`: a strict reader of ProtoJSON (unknown fields and enum names are errors).
 */
export type Decoder = "reference" | "protobuf-es" | "strict" | "protojson";

/** All of them, in the order of reports. */
export const decoders: readonly Decoder[] = ["reference", "protobuf-es", "strict", "protojson"];

/** Two versions of a type, and what `Any` in their JSON may hold. */
export interface Sides {
  readonly writer: DescMessage;
  readonly reader: DescMessage;
  readonly writerTypes: Registry;
  readonly readerTypes: Registry;
}

/** One difference between what was written and what one decoder read. */
export interface Effect {
  readonly oracle: Exclude<Oracle, "silent">;
  readonly kind: EffectKind;
  readonly decoder: Decoder;
  /** The innermost field; undefined when the decoder threw and did not say. */
  readonly field: DescField | undefined;
  readonly error: string | undefined;
}

/** What a decoder made of a message. */
export interface Observation {
  readonly effects: readonly Effect[];
  /** What was read; undefined when it threw. */
  readonly read: MessageValue | undefined;
}

/** The bytes of a value, as its writer encodes it. */
export function encode(value: MessageValue): Uint8Array {
  return toBinary(value.desc, toMessage(value));
}

/** The ProtoJSON of a value, as its writer prints it; undefined where ProtoJSON can't hold it. */
export function encodeJson(value: MessageValue, registry: Registry): JsonValue | undefined {
  try {
    return toJson(value.desc, toMessage(value), { registry });
  } catch {
    return undefined;
  }
}

/** What one decoder does to a message that the other side writes. Pure; never throws for a value that can be encoded. */
export function observe(sides: Sides, value: MessageValue, decoder: Decoder): Observation {
  if (decoder === "protojson") return observeJson(sides, value);
  const bytes = encode(value);
  const written = referenceDecode(sides.writer, bytes);
  let read: MessageValue;
  try {
    read = decodeWith(decoder, sides.reader, bytes);
  } catch (error) {
    if (!ownReaderAccepts(decoder, sides.writer, bytes)) return { effects: [], read: undefined };
    return { effects: [thrown("wire", decoder, error)], read: undefined };
  }
  const wire = compare(written, read, "wire");
  const name = compare(written, read, "name").filter((found) => !has(wire, found));
  const effects = [
    ...as("wire", decoder, wire),
    ...as("name", decoder, name),
    ...relay(sides, written, read, decoder, wire),
  ];
  return { effects, read };
}

/** @throws what the decoder throws */
export function decodeWith(decoder: Exclude<Decoder, "protojson">, desc: DescMessage, bytes: Uint8Array): MessageValue {
  if (decoder === "reference") return referenceDecode(desc, bytes);
  if (decoder === "protobuf-es") return fromMessage(desc, fromBinary(desc, bytes));
  const decoding = strictDecode(desc, bytes);
  if (decoding.ok) return fromMessage(desc, decoding.message);
  const { path, detail } = decoding.failure;
  throw new Error(path === "" ? detail : `${path}: ${detail}`);
}

/** What a decoder does not read of its own side is no difference between the sides (groups, and strict). */
function ownReaderAccepts(decoder: Exclude<Decoder, "protojson">, desc: DescMessage, bytes: Uint8Array): boolean {
  try {
    decodeWith(decoder, desc, bytes);
    return true;
  } catch {
    return false;
  }
}

function relay(
  sides: Sides,
  written: MessageValue,
  read: MessageValue,
  decoder: Exclude<Decoder, "protojson">,
  wire: readonly Difference[],
): Effect[] {
  // A strict reader that accepts the bytes relays them as protobuf-es does.
  if (decoder === "strict") return [];
  try {
    const returned = decodeWith(decoder, sides.writer, encode(read));
    // What the reader misread it also passes on misread: no news.
    return as(
      "relay",
      decoder,
      compare(written, returned, "wire").filter((found) => found.effect === "lost" || !has(wire, found)),
    );
  } catch (error) {
    return [thrown("relay", decoder, error)];
  }
}

function observeJson(sides: Sides, value: MessageValue): Observation {
  const json = encodeJson(value, sides.writerTypes);
  if (json === undefined) return { effects: [], read: undefined };
  let read: MessageValue;
  try {
    read = fromMessage(sides.reader, fromJson(sides.reader, json, { registry: sides.readerTypes }));
  } catch (error) {
    return { effects: [thrown("json", "protojson", error)], read: undefined };
  }
  const written = referenceDecode(sides.writer, encode(value));
  return { effects: as("json", "protojson", compare(written, read, "json")), read };
}

function has(list: readonly Difference[], wanted: Difference): boolean {
  return list.some(
    ({ effect, field }) =>
      effect === wanted.effect &&
      field.number === wanted.field.number &&
      field.parent.typeName === wanted.field.parent.typeName,
  );
}

function as(oracle: Effect["oracle"], decoder: Decoder, differences: readonly Difference[]): Effect[] {
  return differences.map(({ effect, field }) => ({ oracle, kind: effect, decoder, field, error: undefined }));
}

function thrown(oracle: Effect["oracle"], decoder: Decoder, error: unknown): Effect {
  const message = error instanceof Error ? error.message : String(error);
  return { oracle, kind: "throws", decoder, field: blamed(error), error: message };
}

function blamed(error: unknown): DescField | undefined {
  if (error instanceof DecodeFailure) return error.field;
  if (!isFieldError(error)) return undefined;
  const field = error.field();
  return field.kind === "field" ? field : undefined;
}
