import { ScalarType } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { eventKinds } from "./chat-schema.ts";
import { chatSchemas, chatV1, chatV2, schemaOf, schemaOfTopic } from "./chat-versions.ts";
import { SchemasError } from "./error.ts";

describe("the schemas", () => {
  it("name the topics of each version, completion going to complete", () => {
    expect(chatV1.topicList).toEqual(
      ["status", "text", "chart", "error", "complete"].map((name) => `ondash.llm.${name}`),
    );
    expect(chatV2.topicList).toEqual(
      ["status", "text", "chart", "error", "complete"].map((name) => `ondash.llm.v2.${name}`),
    );
    for (const schema of chatSchemas) {
      expect(schema.topicList).toEqual(eventKinds.map((kind) => schema.topics[kind]));
    }
  });

  it("have the kinds of events as the arms of their envelope, in the order of their numbers", () => {
    for (const { event, envelope, message, name } of chatSchemas) {
      expect(event.fields.map((field) => field.name)).toEqual(eventKinds);
      expect(event.fields.map((field) => field.number)).toEqual([10, 11, 12, 13, 14]);
      expect([envelope.typeName, message.typeName]).toEqual([`${name}.EventEnvelope`, `${name}.Message`]);
    }
  });
});

describe("schemaOf", () => {
  it("finds a schema by its name", () => {
    expect([schemaOf("chat.v1"), schemaOf("chat.v2")]).toEqual([chatV1, chatV2]);
  });

  it.each(["chat.v3", "", "toString"])("refuses %j and says what there is", (name) => {
    expect(() => schemaOf(name)).toThrow(SchemasError);
    expect(() => schemaOf(name)).toThrow(`[schema] there is no schema "${name}"; want chat.v1 or chat.v2`);
  });
});

describe("schemaOfTopic", () => {
  it("finds schema and kind of each topic", () => {
    for (const schema of chatSchemas) {
      for (const kind of eventKinds) expect(schemaOfTopic(schema.topics[kind])).toEqual({ schema, kind });
    }
  });

  it.each(["ondash.llm.completion", "ondash.llm", "ondash.llm.v3.text", ""])("knows no topic %j", (topic) => {
    expect(schemaOfTopic(topic)).toBeUndefined();
  });
});

/**
 * Recorded bytes and other languages depend on names, numbers and types: they never change. A field that is added to
 * chat.v2 is added here.
 */
describe("field numbers", () => {
  it.each(chatSchemas)("of $name are final", ({ envelope, message }) => {
    const files = [envelope.file, message.file];
    const lines = files.flatMap((file) =>
      file.messages.flatMap((desc) =>
        desc.fields.map((field) => {
          const type =
            field.message?.name ?? field.enum?.name ?? (field.scalar === ScalarType.STRING ? "string" : "uint32");
          const list = field.fieldKind === "list" ? "repeated " : "";
          return `${desc.name}.${field.name} = ${field.number} ${list}${type}`;
        }),
      ),
    );
    const enums = files.flatMap((file) =>
      [...file.enums, ...file.messages.flatMap((desc) => desc.nestedEnums)].map(
        (desc) =>
          `${desc.parent ? `${desc.parent.name}.` : ""}${desc.name}: ${desc.values.map((value) => `${value.name} ${value.number}`).join(", ")}`,
      ),
    );
    expect([...lines, ...enums].join("\n")).toMatchSnapshot();
  });
});
