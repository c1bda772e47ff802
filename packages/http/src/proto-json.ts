import { toJson } from "@bufbuild/protobuf";
import type { AnyEnvelope, ChatSchema } from "@ondash/schemas";
import { HttpError } from "./error.ts";

/**
 * The ProtoJSON of an envelope, on one line: field names in lowerCamelCase, enum values by name, what has its default
 * left out. Every HTTP answer has this form.
 * @throws HttpError `argument` for an envelope of the other schema.
 * @throws Error of protobuf for a timestamp outside of the years 1 to 9999, which ProtoJSON can't express.
 */
export function envelopeJson(schema: ChatSchema, envelope: AnyEnvelope): string {
  if (envelope.$typeName !== schema.envelope.typeName) {
    const want = schema.envelope.typeName;
    throw new HttpError("argument", `the source of ${schema.name} must give a ${want}, got a ${envelope.$typeName}`);
  }
  return JSON.stringify(toJson(schema.envelope, envelope));
}
