import { type ChatSchema, decodeEnvelope } from "@ondash/schemas";
import { toContractEvent } from "../event.ts";
import type { DecodedRecord } from "./facts.ts";

/** Decodes a record's value strictly, and tells known arms from unknown ones. Never throws. */
export function decodeRecord(schema: ChatSchema, value: Uint8Array | null): DecodedRecord {
  const decoding = decodeEnvelope(schema, value);
  if (!decoding.ok) {
    const { path, offset, detail } = decoding.failure;
    const at = value === null || value.length === 0 ? "" : ` (${path === "" ? "" : `${path}, `}byte ${offset})`;
    return { ok: false, reason: `${detail}${at}` };
  }
  const known = new Map(schema.event.fields.map((field) => [field.number, field.name]));
  const seen = [...new Set(decoding.arms)];
  return {
    ok: true,
    event: toContractEvent(decoding.envelope),
    knownArms: seen.flatMap((number) => known.get(number) ?? []),
    unknownArms: seen.filter((number) => !known.has(number)),
    unknownFields: decoding.unknownFields,
  };
}
