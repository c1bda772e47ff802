import { type DescEnum, type DescField, ScalarType } from "@bufbuild/protobuf";
import { type BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import type { Scalar } from "./value.ts";

/** Whether a scalar is the zero of its type. −0 is none. */
export function isZero(value: Scalar): boolean {
  if (value instanceof Uint8Array) return value.length === 0;
  return typeof value === "number" ? Object.is(value, 0) : value === 0n || value === "" || value === false;
}

/** The type of a scalar or enum field, or of the elements of a list or map. */
export type Element = DescEnum | ScalarType;

/** Whether lists of it may be packed. */
export function packable(type: Element): boolean {
  return type !== ScalarType.STRING && type !== ScalarType.BYTES;
}

/** The wire type of a scalar or enum. */
export function wireTypeOf(type: Element): WireType {
  switch (type) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return WireType.LengthDelimited;
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
    case ScalarType.FLOAT:
      return WireType.Bit32;
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
    case ScalarType.DOUBLE:
      return WireType.Bit64;
    default:
      return WireType.Varint;
  }
}

/** The zero of a scalar type. */
export function zeroOf(type: ScalarType): Scalar {
  switch (type) {
    case ScalarType.STRING:
      return "";
    case ScalarType.BYTES:
      return new Uint8Array();
    case ScalarType.BOOL:
      return false;
    case ScalarType.INT64:
    case ScalarType.UINT64:
    case ScalarType.SINT64:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return 0n;
    default:
      return 0;
  }
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const laxUtf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Reads one scalar or enum number. Throws what the reader throws, and for a string that must be UTF-8 and is not. */
export function readScalar(type: Element, reader: BinaryReader, field: DescField): Scalar {
  if (typeof type === "object") return reader.int32();
  switch (type) {
    case ScalarType.STRING: {
      const bytes = reader.bytes();
      if (!field.utf8Validation) return laxUtf8.decode(bytes);
      try {
        return strictUtf8.decode(bytes);
      } catch (cause) {
        throw new Error("string is not UTF-8", { cause });
      }
    }
    case ScalarType.BYTES:
      return reader.bytes();
    case ScalarType.BOOL:
      return reader.bool();
    case ScalarType.DOUBLE:
      return reader.double();
    case ScalarType.FLOAT:
      return reader.float();
    case ScalarType.INT32:
      return reader.int32();
    case ScalarType.UINT32:
      return reader.uint32();
    case ScalarType.SINT32:
      return reader.sint32();
    case ScalarType.FIXED32:
      return reader.fixed32();
    case ScalarType.SFIXED32:
      return reader.sfixed32();
    case ScalarType.INT64:
      return BigInt(reader.int64());
    case ScalarType.UINT64:
      return BigInt(reader.uint64());
    case ScalarType.SINT64:
      return BigInt(reader.sint64());
    case ScalarType.FIXED64:
      return BigInt(reader.fixed64());
    default:
      return BigInt(reader.sfixed64());
  }
}
