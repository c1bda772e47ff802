import { type RecordHeader, schemaOfTopic } from "@ondash/schemas";
import type { TopicOffsets } from "../observation.ts";
import { decodeBase64 } from "./base64.ts";

/** Why a line can't be read; caught by the parser, which knows file and line. */
export class LineError extends Error {
  override readonly name: string = "LineError";
}

type Json = Readonly<Record<string, unknown>>;

/** A required member. `where` names the line's kind. */
function member(object: Json, name: string, where: string): unknown {
  if (!Object.hasOwn(object, name)) throw new LineError(`${where} has no "${name}"`);
  return object[name];
}

function refuse(where: string, name: string, want: string): never {
  throw new LineError(`"${name}" of ${where} must be ${want}`);
}

/** A member that is a JSON object. */
export function objectMember(object: Json, name: string, where: string): Json {
  const value = member(object, name, where);
  if (typeof value !== "object" || value === null || Array.isArray(value)) refuse(where, name, "an object");
  return value as Json;
}

/** A member that is a string. */
export function stringMember(object: Json, name: string, where: string): string {
  const value = member(object, name, where);
  return typeof value === "string" ? value : refuse(where, name, "a string");
}

/** A member that is a boolean. */
export function booleanMember(object: Json, name: string, where: string): boolean {
  const value = member(object, name, where);
  return typeof value === "boolean" ? value : refuse(where, name, "true or false");
}

/** A member that is one of a few strings. */
export function choiceMember<T extends string>(object: Json, name: string, where: string, choices: readonly T[]): T {
  const value = member(object, name, where);
  return (
    choices.find((choice) => choice === value) ??
    refuse(where, name, choices.map((choice) => `"${choice}"`).join(" or "))
  );
}

function isInteger(value: unknown, min: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= min;
}

/** A member that is an integer from `min` to 2⁵³−1. */
export function integerMember(object: Json, name: string, where: string, min = 0): number {
  const value = member(object, name, where);
  // `+ 0` makes 0 of -0, which JSON can write.
  return isInteger(value, min) ? value + 0 : refuse(where, name, `an integer from ${min} to 2^53-1`);
}

/** A member that is the name of a topic of a schema version. */
export function topicMember(object: Json, where: string): string {
  const topic = stringMember(object, "topic", where);
  requireTopic(topic, where);
  return topic;
}

function requireTopic(topic: string, where: string): void {
  if (schemaOfTopic(topic) === undefined) {
    throw new LineError(`${where} names topic ${JSON.stringify(topic)}, which is of no schema version`);
  }
}

/** A member that has offsets per partition of topics. */
export function offsetsMember(object: Json, name: string, where: string): TopicOffsets {
  const topics = objectMember(object, name, where);
  for (const [topic, offsets] of Object.entries(topics)) {
    requireTopic(topic, where);
    if (!Array.isArray(offsets) || !offsets.every((offset) => isInteger(offset, 0))) {
      refuse(where, `${name}.${topic}`, "an array of integers from 0 to 2^53-1");
    }
  }
  return topics as TopicOffsets;
}

const utf8 = new TextEncoder();

/** Bytes given as a UTF-8 string, `{"base64": "…"}` or null. */
function bytesOf(value: unknown, name: string, where: string): Uint8Array | null {
  if (value === null) return null;
  if (typeof value === "string") {
    if (!value.isWellFormed()) refuse(where, name, "a string without lone surrogates");
    return utf8.encode(value);
  }
  if (typeof value !== "object" || Array.isArray(value)) refuse(where, name, 'a string, {"base64": "…"} or null');
  return base64Of(stringMember(value as Json, "base64", `"${name}" of ${where}`), name, where);
}

function base64Of(text: string, name: string, where: string): Uint8Array {
  return decodeBase64(text) ?? refuse(where, name, "base64 as of RFC 4648 section 4, with padding");
}

/** The key of a record. */
export function keyMember(object: Json, where: string): Uint8Array | null {
  return bytesOf(member(object, "key", where), "key", where);
}

/** The value of a record: base64, or null. */
export function valueMember(object: Json, where: string): Uint8Array | null {
  const value = member(object, "value", where);
  if (value === null) return null;
  return typeof value === "string" ? base64Of(value, "value", where) : refuse(where, "value", "base64 or null");
}

/** The headers of a record: pairs of a name and a value. */
export function headersMember(object: Json, where: string): RecordHeader[] {
  const list = member(object, "headers", where);
  if (!Array.isArray(list)) refuse(where, "headers", "an array");
  return (list as readonly unknown[]).map((pair, index): RecordHeader => {
    const name = `headers[${index}]`;
    if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[0] !== "string") {
      return refuse(where, name, "a pair of a name and a value");
    }
    return [pair[0], bytesOf(pair[1], name, where)];
  });
}
