import type { DescMessage, DescOneof } from "@bufbuild/protobuf";
import * as v1 from "./chat/v1.ts";
import * as v2 from "./chat/v2.ts";
import { type ChatSchema, type EventKind, eventKinds, type SchemaName } from "./chat-schema.ts";
import { SchemasError } from "./error.ts";

/** The schema chat.v1. */
export const chatV1: ChatSchema & { readonly name: "chat.v1"; readonly version: 1 } = {
  name: "chat.v1",
  version: 1,
  ...topicsUnder("ondash.llm"),
  envelope: v1.EventEnvelopeSchema,
  event: eventOf(v1.EventEnvelopeSchema),
  message: v1.MessageSchema,
  sequenced: false,
  cloudEvents: false,
};

/** The schema chat.v2. */
export const chatV2: ChatSchema & { readonly name: "chat.v2"; readonly version: 2 } = {
  name: "chat.v2",
  version: 2,
  ...topicsUnder("ondash.llm.v2"),
  envelope: v2.EventEnvelopeSchema,
  event: eventOf(v2.EventEnvelopeSchema),
  message: v2.MessageSchema,
  sequenced: true,
  cloudEvents: true,
};

/** The published schemas, oldest first. */
export const chatSchemas: readonly ChatSchema[] = [chatV1, chatV2];

/** The envelope of a schema: of its own version where the type of the schema says which, else of either. */
export type EnvelopeOf<Schema extends ChatSchema> = Schema["version"] extends 1
  ? v1.EventEnvelope
  : Schema["version"] extends 2
    ? v2.EventEnvelope
    : AnyEnvelope;

/** An envelope of either version; `$typeName` tells them apart. */
export type AnyEnvelope = v1.EventEnvelope | v2.EventEnvelope;

/**
 * The schema of that name.
 * @throws SchemasError of code `schema` when there is none.
 */
export function schemaOf(name: SchemaName): ChatSchema;
export function schemaOf(name: string): ChatSchema;
export function schemaOf(name: string): ChatSchema {
  const schema = chatSchemas.find((candidate) => candidate.name === name);
  if (schema === undefined) {
    const names = chatSchemas.map((candidate) => candidate.name).join(" or ");
    throw new SchemasError("schema", `there is no schema "${name}"; want ${names}`);
  }
  return schema;
}

const topics: ReadonlyMap<string, { readonly schema: ChatSchema; readonly kind: EventKind }> = new Map(
  chatSchemas.flatMap((schema) => eventKinds.map((kind) => [schema.topics[kind], { schema, kind }] as const)),
);

/** The schema and kind of event whose records a topic carries; undefined for a topic of neither version. */
export function schemaOfTopic(topic: string): { readonly schema: ChatSchema; readonly kind: EventKind } | undefined {
  return topics.get(topic);
}

function topicsUnder(prefix: string): Pick<ChatSchema, "topics" | "topicList"> {
  const byKind = {
    status: `${prefix}.status`,
    text: `${prefix}.text`,
    chart: `${prefix}.chart`,
    error: `${prefix}.error`,
    completion: `${prefix}.complete`,
  };
  return { topics: byKind, topicList: eventKinds.map((kind) => byKind[kind]) };
}

function eventOf(envelope: DescMessage): DescOneof {
  const event = envelope.oneofs.find((oneof) => oneof.name === "event");
  if (event === undefined) throw new SchemasError("schema", `${envelope.typeName} has no oneof "event"`);
  return event;
}
