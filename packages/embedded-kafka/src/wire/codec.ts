import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { WireError } from "./error.ts";
import {
  type FieldFacts,
  type MessageFacts,
  messageFacts,
  type RequestBodies,
  type RequestHeader,
  type ResponseBodies,
} from "./messages.generated.ts";

/** The name of a Kafka API, without `Request`. */
export type ApiName = keyof RequestBodies;
/** A decoded request: fields outside its version carry the protocol's default. */
export type RequestOf<Api extends ApiName> = RequestBodies[Api];
/** A decoded response. */
export type ResponseOf<Api extends ApiName> = ResponseBodies[Api];

type Input<T> = T extends Uint8Array | bigint | string | number | boolean | null
  ? T
  : T extends readonly (infer Element)[]
    ? readonly Input<Element>[]
    : { readonly [Key in keyof T]?: Input<T[Key]> | undefined };
/** A request to encode: omitted fields mean the default, and what the version lacks is left out. */
export type RequestInput<Api extends ApiName> = Input<RequestBodies[Api]>;
/** A response to encode, likewise. */
export type ResponseInput<Api extends ApiName> = Input<ResponseBodies[Api]>;

interface Codec {
  decode(reader: ByteReader): Record<string, unknown>;
  encode(writer: ByteWriter, value: Readonly<Record<string, unknown>>): void;
}

const byName = new Map(messageFacts.map((facts) => [facts[0], facts]));
const byKey = new Map(
  messageFacts.flatMap((facts) =>
    facts[0].endsWith("Request") && facts[1] >= 0 ? [[facts[1], facts[0].slice(0, -"Request".length) as ApiName]] : [],
  ),
);
const codecs = new Map<string, Codec>();

function factsOf(message: string): MessageFacts {
  const facts = byName.get(message);
  if (facts === undefined) throw new WireError("unknown-api", `no message ${message} in the protocol table`);
  return facts;
}

/** The API key of a name. */
export function apiKey(name: ApiName): number {
  return factsOf(`${name}Request`)[1];
}

/** The API of a key; undefined for one that the table does not have. */
export function apiName(key: number): ApiName | undefined {
  return byKey.get(key);
}

/** First and last version of an API that the table can encode and decode. */
export function validVersions(name: ApiName): readonly [first: number, last: number] {
  const facts = factsOf(`${name}Request`);
  return [facts[2], facts[3]];
}

/** Whether the version uses compact types and tagged fields (KIP-482). */
export function isFlexible(name: ApiName, version: number): boolean {
  return version >= factsOf(`${name}Request`)[4];
}

/**
 * Decodes a request body that begins at `offset`. What follows it is ignored, as Kafka does: librdkafka asks for the
 * metadata of all topics with three bytes too many. Throws `WireError`.
 */
export function decodeRequest<Api extends ApiName>(
  name: Api,
  version: number,
  bytes: Uint8Array,
  offset = 0,
): RequestOf<Api> {
  return decodeMessage(`${name}Request`, version, bytes, offset, true) as unknown as RequestOf<Api>;
}

/** Decodes a response body that begins at `offset` and fills the rest of `bytes`. Throws `WireError`. */
export function decodeResponse<Api extends ApiName>(
  name: Api,
  version: number,
  bytes: Uint8Array,
  offset = 0,
): ResponseOf<Api> {
  return decodeMessage(`${name}Response`, version, bytes, offset, false) as unknown as ResponseOf<Api>;
}

/** Encodes a request body. Throws `WireError` for a value that the type cannot hold. */
export function encodeRequest<Api extends ApiName>(name: Api, version: number, body: RequestInput<Api>): Uint8Array {
  return encodeMessage(`${name}Request`, version, body);
}

/** Encodes a response body. Throws `WireError` for a value that the type cannot hold. */
export function encodeResponse<Api extends ApiName>(name: Api, version: number, body: ResponseInput<Api>): Uint8Array {
  return encodeMessage(`${name}Response`, version, body);
}

function decodeMessage(
  message: string,
  version: number,
  bytes: Uint8Array,
  offset: number,
  allowRest: boolean,
): Record<string, unknown> {
  const reader = new ByteReader(bytes, offset);
  try {
    const value = codecOf(message, version).decode(reader);
    if (reader.remaining > 0 && !allowRest) {
      throw new WireError("malformed", `${reader.remaining} bytes left over`, { offset: reader.offset });
    }
    return value;
  } catch (error) {
    if (error instanceof WireError && error.path === undefined && error.offset !== undefined) {
      throw new WireError(error.code, error.message.replace(/^\[[^\]]*\] /, "").replace(/ \(byte \d+\)$/, ""), {
        offset: error.offset,
        path: `${message} v${version}`,
        cause: error,
      });
    }
    throw error;
  }
}

function encodeMessage(message: string, version: number, body: Readonly<Record<string, unknown>>): Uint8Array {
  const writer = new ByteWriter();
  codecOf(message, version).encode(writer, body);
  return writer.finish();
}

/** The request header at the start of a frame. Versions: 1, or 2 with tagged fields for a flexible request. */
export interface DecodedRequestHeader {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | null;
  readonly headerVersion: 1 | 2;
  /** Where the body starts. */
  readonly bodyOffset: number;
}

/**
 * Decodes a request header. Of an API or version that the table lacks, the header is read as Kafka does: ApiVersions
 * beyond the last version is flexible, anything else as version 1.
 */
export function decodeRequestHeader(bytes: Uint8Array): DecodedRequestHeader {
  const peek = new ByteReader(bytes);
  const key = peek.int16();
  const version = peek.int16();
  const name = apiName(key);
  const headerVersion = name !== undefined && isFlexible(name, version) ? 2 : 1;
  const reader = new ByteReader(bytes);
  const header = codecOf("RequestHeader", headerVersion).decode(reader) as unknown as RequestHeader;
  return {
    apiKey: key,
    apiVersion: version,
    correlationId: header.correlationId,
    clientId: header.clientId,
    headerVersion,
    bodyOffset: reader.offset,
  };
}

/** Encodes the header of a request. */
export function encodeRequestHeader(
  name: ApiName,
  version: number,
  correlationId: number,
  clientId: string | null,
): Uint8Array {
  return encodeMessage("RequestHeader", isFlexible(name, version) ? 2 : 1, {
    requestApiKey: apiKey(name),
    requestApiVersion: version,
    correlationId,
    clientId,
  });
}

/** The version of the response header: 1 for flexible responses, but always 0 for ApiVersions (KIP-511). */
export function responseHeaderVersion(name: ApiName, version: number): 0 | 1 {
  return name !== "ApiVersions" && isFlexible(name, version) ? 1 : 0;
}

/** Encodes the header of a response. */
export function encodeResponseHeader(name: ApiName, version: number, correlationId: number): Uint8Array {
  return encodeMessage("ResponseHeader", responseHeaderVersion(name, version), { correlationId });
}

/** Decodes the header of a response; `bodyOffset` is where the body starts. */
export function decodeResponseHeader(
  name: ApiName,
  version: number,
  bytes: Uint8Array,
): { readonly correlationId: number; readonly bodyOffset: number } {
  const reader = new ByteReader(bytes);
  const header = codecOf("ResponseHeader", responseHeaderVersion(name, version)).decode(reader);
  return { correlationId: header["correlationId"] as number, bodyOffset: reader.offset };
}

function codecOf(message: string, version: number): Codec {
  const id = `${message}/${version}`;
  let codec = codecs.get(id);
  if (codec === undefined) {
    const [, , first, last, flexibleFrom, fields] = factsOf(message);
    // Header version 0 of responses and the versions of the table; nothing else can be compiled.
    if (version < first || version > last) {
      throw new WireError("unsupported-version", `${message} has versions ${first} to ${last}, not ${version}`);
    }
    codec = structCodec(fields, version, version >= flexibleFrom);
    codecs.set(id, codec);
  }
  return codec;
}

interface FieldCodec {
  readonly name: string;
  readonly tag: number;
  readonly inVersion: boolean;
  readonly fallback: () => unknown;
  readonly isDefault: (value: unknown) => boolean;
  readonly read: (reader: ByteReader) => unknown;
  readonly write: (writer: ByteWriter, value: unknown) => void;
}

/** STRUCT => fields in the order of the table, then from the flexible version on: count (tag length value)… */
function structCodec(fields: readonly FieldFacts[], version: number, flexible: boolean): Codec {
  const all = fields.map((facts) => fieldCodec(facts, version, flexible));
  const plain = all.filter((field) => field.inVersion && field.tag < 0);
  const tagged = all.filter((field) => field.inVersion && field.tag >= 0).toSorted((a, b) => a.tag - b.tag);
  const absent = all.filter((field) => !field.inVersion || field.tag >= 0);
  const byTag = new Map(tagged.map((field) => [field.tag, field]));
  return {
    decode(reader) {
      const value: Record<string, unknown> = {};
      for (const field of plain) value[field.name] = field.read(reader);
      for (const field of absent) value[field.name] = field.fallback();
      if (!flexible) return value;
      const count = reader.uvarint();
      for (let i = 0; i < count; i++) {
        const tag = reader.uvarint();
        const length = reader.uvarint();
        const start = reader.take(length);
        const field = byTag.get(tag);
        if (field === undefined) continue; // KIP-482: unknown tags are skipped
        const inner = new ByteReader(reader.bytes, start, start + length);
        value[field.name] = field.read(inner);
        if (inner.remaining > 0)
          throw new WireError("malformed", `tag ${tag} is longer than its value`, { offset: start });
      }
      return value;
    },
    encode(writer, value) {
      for (const field of plain) {
        const given = value[field.name];
        field.write(writer, given === undefined ? field.fallback() : given);
      }
      if (!flexible) return;
      const present = tagged.filter((field) => value[field.name] !== undefined && !field.isDefault(value[field.name]));
      writer.uvarint(present.length);
      for (const field of present) {
        const inner = new ByteWriter(64);
        field.write(inner, value[field.name]);
        writer.uvarint(field.tag);
        writer.uvarint(inner.length);
        writer.raw(inner.finish());
      }
    },
  };
}

function fieldCodec(facts: FieldFacts, version: number, flexible: boolean): FieldCodec {
  const [name, type, from, to, nullFrom, nullTo, tag, taggedFrom, fallbackText, inner, neverCompact] = facts;
  const inVersion = version >= from && version <= to;
  const nullable = version >= nullFrom && version <= nullTo;
  const compact = flexible && neverCompact === 0;
  const isArray = type.startsWith("[]");
  const element = isArray ? type.slice(2) : type;
  const struct = inner === null ? undefined : structCodec(inner, version, flexible);
  const single =
    struct === undefined
      ? primitive(element, name, nullable && !isArray, compact)
      : structField(struct, nullable && !isArray);
  const { read, write } = isArray ? arrayOf(single, name, nullable, compact) : single;
  const fallback = defaultOf(fallbackText, element, isArray, nullTo >= nullFrom, struct);
  return {
    name,
    tag: tag >= 0 && version >= taggedFrom && flexible ? tag : -1,
    inVersion,
    fallback,
    isDefault: (value) => isSame(value, fallback()),
    read,
    write,
  };
}

interface Single {
  readonly read: (reader: ByteReader) => unknown;
  readonly write: (writer: ByteWriter, value: unknown) => void;
}

/** A nullable struct has an INT8 in front: -1 null, 1 present. */
function structField(struct: Codec, nullable: boolean): Single {
  return {
    read: (reader) => (nullable && reader.int8() < 0 ? null : struct.decode(reader)),
    write(writer, value) {
      if (nullable) writer.int8(value === null ? -1 : 1);
      if (value !== null) struct.encode(writer, value as Readonly<Record<string, unknown>>);
    },
  };
}

/** ARRAY => INT32 count, elements (null: -1). COMPACT_ARRAY => UNSIGNED_VARINT count + 1, elements (null: 0). */
function arrayOf(single: Single, name: string, nullable: boolean, compact: boolean): Single {
  return {
    read(reader) {
      const count = compact ? reader.uvarint() - 1 : reader.int32();
      if (count < 0) {
        if (nullable && count === -1) return null;
        throw new WireError("malformed", `${name}: an array of ${count} elements`, { offset: reader.offset });
      }
      // Every element takes at least one byte, but for structs without fields, which do not occur.
      if (count > reader.remaining) {
        throw new WireError("truncated", `${name}: ${count} elements in ${reader.remaining} bytes`, {
          offset: reader.offset,
        });
      }
      const values: unknown[] = [];
      for (let i = 0; i < count; i++) values.push(single.read(reader));
      return values;
    },
    write(writer, value) {
      if (value === null) {
        if (!nullable) throw new WireError("unencodable", `${name} can't be null in this version`);
        if (compact) writer.uvarint(0);
        else writer.int32(-1);
        return;
      }
      const values = value as readonly unknown[];
      if (compact) writer.uvarint(values.length + 1);
      else writer.int32(values.length);
      for (const item of values) single.write(writer, item);
    },
  };
}

function primitive(type: string, name: string, nullable: boolean, compact: boolean): Single {
  switch (type) {
    case "bool":
      return { read: (reader) => reader.int8() !== 0, write: (writer, value) => writer.int8(value === true ? 1 : 0) };
    case "int8":
      return { read: (reader) => reader.int8(), write: (writer, value) => writer.int8(value as number) };
    case "int16":
      return { read: (reader) => reader.int16(), write: (writer, value) => writer.int16(value as number) };
    case "uint16":
      return { read: (reader) => reader.uint16(), write: (writer, value) => writer.int16(value as number) };
    case "int32":
      return { read: (reader) => reader.int32(), write: (writer, value) => writer.int32(value as number) };
    case "uint32":
      return { read: (reader) => reader.uint32(), write: (writer, value) => writer.int32((value as number) | 0) };
    case "int64":
      return { read: (reader) => reader.int64(), write: (writer, value) => writer.int64(value as bigint) };
    case "float64":
      return { read: (reader) => reader.float64(), write: (writer, value) => writer.float64(value as number) };
    case "uuid":
      return { read: (reader) => reader.uuid(), write: (writer, value) => writer.uuid(value as string) };
    case "string":
      return lengthPrefixed(name, nullable, compact, false);
    case "bytes":
      return lengthPrefixed(name, nullable, compact, true);
    case "records":
      // Nullable in every version: a partition without records.
      return lengthPrefixed(name, true, compact, true);
    default:
      throw new WireError("unknown-api", `no primitive type ${type}`);
  }
}

/** STRING: INT16 length. BYTES, RECORDS: INT32 length. COMPACT_*: UNSIGNED_VARINT length + 1. Null: -1, compact 0. */
function lengthPrefixed(name: string, nullable: boolean, compact: boolean, binary: boolean): Single {
  const writeLength = (writer: ByteWriter, length: number): void => {
    if (compact) writer.uvarint(length + 1);
    else if (binary) writer.int32(length);
    else if (length > 32_767) throw new WireError("unencodable", `${name}: a string of ${length} bytes`);
    else writer.int16(length);
  };
  return {
    read(reader) {
      const length = compact ? reader.uvarint() - 1 : binary ? reader.int32() : reader.int16();
      if (length < 0) {
        if (nullable && length === -1) return null;
        throw new WireError("malformed", `${name}: length ${length}`, { offset: reader.offset });
      }
      return binary ? reader.view(length) : reader.text(length);
    },
    write(writer, value) {
      if (value === null) {
        if (!nullable) throw new WireError("unencodable", `${name} can't be null in this version`);
        writeLength(writer, -1);
      } else if (binary) {
        writeLength(writer, (value as Uint8Array).length);
        writer.raw(value as Uint8Array);
      } else {
        writer.text(value as string, (length) => writeLength(writer, length));
      }
    },
  };
}

function defaultOf(
  text: string,
  type: string,
  isArray: boolean,
  everNullable: boolean,
  struct: Codec | undefined,
): () => unknown {
  if (text === "null" && everNullable) return () => null;
  if (isArray) return () => [];
  if (struct !== undefined) {
    // A struct's default is the default of each of its fields: what an empty one decodes to.
    return () => emptyStruct(struct);
  }
  switch (type) {
    case "bool":
      return () => text === "true";
    case "int64":
      return () => (text === "" ? 0n : BigInt(text));
    case "string":
      return () => text;
    case "uuid":
      return () => "00000000-0000-0000-0000-000000000000";
    case "bytes":
    case "records":
      return () => (type === "records" ? null : new Uint8Array(0));
    default:
      return () => (text === "" ? 0 : Number(text));
  }
}

function emptyStruct(struct: Codec): Record<string, unknown> {
  const writer = new ByteWriter(64);
  struct.encode(writer, {});
  return struct.decode(new ByteReader(writer.finish()));
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  return [...keys].every((key) => isSame(left[key] ?? right[key], right[key]));
}
