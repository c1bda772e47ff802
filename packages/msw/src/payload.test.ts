import { encodeRecord, type OutgoingRecord, schemaOf, statusEvent } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { seen } from "./payload.ts";

const head = { eventId: "e", conversationId: "c", messageId: "m", timestamp: { seconds: 1n, nanos: 0 } };
const record = encodeRecord(schemaOf("chat.v1"), statusEvent(head, { message: "Hello" }), 8);
const withValue = (value: Uint8Array | null): OutgoingRecord => ({ ...record, value });

describe("seen", () => {
  it("is the envelope of a record that has one", () => {
    expect(seen(record)).toMatchObject({ schema: "chat.v1", payload: { envelope: { eventId: "e" } } });
  });

  it("is text that is no JSON for what has none: the bytes as a data URL, or a tombstone", () => {
    const raw = (value: Uint8Array | null): unknown => seen(withValue(value))?.payload;
    expect(raw(null)).toEqual({ kind: "status", raw: "tombstone" });
    expect(raw(new Uint8Array())).toEqual({ kind: "status", raw: "data:application/protobuf;base64," });
    expect(raw(Uint8Array.of(0, 255, 254))).toEqual({
      kind: "status",
      raw: "data:application/protobuf;base64,AP/+",
    });
    // An envelope without an event: nobody could name its kind.
    expect(raw(Uint8Array.of(10, 1, 101))).toEqual({ kind: "status", raw: "data:application/protobuf;base64,CgFl" });
  });

  it("is nothing on a topic of neither version", () => {
    expect(seen({ ...record, topic: "payments" })).toBeUndefined();
  });
});
