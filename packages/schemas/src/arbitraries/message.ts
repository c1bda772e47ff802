import {
  create,
  type DescField,
  type DescMessage,
  type DescOneof,
  type MessageShape,
  type ScalarType,
} from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence, isWrapperDesc } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { enumValue, scalarValue } from "./values.ts";

/** What messages an arbitrary makes. */
export interface MessageArbitraryOptions {
  /** Numbers that an (open) enum has no value for. Default true. */
  readonly unknownEnums?: boolean;
  /** Unknown fields, as a newer schema would leave behind. ProtoJSON can't hold them. Default false. */
  readonly unknownFields?: boolean;
  /**
   * Only what ProtoJSON can hold: a google.protobuf Timestamp or Duration in range, a Value with a kind that is set and
   * finite, a FieldMask of plain names. Default true.
   */
  readonly json?: boolean;
  /** How deep messages nest, the outermost counted; required fields of proto2 are set beyond it. Default 4. */
  readonly depth?: number;
  /** Elements of a list or map. Default 3. */
  readonly length?: number;
}

/**
 * Any message of a type: each field set or not, edge values, at most one arm of a oneof. It follows the descriptor
 * alone, so that a field that is added is tested without a change here.
 */
export function anyMessage<Desc extends DescMessage>(
  desc: Desc,
  options: MessageArbitraryOptions = {},
): fc.Arbitrary<MessageShape<Desc>> {
  const { unknownEnums = true, unknownFields = false, json = true, depth = 4, length = 3 } = options;
  return message(desc, { unknownEnums, unknownFields, json, depth, length }) as fc.Arbitrary<MessageShape<Desc>>;
}

type Settings = Required<MessageArbitraryOptions>;

function message(desc: DescMessage, settings: Settings): fc.Arbitrary<MessageShape<DescMessage>> {
  const special = settings.json ? jsonOnly(desc) : undefined;
  const init = special ?? fc.record(members(desc, settings), { requiredKeys: [] });
  const known = init.map((fields) => create(desc, fields as Record<string, unknown>));
  if (!settings.unknownFields) return known;
  return fc.tuple(known, strangeFields(desc)).map(([value, fields]) => {
    if (fields.length > 0) value.$unknown = fields;
    return value;
  });
}

function members(desc: DescMessage, settings: Settings): Record<string, fc.Arbitrary<unknown>> {
  const arbitraries: Record<string, fc.Arbitrary<unknown>> = {};
  for (const member of desc.members) {
    if (member.kind === "oneof") {
      const arms = oneof(member, settings);
      if (arms !== undefined) arbitraries[member.localName] = arms;
      continue;
    }
    const value = fieldValue(member, settings);
    if (value === undefined) continue;
    // LEGACY_REQUIRED: proto2's `required`.
    arbitraries[member.localName] =
      member.presence === FeatureSet_FieldPresence.LEGACY_REQUIRED ? value : optional(value);
  }
  return arbitraries;
}

function optional<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined, freq: 4 });
}

function oneof(desc: DescOneof, settings: Settings): fc.Arbitrary<unknown> | undefined {
  const arms = desc.fields.flatMap((field) => {
    const value = fieldValue(field, settings);
    return value === undefined ? [] : [value.map((held) => ({ case: field.localName, value: held }))];
  });
  return arms.length === 0 ? undefined : optional(fc.oneof(...arms));
}

/** undefined: the field stays unset, since messages may nest no deeper. */
function fieldValue(field: DescField, settings: Settings): fc.Arbitrary<unknown> | undefined {
  switch (field.fieldKind) {
    case "scalar":
      return scalar(field, field.scalar);
    case "enum":
      return enumValue(field.enum, settings.unknownEnums);
    case "message": {
      // protobuf-es keeps a wrapper in a field as the bare value, and a Struct as a JSON object.
      if (isWrapperDesc(field.message) && field.oneof === undefined)
        return scalar(field, field.message.fields[0].scalar);
      return nested(field.message, field.parent, settings, field.presence === FeatureSet_FieldPresence.LEGACY_REQUIRED);
    }
    case "list": {
      const element = elementValue(field, settings);
      return element && fc.array(element, { maxLength: settings.length });
    }
    default: {
      const key = scalarValue(field.mapKey).map(String);
      const value = elementValue(field, settings);
      return value && fc.dictionary(key, value, { maxKeys: settings.length });
    }
  }
}

function elementValue(field: DescField, settings: Settings): fc.Arbitrary<unknown> | undefined {
  if (field.message !== undefined) return nested(field.message, field.parent, settings, false);
  if (field.enum !== undefined) return enumValue(field.enum, settings.unknownEnums);
  return field.scalar === undefined ? undefined : scalar(field, field.scalar);
}

function scalar(field: DescField, type: ScalarType): fc.Arbitrary<unknown> {
  const value = scalarValue(type);
  return "longAsString" in field && field.longAsString ? value.map(String) : value;
}

function nested(
  desc: DescMessage,
  parent: DescMessage,
  settings: Settings,
  required: boolean,
): fc.Arbitrary<unknown> | undefined {
  if (desc.typeName === "google.protobuf.Struct" && parent.typeName !== "google.protobuf.Value") return jsonObject();
  if (settings.depth <= 1 && !required) return undefined;
  return message(desc, { ...settings, depth: settings.depth - 1 });
}

function jsonObject(): fc.Arbitrary<unknown> {
  // Through JSON: −0 becomes 0, as it would on the way.
  return fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }).map((value) => JSON.parse(JSON.stringify(value)));
}

/** Field values of the well-known types whose JSON can't hold everything their fields can. */
function jsonOnly(desc: DescMessage): fc.Arbitrary<unknown> | undefined {
  const nanos = fc.oneof(fc.integer({ min: 0, max: 999_999_999 }), fc.constantFrom(0, 1, 500_000_000, 999_999_999));
  switch (desc.typeName) {
    case "google.protobuf.Timestamp": {
      const [first, last] = [-62_135_596_800n, 253_402_300_799n];
      const seconds = fc.oneof(fc.bigInt({ min: first, max: last }), fc.constantFrom(0n, -1n, first, last));
      return fc.record({ seconds, nanos });
    }
    case "google.protobuf.Duration": {
      const seconds = fc.bigInt({ min: 0n, max: 315_576_000_000n });
      return fc
        .record({ seconds, nanos, negative: fc.boolean() })
        .map((value) => (value.negative ? { seconds: -value.seconds, nanos: -value.nanos || 0 } : value));
    }
    case "google.protobuf.FieldMask":
      return fc.record({ paths: fc.array(fc.stringMatching(/^[a-z]{1,8}(\.[a-z]{1,8})?$/), { maxLength: 3 }) });
    case "google.protobuf.Any":
      return fc.constant({});
    case "google.protobuf.Value":
      return fc.oneof(
        fc.constant({ kind: { case: "nullValue", value: 0 } }),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => ({ kind: { case: "numberValue", value } })),
        fc.string().map((value) => ({ kind: { case: "stringValue", value } })),
        fc.boolean().map((value) => ({ kind: { case: "boolValue", value } })),
      );
    default:
      return undefined;
  }
}

/** Fields of legal numbers that the type has not, as protobuf-es keeps them: the bytes after the tag. */
function strangeFields(desc: DescMessage): fc.Arbitrary<{ no: number; wireType: number; data: Uint8Array }[]> {
  const used = new Set(desc.fields.map((field) => field.number));
  const no = fc
    .oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(2047, 2048, 0x1fff_ffff))
    .filter((number) => !used.has(number));
  const content = fc.oneof(
    fc.integer({ min: 0, max: 127 }).map((value) => ({ wireType: 0, data: Uint8Array.of(value) })),
    fc.uint8Array({ minLength: 8, maxLength: 8 }).map((data) => ({ wireType: 1, data })),
    fc.uint8Array({ maxLength: 20 }).map((data) => ({ wireType: 2, data: Uint8Array.of(data.length, ...data) })),
    fc.uint8Array({ minLength: 4, maxLength: 4 }).map((data) => ({ wireType: 5, data })),
  );
  return fc.array(
    fc.tuple(no, content).map(([number, held]) => ({ no: number, ...held })),
    { maxLength: 3 },
  );
}
