import { clone, type DescEnum, type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { type AnyEnvelope, parseRfc3339 } from "@ondash/schemas";
import { unknownName } from "./definition.ts";
import { show } from "./validate.ts";

/**
 * A copy of an envelope with one field set. The path has proto names (`text.position`, `timestamp`); enums are given by
 * name (with or without the enum's prefix) or number, timestamps as RFC 3339, null unsets.
 * @throws RangeError for a path or value that does not fit, naming the nearest field.
 */
export function setField(desc: DescMessage, envelope: AnyEnvelope, path: string, value: unknown): AnyEnvelope {
  const copy = clone(desc, envelope) as AnyEnvelope;
  let message: ReflectMessage = reflect(desc, copy);
  const names = path.split(".");
  for (const [depth, name] of names.entries()) {
    const { fields } = message.desc;
    const field = fields.find((candidate) => candidate.name === name);
    if (field === undefined) {
      throw new RangeError(
        `${path}: ${unknownName(
          "field",
          name,
          fields.map((known) => known.name),
        )}`,
      );
    }
    if (depth === names.length - 1) {
      assign(message, field, path, value);
      return copy;
    }
    if (field.fieldKind !== "message") throw new RangeError(`${path}: ${name} has no fields of its own`);
    if (!message.isSet(field)) throw new RangeError(`${path}: ${name} is not set in this event`);
    message = message.get(field);
  }
  return copy;
}

function assign(message: ReflectMessage, field: DescField, path: string, value: unknown): void {
  if (value === null) {
    message.clear(field);
    return;
  }
  const wrong = (want: string): never => {
    throw new RangeError(`${path}: expected ${want}, got ${show(value)}`);
  };
  if (field.fieldKind === "enum") message.set(field, enumNumber(field.enum, value) ?? wrong(enumNames(field.enum)));
  else if (field.fieldKind === "scalar")
    message.set(field, scalar(field.scalar, value) ?? wrong(scalarName(field.scalar)));
  else if (field.fieldKind === "message" && field.message.typeName === "google.protobuf.Timestamp") {
    const instant = typeof value === "string" ? parseRfc3339(value) : undefined;
    if (instant === undefined) return wrong("RFC 3339 text, as in 2025-10-29T10:30:00Z");
    const timestamp = reflect(field.message);
    for (const part of field.message.fields) {
      timestamp.set(part, part.name === "seconds" ? instant.seconds : instant.nanos);
    }
    message.set(field, timestamp);
  } else throw new RangeError(`${path}: set its fields one by one`);
}

function enumNumber(desc: DescEnum, value: unknown): number | undefined {
  if (typeof value === "number") return Number.isInteger(value) ? value : undefined;
  const prefix = desc.sharedPrefix ?? "";
  return desc.values.find(
    ({ name }) => name === value || name.toLowerCase() === `${prefix}${String(value)}`.toLowerCase(),
  )?.number;
}

function enumNames(desc: DescEnum): string {
  return `a number or one of ${desc.values.map(({ localName }) => localName).join(", ")}`;
}

function scalar(type: ScalarType, value: unknown): string | number | undefined {
  if (type === ScalarType.STRING) return typeof value === "string" ? value : undefined;
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 2 ** 32 ? value : undefined;
}

function scalarName(type: ScalarType): string {
  return type === ScalarType.STRING ? "a string" : "an integer from 0 to 4294967295";
}
