import {
  create,
  type DescMessage,
  fromBinary,
  fromJson,
  fromJsonString,
  type Message,
  toBinary,
  toJson,
  toJsonString,
} from "@bufbuild/protobuf";
import {
  AnySchema,
  DurationSchema,
  FieldMaskSchema,
  FileDescriptorProtoSchema,
  StructSchema,
  ValueSchema,
} from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { kitchenSink } from "../../test/support/kitchen-sink.ts";
import { file_chat_v1_chat, file_chat_v1_events } from "../chat/v1.ts";
import { file_chat_v2_chat, file_chat_v2_events } from "../chat/v2.ts";
import { findIllFormedString, strictDecode } from "../index.ts";
import { anyMessage } from "./index.ts";

// Many runs, on machines that do other work besides.
vi.setConfig({ testTimeout: 60_000 });

/** Every message type of ours, so that one that is added is tested as well. */
const ours = [file_chat_v1_events, file_chat_v1_chat, file_chat_v2_events, file_chat_v2_chat].flatMap(
  (file) => file.messages,
);
const theirs: DescMessage[] = [StructSchema, ValueSchema, DurationSchema, FieldMaskSchema, AnySchema, kitchenSink];

describe("every message type", () => {
  it("is ours to test", () => {
    expect(ours.map(({ typeName }) => typeName).toSorted()).toEqual(
      ["v1", "v2"].flatMap((version) =>
        ["ChartBlock", "ChartEvent", "CompletionEvent", "ContentBlock", "ErrorEvent", "EventEnvelope", "Message"]
          .concat(["MessageError", "MessageMetadata", "StatusEvent", "TaskInfo", "TextBlock", "TextEvent"])
          .map((name) => `chat.${version}.${name}`),
      ),
    );
  });

  it.each(ours)("%s comes back from binary, from JSON, and from one by way of the other", (desc) => {
    fc.assert(
      fc.property(anyMessage(desc), (message) => {
        const bytes = toBinary(desc, message);
        expect(fromBinary(desc, bytes)).toEqual(message);
        expect(strictDecode(desc, bytes)).toEqual({ ok: true, message, arms: expect.any(Array), unknownFields: false });
        const json = toJsonString(desc, message);
        expect(fromJsonString(desc, json)).toEqual(message);
        expect(fromJson(desc, toJson(desc, fromBinary(desc, toBinary(desc, fromJsonString(desc, json)))))).toEqual(
          message,
        );
      }),
    );
  });

  it.each(ours)("%s keeps unknown fields on its way through binary", (desc) => {
    fc.assert(
      fc.property(anyMessage(desc, { unknownFields: true }), (message) => {
        const bytes = toBinary(desc, message);
        expect(toBinary(desc, fromBinary(desc, bytes))).toEqual(bytes);
        const decoding = strictDecode(desc, bytes);
        expect(decoding.ok && toBinary(desc, decoding.message)).toEqual(bytes);
      }),
    );
  });
});

describe("anyMessage", () => {
  it.each([...ours, ...theirs, FileDescriptorProtoSchema])(
    "makes messages of %s that binary and JSON can hold",
    (desc) => {
      fc.assert(
        fc.property(anyMessage(desc, { depth: 2 }), (message) => {
          const bytes = toBinary(desc, message);
          expect(toBinary(desc, fromBinary(desc, bytes))).toEqual(bytes);
          expect(toBinary(desc, fromJson(desc, toJson(desc, message)))).toEqual(bytes);
          expect(findIllFormedString(desc, message)).toBeUndefined();
        }),
      );
    },
  );

  it("sets and leaves out every field, at the ends of its range too", () => {
    for (const desc of [...ours, kitchenSink]) {
      const samples = fc.sample(anyMessage(desc, { depth: 2 }), { numRuns: 400, seed: 1 });
      for (const field of desc.fields) {
        const isSet = (message: Message): boolean => {
          const alone = Object.fromEntries([[field.oneof?.localName ?? field.localName, valueOf(message, field)]]);
          return toBinary(desc, create(desc, alone)).length > 0;
        };
        expect.soft(samples.some(isSet), `${field.toString()} is set`).toBe(true);
        expect.soft(samples.every(isSet), `${field.toString()} is always set`).toBe(false);
      }
    }
  });

  it("leaves unknown enum numbers out when told to", () => {
    const desc = kitchenSink;
    const numbers = (unknownEnums: boolean): Set<number> =>
      new Set(
        fc
          .sample(anyMessage(desc, { unknownEnums, depth: 1 }), { numRuns: 300, seed: 1 })
          .map((message) => (message as unknown as { oneChoice: number }).oneChoice),
      );
    expect(numbers(false)).toEqual(new Set([-1, 0, 1]));
    expect(numbers(true).size).toBeGreaterThan(3);
  });

  it("nests no deeper than told", () => {
    const depthOf = (value: unknown): number => {
      if (typeof value !== "object" || value === null) return 0;
      const inner = Math.max(0, ...Object.values(value).map(depthOf));
      return "$typeName" in value ? inner + 1 : inner;
    };
    for (const depth of [1, 2, 3]) {
      const depths = fc.sample(anyMessage(kitchenSink, { depth }), { numRuns: 50, seed: 1 }).map(depthOf);
      expect(Math.max(...depths)).toBe(depth);
    }
  });
});

/** What a message has of a field, as an initialiser has it. */
function valueOf(message: Message, field: DescMessage["fields"][number]): unknown {
  const values = message as unknown as Record<string, unknown>;
  if (field.oneof === undefined) return values[field.localName];
  const arm = values[field.oneof.localName] as { case?: string };
  return arm.case === field.localName ? arm : undefined;
}
