import type { DescEnum, DescField, DescMessage } from "@bufbuild/protobuf";
import type { Witness } from "./search.ts";
import { fieldOf, isList, isMap, isMessage, type MessageValue, type Value } from "./value.ts";

/** What a witness is to be reported under. */
export type Blame =
  | { readonly kind: "field"; readonly field: DescField }
  /** A value of an enum that both sides have: the field itself did not change. */
  | { readonly kind: "value"; readonly enum: DescEnum; readonly number: number }
  | { readonly kind: "message"; readonly message: DescMessage };

/**
 * The declaration that differs on the way to what a witness shows: the outermost field that the two sides declare
 * differently, or the value of an enum, or else the innermost field.
 */
export function blame({ effect, field, value, sides }: Witness): Blame {
  if (field === undefined) return { kind: "message", message: value.desc };
  const path = pathTo(value, field);
  let other: DescMessage | undefined = sides.reader;
  for (const step of path) {
    const same: DescField | undefined = other && fieldOf(other, step.field.number);
    if (same === undefined || !sameDeclaration(step.field, same)) return { kind: "field", field: step.field };
    other = same.message;
  }
  const last = path.at(-1);
  const enumField = field.enum;
  if (enumField !== undefined && effect.oracle !== "wire" && (last === undefined || last.field === field)) {
    const own = sameEnum(field, sides.writer.typeName === field.parent.typeName ? sides.reader : undefined);
    if (own) return { kind: "value", enum: enumField, number: last === undefined ? 0 : firstNumber(last.held) };
  }
  return { kind: "field", field };
}

/** Whether the field is there on the reader's side too, when its type is the searched one, with the same enum. */
function sameEnum(field: DescField, reader: DescMessage | undefined): boolean {
  if (reader === undefined) return true;
  const other = fieldOf(reader, field.number);
  return other !== undefined && sameDeclaration(field, other);
}

interface Step {
  readonly field: DescField;
  readonly held: Value;
}

/** The fields from the outermost message to one that is set; empty when it is not in the message. */
function pathTo(message: MessageValue, wanted: DescField): Step[] {
  for (const [number, held] of message.fields) {
    const field = fieldOf(message.desc, number);
    if (field === undefined) continue;
    if (field === wanted) return [{ field, held }];
    for (const inner of messagesIn(held)) {
      const rest = pathTo(inner, wanted);
      if (rest.length > 0) return [{ field, held }, ...rest];
    }
  }
  return [];
}

function messagesIn(held: Value): MessageValue[] {
  if (isMessage(held)) return [held];
  if (isList(held)) return held.filter(isMessage);
  return isMap(held) ? [...held.entries.values()].map(({ value }) => value).filter(isMessage) : [];
}

function firstNumber(held: Value): number {
  const value = isList(held) ? held[0] : isMap(held) ? held.entries.values().next().value?.value : held;
  return typeof value === "number" ? value : 0;
}

function sameDeclaration(a: DescField, b: DescField): boolean {
  return declaration(a) === declaration(b);
}

/** The name of a type inside its package. */
function local(type: DescMessage | DescEnum | undefined): string {
  return type === undefined ? "" : type.typeName.slice(type.file.proto.package.length);
}

/** What a field declares, with types named inside their package: versions of a contract differ in the package. */
function declaration(field: DescField): string {
  const { name, jsonName, fieldKind, scalar, presence, oneof } = field;
  const key = field.fieldKind === "map" ? field.mapKey : "";
  return [
    name,
    jsonName,
    fieldKind,
    scalar,
    key,
    local(field.message),
    local(field.enum),
    presence,
    oneof?.name,
  ].join();
}
