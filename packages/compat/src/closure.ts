import { type DescEnum, type DescField, type DescMessage, toBinary } from "@bufbuild/protobuf";
import { DescriptorProtoSchema, EnumDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";

/** The message type and all messages and enums that its messages may contain. */
export function closureOf(desc: DescMessage): ReadonlySet<DescMessage | DescEnum> {
  const found = new Set<DescMessage | DescEnum>();
  const visit = (type: DescMessage): void => {
    if (found.has(type)) return;
    found.add(type);
    for (const field of type.fields) {
      if (field.enum !== undefined) found.add(field.enum);
      if (field.message !== undefined) visit(field.message);
    }
  };
  visit(desc);
  return found;
}

/**
 * A text that is equal for two versions of a type exactly when nothing that decides about bytes, names and JSON of its
 * messages differs. Comments and the order of declarations in other types do not count.
 */
export function fingerprintOf(desc: DescMessage): string {
  return [...closureOf(desc)].map(ownFingerprint).toSorted().join("\n");
}

const known = new WeakMap<DescMessage | DescEnum, string>();

function ownFingerprint(type: DescMessage | DescEnum): string {
  let text = known.get(type);
  if (text === undefined) {
    const bytes =
      type.kind === "enum"
        ? toBinary(EnumDescriptorProtoSchema, type.proto)
        : // Map entries are nested types too: their key and value stand in the field's own line.
          toBinary(DescriptorProtoSchema, { ...type.proto, nestedType: [], enumType: [] });
    // What features make of a field: presence, packing, delimiters, UTF-8, closed enums.
    const resolved = type.kind === "enum" ? [type.open] : type.fields.map(resolvedFeatures);
    text = `${type.typeName} ${Buffer.from(bytes).toString("hex")} ${JSON.stringify(resolved)}`;
    known.set(type, text);
  }
  return text;
}

function resolvedFeatures(field: DescField): unknown {
  return [
    field.presence,
    field.utf8Validation,
    field.fieldKind,
    "packed" in field && field.packed,
    "delimitedEncoding" in field && field.delimitedEncoding,
    field.fieldKind === "map"
      ? [field.mapKey, field.mapKind, field.scalar, field.enum?.typeName, field.message?.typeName]
      : [],
  ];
}
