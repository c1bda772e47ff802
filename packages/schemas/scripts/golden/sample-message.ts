import { create, type DescField, type DescMessage, type Message, ScalarType } from "@bufbuild/protobuf";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";

/** The values that a sample takes for its fields. */
export interface SampleValues {
  string(field: DescField): string;
  uint32(field: DescField): number;
  /** One of the enum's values, or a number that it has none for. */
  enum(field: DescField): number;
  readonly timestamp: { readonly seconds: bigint; readonly nanos: number };
}

/** Distinct values without anything odd about them; the strings hold characters of one to four bytes. */
export const plainValues: SampleValues = {
  string: (field) => `${field.name} é → 😀`,
  uint32: (field) => 1000 + field.number,
  enum: (field) => field.enum?.values.at(-1)?.number ?? 0,
  // 2026-01-31T12:00:00.123456789Z
  timestamp: { seconds: 1_769_860_800n, nanos: 123_456_789 },
};

/**
 * A message with every field set, at every depth. Of a oneof the arm of index `arm` is set; lists have two elements, of
 * which the second has the next arm. Derived from the descriptor alone.
 * @throws Error for kinds of field that the chat schemas do not have: whoever adds one decides its values here.
 */
export function sampleMessage(desc: DescMessage, values: SampleValues = plainValues, arm = 0): Message {
  if (desc.typeName === TimestampSchema.typeName) return create(TimestampSchema, values.timestamp);
  const init: Record<string, unknown> = {};
  for (const member of desc.members) {
    if (member.kind === "field") {
      init[member.localName] = fieldValue(member, values);
      continue;
    }
    const field = member.fields[arm % member.fields.length];
    if (field !== undefined) init[member.localName] = { case: field.localName, value: fieldValue(field, values) };
  }
  return create(desc, init);
}

function fieldValue(field: DescField, values: SampleValues): unknown {
  switch (field.fieldKind) {
    case "message":
      return sampleMessage(field.message, values);
    case "enum":
      return values.enum(field);
    case "scalar":
      if (field.scalar === ScalarType.STRING) return values.string(field);
      if (field.scalar === ScalarType.UINT32) return values.uint32(field);
      break;
    case "list":
      if (field.message !== undefined) return [0, 1].map((arm) => sampleMessage(field.message, values, arm));
      break;
    default:
      break;
  }
  throw new Error(`${field.toString()}: golden vectors have no sample of this kind yet; add one`);
}
