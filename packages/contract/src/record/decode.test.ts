import { create } from "@bufbuild/protobuf";
import { chatSchemas, chatV1, chatV2, encodeEnvelope } from "@ondash/schemas";
import * as v2 from "@ondash/schemas/chat/v2";
import { describe, expect, it } from "vitest";
import { envelopes } from "../../test/support/chat.ts";
import { toContractEvent } from "../event.ts";
import { decodeRecord } from "./decode.ts";

/** A field of the wire format: its tag, and bytes with their length. */
const field = (number: number, ...bytes: number[]): number[] => {
  const tag = (number << 3) | 2;
  return [...(tag < 128 ? [tag] : [(tag & 127) | 128, tag >> 7]), bytes.length, ...bytes];
};

describe("decoding a record's value", () => {
  it.each(chatSchemas)("gives the event and its arm ($name)", (schema) => {
    for (const envelope of envelopes(schema, [{ status: "x" }, { chart: "bar" }, { completion: "CONVERSATION" }])) {
      expect(decodeRecord(schema, encodeEnvelope(schema, envelope))).toEqual({
        ok: true,
        event: toContractEvent(envelope),
        knownArms: [envelope.event.case],
        unknownArms: [],
        unknownFields: false,
      });
    }
  });

  it("tells known arms from unknown ones, each once", () => {
    const base = [...encodeEnvelope(chatV2, create(v2.EventEnvelopeSchema, { eventId: "e" }))];
    const [first, second] = ["status", "text"].map(
      (name) => chatV2.event.fields.find((candidate) => candidate.name === name)?.number ?? 0,
    );
    const arms = [...field(first ?? 0), ...field(29), ...field(second ?? 0), ...field(29)];
    expect(decodeRecord(chatV2, Uint8Array.from([...base, ...arms]))).toMatchObject({
      ok: true,
      knownArms: ["status", "text"],
      unknownArms: [29],
      unknownFields: true,
    });
    expect(decodeRecord(chatV2, Uint8Array.from([...base, ...field(40)]))).toMatchObject({
      knownArms: [],
      unknownArms: [],
      unknownFields: true,
    });
  });

  it("says why and where a value is none", () => {
    const reason = (bytes: number[] | null): string => {
      const decoded = decodeRecord(chatV1, bytes && Uint8Array.from(bytes));
      return decoded.ok ? "it is one" : decoded.reason;
    };
    expect(reason(null)).not.toContain("byte ");
    expect(reason([])).not.toContain("byte ");
    expect(reason([...field(1, 0x65), 0x12, 9, 0x65])).toMatch(/ \((\w+, )?byte \d+\)$/);
    expect(reason([0xff])).toMatch(/ \(byte \d+\)$/);
    expect(reason(field(1, 0xff))).toMatch(/ \(event_id, byte \d+\)$/);
  });
});
