import { type DescEnum, type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { isList, isMap, isMessage, type MessageValue, type Scalar, type Value } from "./value.ts";
import { isZero } from "./wire-scalar.ts";

/**
 * Any message of a type, from its descriptor alone: each field set or not, at most one arm of a oneof, edge values,
 * numbers that an open enum has no value for, floats of 32 bits. Messages nest `depth` deep, the outermost counted;
 * only required fields of proto2 go beyond.
 *
 * Not the arbitraries of `@ondash/schemas`: their strings take fast-check a second to prepare, which is half of what the
 * whole gate may take.
 */
export function anyValue(desc: DescMessage, depth = 3): fc.Arbitrary<MessageValue> {
  const members = desc.members.flatMap((member): fc.Arbitrary<[number, Value] | undefined>[] => {
    if (member.kind === "field") return anyField(member, depth);
    const arms = member.fields.flatMap((field) => anyField(field, depth, true));
    return arms.length === 0 ? [] : [fc.oneof(fc.constant(undefined), ...arms)];
  });
  return fc.tuple(...members).map((fields) => ({
    kind: "message",
    desc,
    fields: new Map(fields.filter((field) => field !== undefined)),
    unknown: [],
  }));
}

function anyField(field: DescField, depth: number, arm = false): fc.Arbitrary<[number, Value] | undefined>[] {
  const required = field.presence === FeatureSet_FieldPresence.LEGACY_REQUIRED;
  const held = anyHeld(field, required ? Math.max(depth, 2) : depth);
  if (held === undefined) return [];
  const implicit = field.presence === FeatureSet_FieldPresence.IMPLICIT;
  const set = held.map((value): [number, Value] | undefined =>
    implicit && isDefault(value) ? undefined : [field.number, value],
  );
  return [required || arm ? set : fc.option(set, { nil: undefined, freq: 2 })];
}

/** What a field without presence can't tell from not being set. */
function isDefault(value: Value): boolean {
  if (isMessage(value)) return false;
  if (isMap(value)) return value.entries.size === 0;
  return isList(value) ? value.length === 0 : isZero(value);
}

function anyHeld(field: DescField, depth: number): fc.Arbitrary<Value> | undefined {
  const item = anyItem(field, depth);
  if (item === undefined) return undefined;
  if (field.fieldKind === "list") return fc.array(item, { minLength: 1, maxLength: 2 });
  if (field.fieldKind !== "map") return item;
  return fc.array(fc.tuple(anyScalar(field.mapKey), item), { minLength: 1, maxLength: 2 }).map((pairs) => ({
    kind: "map",
    entries: new Map(pairs.map(([key, value]) => [String(key), { key, value }])),
  }));
}

function anyItem(field: DescField, depth: number): fc.Arbitrary<Value> | undefined {
  if (field.message !== undefined)
    return depth <= 1 ? undefined : (timeLike(field.message) ?? anyValue(field.message, depth - 1));
  return field.enum === undefined ? anyScalar(field.scalar ?? ScalarType.STRING) : anyEnum(field.enum);
}

function anyEnum(type: DescEnum): fc.Arbitrary<number> {
  const known = fc.constantFrom(...type.values.map((value) => value.number));
  if (!type.open) return known;
  return fc.oneof({ weight: 4, arbitrary: known }, { weight: 1, arbitrary: fc.integer() });
}

/** The types whose ProtoJSON has a range. */
function timeLike(desc: DescMessage): fc.Arbitrary<MessageValue> | undefined {
  const range = {
    "google.protobuf.Timestamp": [-62_135_596_800n, 253_402_300_799n],
    "google.protobuf.Duration": [0n, 315_576_000_000n],
  };
  if (!(desc.typeName in range)) return undefined;
  const [min, max] = range[desc.typeName as keyof typeof range] as [bigint, bigint];
  return fc.tuple(fc.bigInt({ min, max }), fc.integer({ min: 0, max: 999_999_999 })).map(([seconds, nanos]) => ({
    kind: "message",
    desc,
    fields: new Map<number, Value>([
      ...(seconds === 0n ? [] : [[1, seconds] as const]),
      ...(nanos === 0 ? [] : [[2, nanos] as const]),
    ]),
    unknown: [],
  }));
}

function anyScalar(type: ScalarType): fc.Arbitrary<Scalar> {
  switch (type) {
    case ScalarType.STRING:
      return fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom("é", "日本語", "😀", "\u0000", "x".repeat(130)));
    case ScalarType.BYTES:
      return fc.uint8Array({ maxLength: 8 });
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.DOUBLE:
      return fc.oneof(fc.double(), fc.constantFrom(-0, 1, 1e300, Number.NaN));
    case ScalarType.FLOAT:
      return fc.oneof(fc.float(), fc.constantFrom(-0, 1, 0.5, Number.NaN));
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return fc.oneof(fc.integer(), fc.constantFrom(1, -1, 128, 2 ** 31 - 1, -(2 ** 31)));
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constantFrom(1, 128, 2 ** 31, 2 ** 32 - 1));
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return fc.oneof(
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        fc.constantFrom(1n, 2n ** 31n, 2n ** 32n, 2n ** 63n),
      );
    default:
      return fc.oneof(
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.constantFrom(1n, -1n, 2n ** 31n, 2n ** 32n),
      );
  }
}
