import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { WireError } from "./error.ts";
import type { FieldFacts } from "./messages.generated.ts";
import { primitiveCodec, primitiveDefault, type ValueCodec } from "./primitive-codec.ts";

/** Reads and writes the fields of one struct in one version. */
export interface StructCodec {
  decode(reader: ByteReader): Record<string, unknown>;
  encode(writer: ByteWriter, value: Readonly<Record<string, unknown>>): void;
}

interface FieldCodec extends ValueCodec {
  readonly name: string;
  /** -1: not tagged in this version. */
  readonly tag: number;
  readonly inVersion: boolean;
  /** The protocol's default, a new one each time where it is an object. */
  readonly fallback: () => unknown;
}

/** STRUCT => fields in the order of the table, then from the flexible version on: count (tag length value)… */
export function structCodec(fields: readonly FieldFacts[], version: number, flexible: boolean): StructCodec {
  const all = fields.map((facts) => fieldCodec(facts, version, flexible));
  const plain = all.filter((field) => field.inVersion && field.tag < 0);
  const tagged = all.filter((field) => field.inVersion && field.tag >= 0).toSorted((a, b) => a.tag - b.tag);
  const absent = all.filter((field) => !field.inVersion || field.tag >= 0);
  const byTag = new Map(tagged.map((field) => [field.tag, field]));
  return {
    decode(reader) {
      const value: Record<string, unknown> = {};
      let place = "";
      try {
        for (const field of plain) {
          place = field.name;
          value[place] = field.read(reader);
        }
        for (const field of absent) value[field.name] = field.fallback();
        if (!flexible) return value;
        place = "_tags";
        const count = reader.uvarint();
        for (let i = 0; i < count; i++) {
          place = "_tags";
          const tag = reader.uvarint();
          const length = reader.uvarint();
          const start = reader.take(length);
          const field = byTag.get(tag);
          if (field === undefined) continue; // KIP-482: unknown tags are skipped
          place = field.name;
          const inner = new ByteReader(reader.bytes, start, start + length);
          value[place] = field.read(inner);
          if (inner.remaining > 0) {
            throw new WireError("malformed", `tag ${tag} is longer than its value`, { offset: inner.offset });
          }
        }
        return value;
      } catch (error) {
        throw located(error, place);
      }
    },
    encode(writer, value) {
      let place = "";
      try {
        for (const field of plain) {
          place = field.name;
          const given = value[place];
          field.write(writer, given === undefined ? field.fallback() : given);
        }
        if (!flexible) return;
        // A tagged field that has its default is not written, as in Kafka.
        const present = tagged.filter(
          ({ name, fallback }) => value[name] !== undefined && !isSame(value[name], fallback()),
        );
        writer.uvarint(present.length);
        for (const field of present) {
          place = field.name;
          const inner = new ByteWriter(64);
          field.write(inner, value[place]);
          writer.uvarint(field.tag);
          writer.uvarint(inner.length);
          writer.raw(inner.finish());
        }
      } catch (error) {
        throw located(error, place);
      }
    },
  };
}

/** The error, naming the place. */
function located(error: unknown, place: string): unknown {
  return error instanceof WireError ? error.within(place) : error;
}

function fieldCodec(facts: FieldFacts, version: number, flexible: boolean): FieldCodec {
  const [name, type, from, to, nullFrom, nullTo, tag, taggedFrom, fallbackText, inner, neverCompact] = facts;
  const nullable = version >= nullFrom && version <= nullTo;
  const compact = flexible && neverCompact === 0;
  const isArray = type.startsWith("[]");
  const element = isArray ? type.slice(2) : type;
  const elementNullable = nullable && !isArray;
  const struct = inner === null ? undefined : structCodec(inner, version, flexible);
  const single =
    struct === undefined ? primitiveCodec(element, elementNullable, compact) : nullableStruct(struct, elementNullable);
  return {
    name,
    tag: tag >= 0 && version >= taggedFrom && flexible ? tag : -1,
    inVersion: version >= from && version <= to,
    fallback: defaultOf(fallbackText, element, isArray, nullTo >= nullFrom, struct),
    ...(isArray ? arrayOf(single, nullable, compact) : single),
  };
}

/** A nullable struct has an INT8 in front: -1 null, 1 present. */
function nullableStruct(struct: StructCodec, nullable: boolean): ValueCodec {
  return {
    read: (reader) => (nullable && reader.int8() < 0 ? null : struct.decode(reader)),
    write(writer, value) {
      if (value === null && !nullable) throw new WireError("unencodable", "can't be null in this version");
      if (nullable) writer.int8(value === null ? -1 : 1);
      if (value !== null) struct.encode(writer, value as Readonly<Record<string, unknown>>);
    },
  };
}

/** ARRAY => INT32 count, elements (null: -1). COMPACT_ARRAY => UNSIGNED_VARINT count + 1, elements (null: 0). */
function arrayOf(single: ValueCodec, nullable: boolean, compact: boolean): ValueCodec {
  return {
    read(reader) {
      const count = compact ? reader.uvarint() - 1 : reader.int32();
      if (count < 0) {
        if (nullable && count === -1) return null;
        throw new WireError("malformed", `an array of ${count} elements`, { offset: reader.offset });
      }
      // Every element takes at least one byte: a longer array is a lie, and must not cost memory.
      if (count > reader.remaining) {
        const what = `${count} elements in ${reader.remaining} bytes`;
        throw new WireError("truncated", what, { offset: reader.offset });
      }
      const values: unknown[] = [];
      try {
        while (values.length < count) values.push(single.read(reader));
      } catch (error) {
        throw located(error, `[${values.length}]`);
      }
      return values;
    },
    write(writer, value) {
      if (value === null) {
        if (!nullable) throw new WireError("unencodable", "can't be null in this version");
        if (compact) writer.uvarint(0);
        else writer.int32(-1);
        return;
      }
      const values = value as readonly unknown[];
      if (compact) writer.uvarint(values.length + 1);
      else writer.int32(values.length);
      let index = 0;
      try {
        for (; index < values.length; index++) single.write(writer, values[index]);
      } catch (error) {
        throw located(error, `[${index}]`);
      }
    },
  };
}

function defaultOf(
  text: string,
  type: string,
  isArray: boolean,
  everNullable: boolean,
  struct: StructCodec | undefined,
): () => unknown {
  if (text === "null" && everNullable) return () => null;
  if (isArray) return () => [];
  // A struct's default is the default of each of its fields: what an empty one decodes to.
  if (struct !== undefined) return () => emptyStruct(struct);
  const value = primitiveDefault(type, text);
  return () => value;
}

function emptyStruct(struct: StructCodec): Record<string, unknown> {
  const writer = new ByteWriter(64);
  struct.encode(writer, {});
  return struct.decode(new ByteReader(writer.finish()));
}

/** Equal, where a field that was left out counts as having its default. */
function isSame(given: unknown, standard: unknown): boolean {
  if (Object.is(given, standard)) return true;
  if (typeof given !== "object" || typeof standard !== "object" || given === null || standard === null) return false;
  const left = given as Record<string, unknown>;
  const right = standard as Record<string, unknown>;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => isSame(left[key] ?? right[key], right[key]));
}
