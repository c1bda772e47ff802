import { create, createFileRegistry, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import {
  type FieldDescriptorProto,
  FieldDescriptorProtoSchema,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";

/**
 * A message type with every kind of field that proto3 has, for what the chat schemas do not use: each scalar type
 * alone, as a packed and as an unpacked list and as a map's value, each legal key of a map, enums, a oneof of scalars
 * and a message, and itself, alone, as a list and in a map.
 */
export const kitchenSink: DescMessage = build();

function build(): DescMessage {
  const scalars = Object.entries(ScalarType).filter(
    (entry): entry is [string, ScalarType] => typeof entry[1] === "number",
  );
  const self = { type: Type.MESSAGE, typeName: ".kitchen.Sink" };
  const choice = { type: Type.ENUM, typeName: ".kitchen.Choice" };
  const fields: FieldDescriptorProto[] = [];
  const entries: { name: string; key: FieldType; value: FieldType }[] = [];
  const add = (name: string, type: FieldType, more: object = {}): void => {
    const number = fields.length + 1;
    // A compiler fills in json_name; what is built by hand must bring its own.
    const jsonName = name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    fields.push(
      create(FieldDescriptorProtoSchema, { name, jsonName, number, label: Label.OPTIONAL, ...type, ...more }),
    );
  };
  const addMap = (name: string, key: FieldType, value: FieldType): void => {
    const entry = `${name
      .split("_")
      .map((part) => part[0]?.toUpperCase() + part.slice(1))
      .join("")}Entry`;
    entries.push({ name: entry, key, value });
    add(name, { type: Type.MESSAGE, typeName: `.kitchen.Sink.${entry}` }, { label: Label.REPEATED });
  };

  for (const [name, scalar] of scalars) {
    const type = { type: scalar as unknown as Type };
    const low = name.toLowerCase();
    const packable = scalar !== ScalarType.STRING && scalar !== ScalarType.BYTES;
    add(`one_${low}`, type);
    add(`list_${low}`, type, { label: Label.REPEATED });
    if (packable) add(`loose_${low}`, type, { label: Label.REPEATED, options: { packed: false } });
    addMap(`map_${low}`, { type: Type.STRING }, type);
    const keyable = packable && scalar !== ScalarType.DOUBLE && scalar !== ScalarType.FLOAT;
    if (keyable) addMap(`by_${low}`, type, { type: Type.STRING });
  }
  add("one_choice", choice);
  add("list_choice", choice, { label: Label.REPEATED });
  addMap("map_choice", { type: Type.STRING }, choice);
  add("one_self", self);
  add("list_self", self, { label: Label.REPEATED });
  addMap("map_self", { type: Type.STRING }, self);
  add("arm_string", { type: Type.STRING }, { oneofIndex: 0 });
  add("arm_int32", { type: Type.INT32 }, { oneofIndex: 0 });
  add("arm_choice", choice, { oneofIndex: 0 });
  add("arm_self", self, { oneofIndex: 0 });

  const nestedType = entries.map(({ name, key, value }) => ({
    name,
    options: { mapEntry: true },
    field: [
      { name: "key", number: 1, label: Label.OPTIONAL, ...key },
      { name: "value", number: 2, label: Label.OPTIONAL, ...value },
    ],
  }));
  const file = create(FileDescriptorProtoSchema, {
    name: "kitchen.proto",
    package: "kitchen",
    syntax: "proto3",
    messageType: [{ name: "Sink", field: fields, nestedType, oneofDecl: [{ name: "arm" }] }],
    enumType: [
      {
        name: "Choice",
        value: [
          { name: "CHOICE_UNSPECIFIED", number: 0 },
          { name: "CHOICE_FIRST", number: 1 },
          { name: "CHOICE_NEGATIVE", number: -1 },
        ],
      },
    ],
  });
  const sink = createFileRegistry(create(FileDescriptorSetSchema, { file: [file] })).getMessage("kitchen.Sink");
  if (sink === undefined) throw new Error("kitchen.Sink was not built");
  return sink;
}

type FieldType = { readonly type: Type; readonly typeName?: string };
