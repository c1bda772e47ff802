import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";

/** The wire types of the protobuf encoding; 3 and 4 (groups) and 6, 7 (undefined) are never legal here. */
export type LegalWireType = 0 | 1 | 2 | 5;

/** What the pre-scan must know of one field. */
export interface FieldPlan {
  /** The name in the .proto file. */
  readonly name: string;
  readonly wireType: LegalWireType;
  /** The wire type of the elements when the field may also come packed (length-delimited), else undefined. */
  readonly packed: Exclude<LegalWireType, 2> | undefined;
  /** Whether the content must be UTF-8. */
  readonly utf8: boolean;
  /** The plan of a message-typed or map field's content. */
  readonly message: MessagePlan | undefined;
  /** Whether a failure's path names the occurrence: `content[2]`. */
  readonly indexed: boolean;
  /** Whether it is an arm of a oneof (a synthetic one of proto3's `optional` is none). */
  readonly arm: boolean;
}

/** What the pre-scan must know of one message type. */
export interface MessagePlan {
  readonly fields: ReadonlyMap<number, FieldPlan>;
}

const plans = new WeakMap<DescMessage, MessagePlan>();

/** The plan of a message type, made at first use. */
export function wirePlan(desc: DescMessage): MessagePlan {
  const known = plans.get(desc);
  if (known !== undefined) return known;
  const fields = new Map<number, FieldPlan>();
  const plan: MessagePlan = { fields };
  // Before the fields: types may contain themselves.
  plans.set(desc, plan);
  for (const field of desc.fields) fields.set(field.number, fieldPlan(field));
  return plan;
}

function fieldPlan(field: DescField): FieldPlan {
  const base = {
    name: field.name,
    packed: undefined,
    utf8: false,
    message: undefined,
    indexed: false,
    arm: field.oneof !== undefined,
  };
  if (field.fieldKind === "map") return { ...base, wireType: 2, message: entryPlan(field), indexed: true };
  const indexed = field.fieldKind === "list";
  if (field.message !== undefined) return { ...base, wireType: 2, message: wirePlan(field.message), indexed };
  const content = field.scalar === undefined ? enumeration : scalar(field.scalar, field.utf8Validation);
  const packed = indexed && content.wireType !== 2 ? content.wireType : undefined;
  return { ...base, ...content, packed, indexed };
}

/** How an enum's value comes. */
const enumeration: ScalarPlan = { wireType: 0, utf8: false };

/** A map is a repeated message of key (1) and value (2) on the wire. */
function entryPlan(field: DescField & { fieldKind: "map" }): MessagePlan {
  const base = { packed: undefined, message: undefined, indexed: false, arm: false };
  const key: FieldPlan = { ...base, name: "key", ...scalar(field.mapKey, field.utf8Validation) };
  let value: FieldPlan;
  if (field.mapKind === "message") {
    value = { ...base, name: "value", wireType: 2, utf8: false, message: wirePlan(field.message) };
  } else if (field.mapKind === "enum") {
    value = { ...base, name: "value", ...enumeration };
  } else {
    value = { ...base, name: "value", ...scalar(field.scalar, field.utf8Validation) };
  }
  return {
    fields: new Map([
      [1, key],
      [2, value],
    ]),
  };
}

type ScalarPlan = Pick<FieldPlan, "wireType" | "utf8">;

function scalar(type: ScalarType, utf8Validation: boolean): ScalarPlan {
  switch (type) {
    case ScalarType.STRING:
      return { wireType: 2, utf8: utf8Validation };
    case ScalarType.BYTES:
      return { wireType: 2, utf8: false };
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return { wireType: 1, utf8: false };
    case ScalarType.FLOAT:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return { wireType: 5, utf8: false };
    default:
      return { wireType: 0, utf8: false };
  }
}
