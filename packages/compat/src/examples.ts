import { type DescEnum, type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import type { MessageValue, Scalar, Value } from "./value.ts";

/**
 * Messages in which differences show most often, the smallest first: the empty one, each field alone with edge values,
 * and each pair of neighbouring fields. Sub-messages are empty: inner types have examples of their own.
 */
export function* examplesOf(desc: DescMessage): Generator<MessageValue> {
  const message = (...fields: [number, Value][]): MessageValue => ({
    kind: "message",
    desc,
    fields: new Map([...emptyOf(desc).fields, ...fields]),
    unknown: [],
  });
  yield message();
  for (const field of desc.fields) for (const value of edgesOf(field)) yield message([field.number, value]);
  for (const [index, field] of desc.fields.entries()) {
    const next = desc.fields[index + 1];
    if (next === undefined || (field.oneof !== undefined && field.oneof === next.oneof)) continue;
    const [first, second] = [edgesOf(field)[0], edgesOf(next)[0]];
    if (first !== undefined && second !== undefined) yield message([field.number, first], [next.number, second]);
  }
}

/** The smallest message of a type: empty, but for required fields of proto2. */
function emptyOf(desc: DescMessage): MessageValue {
  const required = desc.fields.filter((field) => field.presence === FeatureSet_FieldPresence.LEGACY_REQUIRED);
  const fields = required.flatMap((field): [number, Value][] => {
    const value = edgesOf(field)[0];
    return value === undefined ? [] : [[field.number, value]];
  });
  return { kind: "message", desc, fields: new Map(fields), unknown: [] };
}

function edgesOf(field: DescField): Value[] {
  const items: Value[] =
    field.message === undefined
      ? scalarEdges(field.enum ?? field.scalar ?? ScalarType.STRING)
      : [emptyOf(field.message)];
  if (field.fieldKind === "list")
    return [...items.map((item) => [item]), items.slice(0, 2), [items[0] as Value, items[0] as Value]];
  if (field.fieldKind !== "map") return items;
  const keys = scalarEdges(field.mapKey);
  return keys.map((key) => ({ kind: "map", entries: new Map([[String(key), { key, value: items[0] as Value }]]) }));
}

/** Values that tell types apart: small, negative, at the ends of 32 and 64 bits, not ASCII, not UTF-8. */
function scalarEdges(type: ScalarType | DescEnum): Scalar[] {
  if (typeof type === "object") {
    const known = type.values.map((value) => value.number).filter((number) => number !== 0);
    return type.open ? [...known, 0, 99, -1] : [...known, 0];
  }
  switch (type) {
    case ScalarType.STRING:
      // The last has a length of two bytes.
      return ["a", "", "é", "ab", "a".repeat(128)];
    case ScalarType.BYTES:
      return [Uint8Array.of(0), new Uint8Array(), Uint8Array.of(0x80)];
    case ScalarType.BOOL:
      return [true, false];
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return [1, 0, 0.5, -1];
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return [1, 2, 0, -1, 2 ** 31 - 1];
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return [1, 2, 0, 2 ** 31];
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return [1n, 2n, 0n, 2n ** 31n, 2n ** 32n, 2n ** 63n];
    default:
      return [1n, 2n, 0n, -1n, 2n ** 31n, 2n ** 32n];
  }
}
