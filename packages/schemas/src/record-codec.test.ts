import { create, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyMessage, validTurn } from "./arbitraries/index.ts";
import * as v1 from "./chat/v1.ts";
import * as v2 from "./chat/v2.ts";
import { chatSchemas, chatV1, chatV2, schemaOfTopic } from "./chat-versions.ts";
import { cloudEventHeaderNames } from "./cloud-events.ts";
import { SchemasError } from "./error.ts";
import { partitionOf } from "./murmur2.ts";
import { decodeEnvelope, encodeEnvelope, encodeRecord } from "./record-codec.ts";
import { parseRfc3339 } from "./rfc3339.ts";

// A conversation_id may begin with U+FEFF: that is text.
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const timestamp = { seconds: 1_761_733_800n, nanos: 120 };
const ids = { eventId: "e1", conversationId: "conv_456", messageId: "m1", taskId: "task_1", timestamp };

/** Headers with their values as text. */
const text = (headers: readonly (readonly [string, Uint8Array | null])[]): unknown =>
  headers.map(([name, value]) => [name, utf8.decode(value ?? undefined)]);

describe("encodeRecord", () => {
  it.each(chatSchemas)("makes the record of $name that the contract describes", (schema) => {
    fc.assert(
      fc.property(validTurn(schema), fc.constantFrom(1, 2, 8, 64), ({ events, conversationId }, partitions) => {
        for (const event of events) {
          const { topic, partition, key, value, headers } = encodeRecord(schema, event, partitions);
          expect(schemaOfTopic(topic)).toEqual({ schema, kind: event.event.case });
          expect(utf8.decode(key ?? undefined)).toBe(conversationId);
          expect(partition).toBe(partitionOf(key ?? new Uint8Array(), partitions));
          expect(value).toEqual(toBinary(schema.envelope, event));
          expect(headers.map(([name]) => name)).toEqual(schema.cloudEvents ? [...cloudEventHeaderNames] : []);
        }
      }),
    );
  });

  it("writes CloudEvents headers that repeat the envelope", () => {
    const event = create(v2.EventEnvelopeSchema, { ...ids, sequence: 3, event: { case: "completion", value: {} } });
    const expected = [
      ["ce_specversion", "1.0"],
      ["ce_id", "e1"],
      ["ce_source", "/ondash-llm/mock"],
      ["ce_type", "chat.v2.completion"],
      ["ce_subject", "conv_456"],
      ["ce_time", "2025-10-29T10:30:00.000000120Z"],
      ["content-type", "application/protobuf"],
    ];
    expect(text(encodeRecord(chatV2, event, 8).headers)).toEqual(expected);
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    expected[2] = ["ce_source", "/ondash-llm/sales"];
    expect(text(encodeRecord(chatV2, event, 8, { producer: "sales", traceparent }).headers)).toEqual([
      ...expected,
      ["traceparent", traceparent],
    ]);
  });

  it("writes ce_time to the nanosecond, whatever the timestamp", () => {
    fc.assert(
      fc.property(anyMessage(v2.EventEnvelopeSchema), (event) => {
        fc.pre(event.timestamp !== undefined && event.event.case !== undefined);
        const time = encodeRecord(chatV2, event, 8).headers.find(([name]) => name === "ce_time")?.[1];
        expect(parseRfc3339(utf8.decode(time ?? undefined))).toMatchObject({
          seconds: event.timestamp?.seconds,
          nanos: event.timestamp?.nanos,
        });
      }),
    );
  });

  it("encodes what only the rules of the contract forbid", () => {
    const blank = create(v1.EventEnvelopeSchema, { event: { case: "text", value: { text: " " } } });
    expect(encodeRecord(chatV1, blank, 8)).toMatchObject({ topic: "ondash.llm.text", key: new Uint8Array() });
  });

  const status = { case: "status", value: { message: "m" } } as const;
  it.each([
    ["no event", chatV1, create(v1.EventEnvelopeSchema, ids), 8, {}, "record", "none is set"],
    [
      "another version",
      chatV1,
      create(v2.EventEnvelopeSchema, { ...ids, event: status }),
      8,
      {},
      "record",
      "chat.v1 wants",
    ],
    ["no timestamp for ce_time", chatV2, create(v2.EventEnvelopeSchema, { event: status }), 8, {}, "record", "ce_time"],
    [
      "no producer",
      chatV2,
      create(v2.EventEnvelopeSchema, { ...ids, event: status }),
      8,
      { producer: "" },
      "record",
      "ce_source",
    ],
    [
      "no partitions",
      chatV1,
      create(v1.EventEnvelopeSchema, { ...ids, event: status }),
      0,
      {},
      "argument",
      "at least 1",
    ],
    [
      "a number out of range",
      chatV2,
      create(v2.EventEnvelopeSchema, { ...ids, sequence: -1, event: status }),
      8,
      {},
      "record",
      "sequence",
    ],
    [
      "a lone surrogate",
      chatV1,
      create(v1.EventEnvelopeSchema, { ...ids, taskId: "\ud800", event: status }),
      8,
      {},
      "string",
      "task_id",
    ],
    [
      "a lone surrogate inside",
      chatV1,
      create(v1.EventEnvelopeSchema, { ...ids, event: { case: "text", value: { text: "a\udc00" } } }),
      8,
      {},
      "string",
      "text.text has a lone surrogate",
    ],
  ] as const)("refuses %s", (_, schema, event, partitions, origin, code, says) => {
    expect(() => encodeRecord(schema, event, partitions, origin)).toThrow(
      expect.toSatisfy((error) => error instanceof SchemasError && error.code === code),
    );
    expect(() => encodeRecord(schema, event, partitions, origin)).toThrow(says);
  });
});

describe("decodeEnvelope", () => {
  it("names a value that is missing or empty", () => {
    expect(decodeEnvelope(chatV1, null)).toMatchObject({ ok: false, failure: { reason: "tombstone", offset: 0 } });
    expect(decodeEnvelope(chatV1, new Uint8Array())).toMatchObject({ ok: false, failure: { reason: "empty" } });
  });

  it("lists arms that this version does not know", () => {
    const unknown = Uint8Array.of(...encodeEnvelope(chatV1, create(v1.EventEnvelopeSchema, ids)), 0xea, 1, 0);
    expect(decodeEnvelope(chatV1, unknown)).toMatchObject({
      ok: true,
      arms: [29],
      unknownFields: true,
      envelope: { event: {} },
    });
    const beyond = Uint8Array.of(...encodeEnvelope(chatV1, create(v1.EventEnvelopeSchema, ids)), 0xf2, 1, 0);
    expect(decodeEnvelope(chatV1, beyond)).toMatchObject({ ok: true, arms: [], unknownFields: true });
  });

  it("lists both arms of an envelope that has two", () => {
    const two = Uint8Array.of(0x5a, 0, 0x52, 0);
    expect(decodeEnvelope(chatV1, two)).toMatchObject({
      ok: true,
      arms: [11, 10],
      envelope: { event: { case: "status" } },
    });
  });

  it("reads what a newer version wrote as far as this one goes", () => {
    fc.assert(
      fc.property(validTurn(chatV2), ({ events }) => {
        for (const event of events) {
          const decoding = decodeEnvelope(chatV1, encodeEnvelope(chatV2, event));
          const { eventId, conversationId, messageId, taskId } = event;
          expect(decoding).toMatchObject({ ok: true, envelope: { eventId, conversationId, messageId, taskId } });
          expect(decoding.ok && decoding.envelope.event.case).toBe(event.event.case);
        }
      }),
    );
  });

  it("gives the envelope the type of the schema's version", () => {
    const decoding = decodeEnvelope(chatV2, Uint8Array.of(0x30, 7));
    expect(decoding.ok && decoding.envelope.sequence).toBe(7);
  });
});
