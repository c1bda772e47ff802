import { type DescEnumValue, type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import type { BufFinding } from "./buf.ts";
import type { Image } from "./image.ts";
import { type Declared, enumsOf, fileOf, linesOf, messagesOf } from "./locate.ts";
import { fieldOf } from "./value.ts";

/** What a finding is about. */
export interface Subject {
  /** Full name: `chat.v1.TextEvent.position`, a message, an enum, an enum value, a service, or a file's path. */
  readonly name: string;
  /** What happened to it, for people: `int32 enum → string`. */
  readonly change: string;
  /** Path inside the module, of the new side where it still exists there. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

/** The two sides of a comparison. */
export interface Change {
  readonly before: Image;
  readonly after: Image;
}

/** The subject of a difference in the field of a number. */
export function fieldSubject(change: Change, typeName: string, number: number): Subject {
  const before = change.before.types.getMessage(typeName);
  const after = change.after.types.getMessage(typeName);
  const old = before && fieldOf(before, number);
  const now = after && fieldOf(after, number);
  const field = old ?? now;
  const name = field === undefined ? typeName : `${typeName}.${field.name}`;
  // A field that was renumbered is one subject, whichever of its numbers a difference shows up with.
  const oldByName = before?.fields.find((candidate) => candidate.name === field?.name);
  const nowByName = after?.fields.find((candidate) => candidate.name === field?.name);
  const text = describeChange(
    oldByName ?? old,
    now !== undefined && old !== undefined ? now : (nowByName ?? now),
    nowByName,
  );
  return { name, change: text, ...placeOf(change, now ?? nowByName ?? after ?? field, before) };
}

/** The subject of a message as a whole. */
export function messageSubject(change: Change, typeName: string): Subject {
  const after = change.after.types.getMessage(typeName);
  const before = change.before.types.getMessage(typeName);
  return {
    name: typeName,
    change: after === undefined ? "message deleted" : "message changed",
    ...placeOf(change, after, before),
  };
}

/** Where a declaration stands; when it is gone, the first line of the file it was in. */
export function placeOf(
  change: Change,
  declared: Declared | undefined,
  before?: Declared,
): { file: string; line: number } {
  const there = declared ?? before;
  if (there === undefined) return { file: "", line: 1 };
  const path = fileOf(there).proto.name;
  const isNew = [...change.after.types.files].includes(fileOf(there));
  return { file: path, line: isNew ? (linesOf(there)?.first ?? 1) : 1 };
}

/** The subject of what buf says, found again by the names and numbers in its message. */
export function bufSubject(change: Change, finding: BufFinding): Subject {
  const { message, path, line } = finding;
  const words = quotedAfter(message);
  const entry = mapFieldOf(change, words.message, path);
  if (entry !== undefined) return fieldSubject(change, entry.parent.typeName, entry.number);
  const fallback: Subject = { name: path, change: message.replace(/\.$/, ""), file: path, line: Math.max(1, line) };
  if (finding.type.startsWith("FILE_") || finding.type.startsWith("PACKAGE_")) {
    const file = words.file ?? path;
    return { ...fallback, name: file, file: path === "" ? file : path, change: fileChange(message) };
  }
  if (
    words.message !== undefined &&
    (words.field !== undefined || words.name !== undefined || words.oneof !== undefined || message.includes("reserved"))
  ) {
    const type = pick(change, messagesOf, words.message, finding);
    if (type !== undefined && words.field !== undefined) {
      return fieldSubject(change, type.typeName, Number(words.field));
    }
    if (type !== undefined) {
      const part = words.oneof === undefined ? type.typeName : `${type.typeName}.${words.oneof}`;
      return { ...fallback, name: part, change: shortened(message) };
    }
  }
  if (words.message !== undefined) {
    const type = pick(change, messagesOf, words.message, finding);
    if (type !== undefined) return { ...messageSubject(change, type.typeName), line: Math.max(1, line), file: path };
  }
  if (words.enum !== undefined) {
    const type = pick(change, enumsOf, words.enum, finding);
    if (type !== undefined && words.value !== undefined)
      return enumValueSubject(change, type.typeName, Number(words.value));
    if (type !== undefined) return { ...fallback, name: type.typeName, change: enumChange(message) };
  }
  if (words.service !== undefined) {
    const service = [...change.before.files]
      .flatMap((file) => file.services)
      .find((candidate) => candidate.name === words.service);
    const name = service?.typeName ?? words.service;
    return { ...fallback, name: words.rpc === undefined ? name : `${name}.${words.rpc}`, change: shortened(message) };
  }
  return fallback;
}

/** The subject of an enum value, by number; of the enum when no side has a value of it. */
export function enumValueSubject(change: Change, typeName: string, number: number): Subject {
  const before = change.before.types.getEnum(typeName);
  const after = change.after.types.getEnum(typeName);
  const named = (type: typeof before, name: string | undefined): DescEnumValue | undefined =>
    type?.values.find((value) => value.name === name);
  const old = before?.values.find((value) => value.number === number);
  const now = after?.values.find((value) => value.number === number);
  const name = old?.name ?? now?.name;
  // A value that was renumbered is one subject by either number.
  const [was, is] = [named(before, name), named(after, name)];
  const place = placeOf(change, is ?? now ?? after, before);
  if (name === undefined) return { name: typeName, change: `number ${number} has no name on either side`, ...place };
  const subject = { name: `${typeName}.${name}`, ...place };
  if (was === undefined) return { ...subject, change: `value ${number} added` };
  if (is === undefined)
    return {
      ...subject,
      change: now === undefined ? `value ${number} deleted` : `value ${number}: ${name} → ${now.name}`,
    };
  if (was.number !== is.number) return { ...subject, change: `value ${was.number} → ${is.number}` };
  return {
    ...subject,
    change:
      now !== undefined && now.name !== name
        ? `alias ${now.name} placed before it`
        : `value ${number} is printed differently`,
  };
}

function enumChange(message: string): string {
  return message.includes("deleted from file") ? "enum deleted" : shortened(message);
}

function fileChange(message: string): string {
  return message.includes("deleted") ? "file deleted" : shortened(message);
}

/** buf's sentence without the subject that stands before it anyway. */
function shortened(message: string): string {
  return message.replace(/\.$/, "").replace(/^Previously present /, "");
}

interface Words {
  readonly file?: string | undefined;
  readonly message?: string | undefined;
  readonly field?: string | undefined;
  readonly name?: string | undefined;
  readonly oneof?: string | undefined;
  readonly enum?: string | undefined;
  readonly value?: string | undefined;
  readonly service?: string | undefined;
  readonly rpc?: string | undefined;
}

/** The map field of an entry type, `AEntry` or `M.AEntry`, which buf names like any message. */
function mapFieldOf({ before, after }: Change, name: string | undefined, path: string): DescField | undefined {
  const simple = name?.slice(name.lastIndexOf(".") + 1);
  if (simple === undefined) return undefined;
  return messagesOf([...before.files, ...after.files])
    .filter((message) => message.file.proto.name === path)
    .filter((message) =>
      message.proto.nestedType.some((type) => type.name === simple && type.options?.mapEntry === true),
    )
    .flatMap((message) =>
      message.fields.filter((field) => field.proto.typeName.endsWith(`.${message.name}.${simple}`)),
    )[0];
}

/** The names that buf's messages give: `Field "2" with name "position" on message "TextEvent" changed type …`. */
function quotedAfter(text: string): Words {
  const after = (pattern: RegExp): string | undefined => pattern.exec(text)?.[1];
  return {
    file: after(/\bfile "([^"]+)"/i),
    message: after(/\bmessage "([^"]+)"/i),
    field: after(/^(?:Previously present |Extension )?field "(\d+)"/i),
    name: after(/\bwith name "([^"]+)"/i),
    oneof: after(/^Previously present oneof "([^"]+)"/i),
    enum: after(/\benum "([^"]+)"/i),
    value: after(/\benum value "(-?\d+)"/i),
    service: after(/\bservice "([^"]+)"/i),
    rpc: after(/\bRPC "([^"]+)"/i),
  };
}

/** buf names a nested type without what it is nested in: where several have that name, the line decides. */
function pick<T extends DescMessage | ReturnType<typeof enumsOf>[number]>(
  change: Change,
  list: (files: Image["files"]) => readonly T[],
  name: string,
  { path, line, message }: BufFinding,
): T | undefined {
  const deleted = message.endsWith("was deleted from file.");
  const fits = (type: T): boolean => type.name === name || type.typeName === name || type.typeName.endsWith(`.${name}`);
  const inFile = (type: T): boolean => type.file.proto.name === path;
  const now = list(change.after.files).filter((type) => fits(type) && inFile(type));
  const lineDistance = (type: T): number => {
    const lines = linesOf(type);
    return lines !== undefined && lines.first <= line && line <= lines.last
      ? lines.last - lines.first
      : Number.POSITIVE_INFINITY;
  };
  const [nearest] = now.toSorted((a, b) => lineDistance(a) - lineDistance(b));
  const old = list(change.before.files).filter(fits);
  const gone = old.find((type) => inFile(type) && type.typeName.slice(type.file.proto.package.length + 1) === name);
  if (deleted) return gone ?? nearest ?? old[0];
  return nearest ?? old.find(inFile) ?? old[0];
}

/** What happened to a field, in a few words. */
export function describeChange(old: DescField | undefined, now: DescField | undefined, sameName?: DescField): string {
  if (old === undefined) return now === undefined ? "changed" : `added as ${typeText(now)} = ${now.number}`;
  if (now === undefined) return `${typeText(old)} = ${old.number} deleted`;
  const parts: string[] = [];
  const [before, after] = [typeText(old), typeText(now)];
  const named = elementName(old) !== elementName(now) && before === after;
  if (before !== after || named)
    parts.push(named ? `${before} ${elementName(old)} → ${after} ${elementName(now)}` : `${before} → ${after}`);
  if (old.number !== now.number) parts.push(`number ${old.number} → ${now.number}`);
  if (old.name !== now.name) {
    parts.push(`renamed to ${now.name}`);
    if (sameName !== undefined && sameName.number !== old.number)
      parts.push(`${old.name} is now number ${sameName.number}`);
  } else if (old.jsonName !== now.jsonName) parts.push(`JSON name ${old.jsonName} → ${now.jsonName}`);
  const [from, to] = [old.oneof?.name, now.oneof?.name];
  if (from !== to)
    parts.push(
      from === undefined
        ? `moved into oneof ${to}`
        : to === undefined
          ? `moved out of oneof ${from}`
          : `moved from oneof ${from} to ${to}`,
    );
  return parts.length === 0 ? `${after}: its type or an option changed` : parts.join(", ");
}

function elementName(field: DescField): string {
  return (field.message ?? field.enum)?.typeName ?? "";
}

/** The type of a field as a reader of the wire thinks of it: an enum is an int32. */
function typeText(field: DescField): string {
  const element =
    field.message !== undefined
      ? "message"
      : field.enum !== undefined
        ? "int32 enum"
        : ScalarType[field.scalar ?? 0]?.toLowerCase();
  if (field.fieldKind === "map") return `map<${ScalarType[field.mapKey].toLowerCase()}, ${element}>`;
  if (field.fieldKind === "list") return `repeated ${element}`;
  if (field.presence === FeatureSet_FieldPresence.LEGACY_REQUIRED) return `required ${element}`;
  const optional =
    field.presence === FeatureSet_FieldPresence.EXPLICIT && field.oneof === undefined && field.message === undefined;
  return `${optional ? "optional " : ""}${element}`;
}
