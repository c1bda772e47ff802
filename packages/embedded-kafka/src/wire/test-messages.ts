import fc from "fast-check";
import type { ApiName } from "./api-name.ts";
import { type FieldFacts, type MessageFacts, messageFacts } from "./messages.generated.ts";
import { primitiveDefault } from "./primitive-codec.ts";

/** A message of the table in one of its versions. */
export interface MessageVersion {
  readonly api: ApiName;
  readonly kind: "Request" | "Response";
  readonly version: number;
}

/** Every message of every API in every version that the table has. */
export function everyMessage(): MessageVersion[] {
  return messageFacts.flatMap(([name, , first, last]) => {
    const match = /^(.+)(Request|Response)$/.exec(name);
    if (match === null) return [];
    const [, api, kind] = match as unknown as [string, ApiName, MessageVersion["kind"]];
    return Array.from({ length: last - first + 1 }, (_, index) => ({ api, kind, version: first + index }));
  });
}

/** Any body that the version can carry; fields outside of it have their default, as after decoding. */
export function anyBody({ api, kind, version }: MessageVersion): fc.Arbitrary<Record<string, unknown>> {
  const facts = messageFacts.find(([name]) => name === `${api}${kind}`) as MessageFacts;
  return structOf(facts[5], version);
}

function structOf(fields: readonly FieldFacts[], version: number): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(Object.fromEntries(fields.map((facts) => [facts[0], fieldOf(facts, version)])));
}

function fieldOf(facts: FieldFacts, version: number): fc.Arbitrary<unknown> {
  const [, type, from, to, nullFrom, nullTo, , , text, inner] = facts;
  const isArray = type.startsWith("[]");
  const element = isArray ? type.slice(2) : type;
  if (version < from || version > to) return fc.constant(defaultOf(facts));
  const single = inner === null ? primitiveOf(element) : structOf(inner, version);
  const value = isArray ? fc.array(single, { maxLength: 3 }) : single;
  const standard = inner === null && !isArray && text !== "null" ? [fc.constant(primitiveDefault(element, text))] : [];
  const nothing = (version >= nullFrom && version <= nullTo) || type === "records" ? [fc.constant(null)] : [];
  return fc.oneof(value, ...standard, ...nothing);
}

/** The default, told from the table alone: not by the code under test. */
function defaultOf([, type, , , nullFrom, nullTo, , , text, inner]: FieldFacts): unknown {
  if (text === "null" && nullTo >= nullFrom) return null;
  if (type.startsWith("[]")) return [];
  if (inner === null) return primitiveDefault(type, text);
  return Object.fromEntries(inner.map((facts) => [facts[0], defaultOf(facts)]));
}

const bytes = fc.uint8Array({ maxLength: 20 });

function primitiveOf(type: string): fc.Arbitrary<unknown> {
  switch (type) {
    case "bool":
      return fc.boolean();
    case "int8":
      return fc.integer({ min: -0x80, max: 0x7f });
    case "int16":
      return fc.integer({ min: -0x8000, max: 0x7fff });
    case "int32":
      return fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff });
    case "int64":
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case "float64":
      return fc.double({ noNaN: true });
    case "uuid":
      return fc.uuid();
    case "string":
      return fc.oneof(fc.string({ maxLength: 20, unit: "grapheme" }), fc.string({ minLength: 120, maxLength: 140 }));
    case "bytes":
    case "records":
      return bytes;
    default:
      throw new Error(`no arbitrary for ${type}`);
  }
}
