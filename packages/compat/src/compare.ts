import type { DescEnum, DescField } from "@bufbuild/protobuf";
import {
  fieldOf,
  isList,
  isMap,
  isMessage,
  type MapValue,
  type MessageValue,
  type Scalar,
  type Value,
} from "./value.ts";
import { isZero } from "./wire-scalar.ts";

/**
 * How fields of the two sides belong together: by number (`wire`), by the name that code uses (`name`), or by the name
 * in ProtoJSON (`json`).
 */
export type Matching = "wire" | "name" | "json";

/** What a reader made of a field: nothing at all, or something else. */
export interface Difference {
  readonly effect: "lost" | "changed";
  /** The innermost field that differs, of the writer's side (of the reader's, where the writer has none). */
  readonly field: DescField;
}

/** What a reader sees differently from what was written. Empty: the same. */
export function compare(written: MessageValue, read: MessageValue, matching: Matching): Difference[] {
  const found: Difference[] = [];
  const matched = new Set<number>();
  for (const [number, value] of written.fields) {
    const field = fieldOf(written.desc, number);
    if (field === undefined) continue;
    const other = counterpart(field, read, matching);
    if (other !== undefined) matched.add(other.number);
    if (matching !== "json") matched.add(number);
    const seen = other && read.fields.get(other.number);
    if (other !== undefined && seen !== undefined) {
      found.push(...compareValue(field, value, other, seen, matching));
    } else if (other === undefined || !isDefaultOf(value, other)) {
      // A name that now means another field is no loss: its value is read as that other field's.
      const misread = matching === "name" && read.fields.has(number) && other?.number !== number;
      found.push({ effect: misread ? "changed" : "lost", field });
    }
  }
  for (const number of read.fields.keys()) {
    const field = fieldOf(read.desc, number);
    if (field === undefined || matched.has(number)) continue;
    found.push({ effect: "changed", field });
  }
  if (matching === "name") found.push(...compareDefaults(written, read));
  return found;
}

/**
 * In ProtoJSON a field is what code calls by that name, else whatever takes its key: a field whose JSON name was changed
 * is still the same field.
 */
function counterpart(field: DescField, read: MessageValue, matching: Matching): DescField | undefined {
  if (matching === "wire") return fieldOf(read.desc, field.number);
  const named = read.desc.fields.find((candidate) => candidate.name === field.name);
  if (named !== undefined || matching === "name") return named;
  return read.desc.fields.find((candidate) => candidate.jsonName === field.jsonName);
}

function isScalar(value: Value): value is Scalar {
  return typeof value !== "object" || value instanceof Uint8Array;
}

/** Whether not being set means this value. */
function isDefaultOf(value: Value, field: DescField): boolean {
  if (!isScalar(value)) return isList(value) && value.length === 0;
  if (field.fieldKind !== "scalar" && field.fieldKind !== "enum") return false;
  const set = field.getDefaultValue();
  return set === undefined ? isZero(value) : canonical(set) === canonical(value);
}

/** What code reads from a field that is not set on either side. */
function compareDefaults(written: MessageValue, read: MessageValue): Difference[] {
  const found: Difference[] = [];
  for (const field of written.desc.fields) {
    if (written.fields.has(field.number)) continue;
    const other = counterpart(field, read, "name");
    if (other === undefined || read.fields.has(other.number)) continue;
    if (field.fieldKind === "enum" && other.fieldKind === "enum") {
      const effect = compareEnum(field.getDefaultValue() ?? 0, field.enum, other.getDefaultValue() ?? 0, other.enum);
      if (effect !== undefined) found.push({ effect: "changed", field });
    } else if (field.fieldKind === "scalar" && other.fieldKind === "scalar") {
      const [own, others] = [field.getDefaultValue(), other.getDefaultValue()];
      if (own === undefined && others === undefined) continue;
      if (own === undefined ? !isZero(others as Scalar) : !isDefaultOf(own, other))
        found.push({ effect: "changed", field });
    }
  }
  return found;
}

function compareValue(field: DescField, value: Value, other: DescField, seen: Value, matching: Matching): Difference[] {
  const changed: Difference[] = [{ effect: "changed", field }];
  if (isMessage(value) && isMessage(seen)) return compare(value, seen, matching);
  if (isMap(value) && isMap(seen)) return compareMaps(field, value, other, seen, matching);
  const sameShape =
    field.fieldKind === "list" ? other.fieldKind === "list" : other.fieldKind !== "list" && other.fieldKind !== "map";
  // On the wire a list of one is its element, and a map a list of entries. Code sees another shape.
  if ((!sameShape || field.fieldKind === "map") && matching !== "wire") return changed;
  const [mine, theirs] = [elements(value), elements(seen)];
  if (isMap(value) || isMap(seen)) return sameEntries(mine, theirs) ? [] : changed;
  const found: Difference[] = [];
  for (const [index, item] of mine.entries()) {
    const counterpartItem = theirs[index];
    if (counterpartItem === undefined) {
      found.push({ effect: theirs.length === 0 || isList(seen) ? "lost" : "changed", field });
      break;
    }
    if (isMessage(item) && isMessage(counterpartItem)) found.push(...compare(item, counterpartItem, matching));
    else if (isScalar(item) && isScalar(counterpartItem)) {
      const effect = compareScalar(item, field.enum, counterpartItem, other.enum, matching);
      if (effect !== undefined) found.push({ effect, field });
    } else return changed;
  }
  return theirs.length > mine.length ? changed : found;
}

function compareMaps(
  field: DescField,
  value: MapValue,
  other: DescField,
  seen: MapValue,
  matching: Matching,
): Difference[] {
  const found: Difference[] = [];
  if (seen.entries.size > value.entries.size) found.push({ effect: "changed", field });
  for (const { key, value: item } of value.entries.values()) {
    const entry = [...seen.entries.values()].find((candidate) => canonical(candidate.key) === canonical(key));
    if (entry === undefined) {
      // A key that is there under another text was misread, not left out.
      found.push({ effect: seen.entries.size < value.entries.size ? "lost" : "changed", field });
    } else if (isMessage(item) && isMessage(entry.value)) found.push(...compare(item, entry.value, matching));
    else if (isScalar(item) && isScalar(entry.value)) {
      const effect = compareScalar(item, field.enum, entry.value, other.enum, matching);
      if (effect !== undefined) found.push({ effect, field });
    } else found.push({ effect: "changed", field });
  }
  return found;
}

/** The elements of a list, the entries of a map as key and value, or the one value there is. */
function elements(value: Value): readonly Value[] {
  if (isList(value)) return value;
  return isMap(value) ? [...value.entries.values()].map((entry) => [entry.key, entry.value]) : [value];
}

/** Whether two sides hold the same entries, one as a map, the other as messages of a key (1) and a value (2). */
function sameEntries(mine: readonly Value[], theirs: readonly Value[]): boolean {
  const text = (value: Value): string => {
    if (isMessage(value)) return `{${[...value.fields].map(([number, held]) => `${number}:${text(held)}`).join()}}`;
    if (isList(value)) {
      // An entry: what is zero is not told from what is absent.
      return `{${value.flatMap((part, index) => (isScalar(part) && isZero(part) ? [] : [`${index + 1}:${text(part)}`])).join()}}`;
    }
    return isScalar(value) ? canonical(value) : "map";
  };
  const sorted = (values: readonly Value[]): string => JSON.stringify(values.map(text).toSorted());
  return sorted(mine) === sorted(theirs);
}

function compareScalar(
  value: Scalar,
  type: DescEnum | undefined,
  seen: Scalar,
  other: DescEnum | undefined,
  matching: Matching,
): Difference["effect"] | undefined {
  if (matching !== "wire" && type !== undefined && other !== undefined) {
    return compareEnum(value as number, type, seen as number, other);
  }
  if (matching === "json") return compareJsonScalar(value, type, seen, other) ? undefined : "changed";
  return canonical(value) === canonical(seen) ? undefined : "changed";
}

/** Enums by the names that their numbers have: an alias is as good as another, a number without name promises none. */
function compareEnum(value: number, type: DescEnum, seen: number, other: DescEnum): Difference["effect"] | undefined {
  const names = namesOf(type, value);
  if (names.length === 0) return value === seen ? undefined : "changed";
  const seenNames = namesOf(other, seen);
  if (names.some((name) => seenNames.includes(name))) return undefined;
  return seenNames.length === 0 && value === seen ? "lost" : "changed";
}

function namesOf(type: DescEnum, number: number): string[] {
  return type.values.filter((value) => value.number === number).map((value) => value.name);
}

/** What ProtoJSON says for a scalar: any of the names of an enum value. */
function words(scalar: Scalar, of: DescEnum | undefined): string[] {
  const names = of === undefined ? [] : namesOf(of, scalar as number);
  if (names.length > 0) return names;
  return [scalar instanceof Uint8Array ? Buffer.from(scalar).toString("base64") : String(scalar)];
}

function compareJsonScalar(
  value: Scalar,
  type: DescEnum | undefined,
  seen: Scalar,
  other: DescEnum | undefined,
): boolean {
  const mine = words(value, type);
  return words(seen, other).some((word) => mine.includes(word));
}

/** One text for all that means the same on the wire: whole numbers and booleans, strings and their bytes. */
function canonical(value: Scalar): string {
  switch (typeof value) {
    case "boolean":
      return value ? "1" : "0";
    case "number":
      return Object.is(value, -0)
        ? "-0"
        : Number.isInteger(value) && Math.abs(value) < 1e300
          ? BigInt(value).toString()
          : String(value);
    case "bigint":
      return value.toString();
    case "string":
      return `x${Buffer.from(value, "utf8").toString("hex")}`;
    default:
      return `x${Buffer.from(value).toString("hex")}`;
  }
}
