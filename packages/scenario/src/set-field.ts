import { clone, type DescEnum, type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { type AnyEnvelope, parseRfc3339 } from "@ondash/schemas";
import { unknownName } from "./definition.ts";
import type { Misfit } from "./misfit.ts";
import { show } from "./validate.ts";

/**
 * A copy of an envelope with one field set. The path has proto names (`text.position`, `timestamp`, `timestamp.nanos`);
 * enums are given by name (with or without the enum's prefix) or number, timestamps as RFC 3339, null unsets.
 */
export function setField(desc: DescMessage, envelope: AnyEnvelope, path: string, value: unknown): AnyEnvelope | Misfit {
  const wrongPath = (why: string): Misfit => ({ member: "path", misfit: `${path}: ${why}` });
  const copy = clone(desc, envelope) as AnyEnvelope;
  let message: ReflectMessage = reflect(desc, copy);
  const names = path.split(".");
  for (const [depth, name] of names.entries()) {
    const { fields } = message.desc;
    const field = fields.find((candidate) => candidate.name === name);
    if (field === undefined) {
      const known = fields.map((one) => one.name);
      return wrongPath(unknownName("field", name, known));
    }
    if (depth === names.length - 1) {
      const want = assign(message, field, value);
      if (want === undefined) return copy;
      if (field.fieldKind === "message" && !isTimestamp(field)) return wrongPath(want);
      return { member: "value", misfit: `${path}: expected ${want}, got ${show(value)}` };
    }
    if (field.fieldKind !== "message") return wrongPath(`${name} has no fields of its own`);
    if (!message.isSet(field)) return wrongPath(`${name} is not set in this event`);
    message = message.get(field);
  }
  return copy;
}

/** Sets a field; what was wanted instead when the value does not fit. */
function assign(message: ReflectMessage, field: DescField, value: unknown): string | undefined {
  if (value === null) {
    message.clear(field);
    return undefined;
  }
  switch (field.fieldKind) {
    case "enum": {
      const number = enumNumber(field.enum, value);
      if (number === undefined) return enumNames(field.enum);
      message.set(field, number);
      return undefined;
    }
    case "scalar": {
      const scalar = SCALARS[field.scalar];
      const fitting = scalar?.read(value);
      if (scalar === undefined || fitting === undefined) return scalar?.want ?? "a field that can be set";
      message.set(field, fitting);
      return undefined;
    }
    case "message": {
      if (!isTimestamp(field)) return "set its fields one by one";
      const instant = typeof value === "string" ? parseRfc3339(value) : undefined;
      if (instant === undefined) return "RFC 3339 text, as in 2025-10-29T10:30:00Z";
      const timestamp = reflect(field.message);
      for (const part of field.message.fields) {
        timestamp.set(part, part.name === "seconds" ? instant.seconds : instant.nanos);
      }
      message.set(field, timestamp);
      return undefined;
    }
    default:
      return "a field that is no list";
  }
}

function isTimestamp(field: DescField): boolean {
  return field.fieldKind === "message" && field.message.typeName === "google.protobuf.Timestamp";
}

/** What the envelopes' scalars take. */
const SCALARS: Readonly<
  Partial<
    Record<
      ScalarType,
      { readonly want: string; readonly read: (value: unknown) => string | number | bigint | undefined }
    >
  >
> = {
  [ScalarType.STRING]: {
    want: "a string without lone surrogates",
    read: (value) => (typeof value === "string" && value.isWellFormed() ? value : undefined),
  },
  [ScalarType.UINT32]: {
    want: "an integer from 0 to 4294967295",
    read: (value) => integer(value, 0, 4_294_967_295),
  },
  [ScalarType.INT32]: {
    want: "an integer from -2147483648 to 2147483647",
    read: (value) => integer(value, -2_147_483_648, 2_147_483_647),
  },
  [ScalarType.INT64]: {
    want: "an integer",
    read: (value) => {
      const number = integer(value, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
      return number === undefined ? undefined : BigInt(number);
    },
  },
};

function integer(value: unknown, min: number, max: number): number | undefined {
  return typeof value === "number" && Number.isInteger(value) && value >= min && value <= max ? value : undefined;
}

function enumNumber(desc: DescEnum, value: unknown): number | undefined {
  if (typeof value === "number") return integer(value, -2_147_483_648, 2_147_483_647);
  const prefix = desc.sharedPrefix ?? "";
  return desc.values.find(
    ({ name }) => name === value || name.toLowerCase() === `${prefix}${String(value)}`.toLowerCase(),
  )?.number;
}

function enumNames(desc: DescEnum): string {
  return `an int32 or one of ${desc.values.map(({ localName }) => localName).join(", ")}`;
}
