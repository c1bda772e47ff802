import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { WireError } from "./error.ts";

/** Reads and writes one value. */
export interface ValueCodec {
  readonly read: (reader: ByteReader) => unknown;
  readonly write: (writer: ByteWriter, value: unknown) => void;
}

const ZERO_UUID = "00000000-0000-0000-0000-000000000000";

/** The codec of a primitive type (protocol guide, "Protocol Primitive Types"). */
export function primitiveCodec(type: string, nullable: boolean, compact: boolean): ValueCodec {
  switch (type) {
    case "bool":
      return { read: (reader) => reader.int8() !== 0, write: (writer, value) => writer.int8(value === true ? 1 : 0) };
    case "int8":
      return { read: (reader) => reader.int8(), write: (writer, value) => writer.int8(integer(value, 8)) };
    case "int16":
      return { read: (reader) => reader.int16(), write: (writer, value) => writer.int16(integer(value, 16)) };
    case "int32":
      return { read: (reader) => reader.int32(), write: (writer, value) => writer.int32(integer(value, 32)) };
    case "int64":
      return { read: (reader) => reader.int64(), write: (writer, value) => writer.int64(long(value)) };
    case "float64":
      return { read: (reader) => reader.float64(), write: (writer, value) => writer.float64(value as number) };
    case "uuid":
      return { read: (reader) => reader.uuid(), write: (writer, value) => writer.uuid(value as string) };
    case "string":
      return lengthPrefixed(nullable, compact, false);
    case "bytes":
      return lengthPrefixed(nullable, compact, true);
    case "records":
      // Nullable in every version: a partition without records.
      return lengthPrefixed(true, compact, true);
    default:
      throw new WireError("unknown-api", `no primitive type ${type}`);
  }
}

/** The default of a primitive field: `text` as the specification gives it, `""` for none. */
export function primitiveDefault(type: string, text: string): unknown {
  switch (type) {
    case "bool":
      return text === "true";
    case "int64":
      return text === "" ? 0n : BigInt(text);
    case "string":
      return text;
    case "uuid":
      return ZERO_UUID;
    case "bytes":
      return new Uint8Array(0);
    case "records":
      return null;
    default:
      return text === "" ? 0 : Number(text);
  }
}

function integer(value: unknown, bits: 8 | 16 | 32): number {
  const limit = 2 ** (bits - 1);
  if (Number.isInteger(value) && (value as number) >= -limit && (value as number) < limit) return value as number;
  throw new WireError("unencodable", `${String(value)} is no int${bits}`);
}

function long(value: unknown): bigint {
  if (typeof value === "bigint" && BigInt.asIntN(64, value) === value) return value;
  throw new WireError("unencodable", `${String(value)} (${typeof value}) is no int64`);
}

/** STRING: INT16 length. BYTES, RECORDS: INT32 length. COMPACT_*: UNSIGNED_VARINT length + 1. Null: -1, compact 0. */
function lengthPrefixed(nullable: boolean, compact: boolean, binary: boolean): ValueCodec {
  const writeLength = (writer: ByteWriter, length: number): void => {
    if (!binary && length > 32_767) {
      throw new WireError("unencodable", `a string of ${length} bytes; the longest has 32767`);
    }
    if (compact) writer.uvarint(length + 1);
    else if (binary) writer.int32(length);
    else writer.int16(length);
  };
  return {
    read(reader) {
      const length = compact ? reader.uvarint() - 1 : binary ? reader.int32() : reader.int16();
      if (length < 0) {
        if (nullable && length === -1) return null;
        throw new WireError("malformed", `length ${length}`, { offset: reader.offset });
      }
      if (!binary && length > 32_767) {
        throw new WireError("malformed", `a string of ${length} bytes; the longest has 32767`, {
          offset: reader.offset,
        });
      }
      return binary ? reader.view(length) : reader.text(length);
    },
    write(writer, value) {
      if (value === null) {
        if (!nullable) throw new WireError("unencodable", "can't be null in this version");
        writeLength(writer, -1);
      } else if (binary) {
        if (!(value instanceof Uint8Array)) throw new WireError("unencodable", `${typeof value} is no Uint8Array`);
        writeLength(writer, value.length);
        writer.raw(value);
      } else {
        if (typeof value !== "string") throw new WireError("unencodable", `${typeof value} is no string`);
        writer.text(value, (length) => writeLength(writer, length));
      }
    },
  };
}
