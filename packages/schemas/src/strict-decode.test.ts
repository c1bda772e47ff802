import { type DescMessage, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, StructSchema } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { someTree } from "../test/support/any-encoding.ts";
import { kitchenSink } from "../test/support/kitchen-sink.ts";
import { malformations } from "../test/support/malformations.ts";
import { encodeWire, varint } from "../test/support/wire-tree.ts";
import { anyMessage } from "./arbitraries/index.ts";
import * as v1 from "./chat/v1.ts";
import * as v2 from "./chat/v2.ts";
import { strictDecode } from "./strict-decode.ts";

const types: readonly DescMessage[] = [
  v1.EventEnvelopeSchema,
  v1.MessageSchema,
  v2.EventEnvelopeSchema,
  v2.MessageSchema,
  FileDescriptorProtoSchema,
  StructSchema,
  kitchenSink,
];

// A counterexample with the kitchen sink in it has a thousand ways to shrink: what is found by then will do.
const patience = { interruptAfterTimeLimit: 20_000 };
vi.setConfig({ testTimeout: 60_000 });

/** Whether there is an unknown field in a message, at any depth. */
function hasUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return false;
  return "$unknown" in value || Object.values(value).some(hasUnknown);
}

/** A type and a message of it. Built once for all runs: the kitchen sink is large. */
function typed(of: readonly DescMessage[], unknownFields = false): fc.Arbitrary<[DescMessage, Message]> {
  return fc.oneof(
    ...of.map((desc) =>
      anyMessage(desc, { depth: 2, unknownFields }).map((message): [DescMessage, Message] => [desc, message]),
    ),
  );
}

describe("strictDecode on sound encodings", () => {
  it.each(types)("accepts every encoding of %s, and reads what was meant and what protobuf-es reads", (desc) => {
    fc.assert(
      fc.property(
        anyMessage(desc, { unknownFields: true, json: false, depth: desc === kitchenSink ? 2 : 3 }),
        fc.gen(),
        (message, draw) => {
          const tree = someTree(desc, message, draw);
          const bytes = encodeWire(tree);
          const decoding = strictDecode(desc, bytes, { keptArms: [10, 29] });
          expect(decoding).toMatchObject({ ok: true });
          if (!decoding.ok) return;
          const isArm = (number: number): boolean => {
            const field = desc.fields.find((known) => known.number === number);
            return field === undefined ? number >= 10 && number <= 29 : field.oneof !== undefined;
          };
          expect(decoding.arms).toEqual(tree.map(({ number }) => number).filter(isArm));
          expect(decoding.unknownFields).toBe(hasUnknown(decoding.message));
          const canonical = toBinary(desc, decoding.message);
          // By bytes: NaN and −0 are not equal to themselves for `equals`.
          expect(canonical).toEqual(toBinary(desc, fromBinary(desc, bytes)));
          expect(canonical).toEqual(toBinary(desc, fromBinary(desc, toBinary(desc, message))));
        },
      ),
      patience,
    );
  });
});

describe.each(Object.entries(malformations))("strictDecode on %s", (name, { reason, damage }) => {
  const affected = types.filter((desc) => {
    // proto2's strings are not checked for UTF-8.
    if (reason === "utf8") return desc !== FileDescriptorProtoSchema;
    // Only these have lists of numbers.
    if (name.includes("packed")) return desc === FileDescriptorProtoSchema || desc === kitchenSink;
    return true;
  });

  it(`refuses it as ${reason}, with path and offset`, () => {
    let damaged = 0;
    fc.assert(
      fc.property(typed(affected), fc.gen(), ([desc, message], draw) => {
        const made = damage(desc, someTree(desc, message, draw), draw);
        if (made === undefined) return;
        damaged++;
        const { path, offset } = made;
        expect(strictDecode(desc, made.bytes)).toMatchObject({ ok: false, failure: { reason, path, offset } });
      }),
      { ...patience, numRuns: 200 },
    );
    expect(damaged).toBeGreaterThan(50);
  });
});

describe("strictDecode", () => {
  it("calls a schema registry's prefix by its name, whatever follows", () => {
    fc.assert(
      fc.property(fc.nat({ max: 0xffff_ffff }), fc.uint8Array(), (id, rest) => {
        const bytes = Uint8Array.of(0, id >>> 24, id >>> 16, id >>> 8, id, ...rest);
        expect(strictDecode(v1.EventEnvelopeSchema, bytes)).toEqual({
          ok: false,
          failure: {
            reason: "confluent-prefix",
            path: "",
            offset: 0,
            detail: `schema-registry prefix 00 and schema id ${id}, want a bare message`,
          },
        });
      }),
    );
  });

  it("takes a zero byte with fewer than four behind it for what it is", () => {
    const short = strictDecode(v1.EventEnvelopeSchema, Uint8Array.of(0, 1, 2, 3));
    expect(short).toMatchObject({ ok: false, failure: { reason: "field-number-zero", offset: 0 } });
  });

  it("reads 100 levels and refuses the 101st", () => {
    const number = kitchenSink.field["oneSelf"]?.number ?? 0;
    const nested = (levels: number): Uint8Array => {
      let bytes = new Uint8Array();
      for (let level = 1; level < levels; level++) {
        bytes = Uint8Array.of(...varint(number * 8 + 2), ...varint(bytes.length), ...bytes);
      }
      return bytes;
    };
    expect(strictDecode(kitchenSink, nested(100))).toMatchObject({ ok: true });
    const path = Array.from({ length: 100 }, () => "one_self").join(".");
    expect(strictDecode(kitchenSink, nested(101))).toMatchObject({ ok: false, failure: { reason: "depth", path } });
    expect(strictDecode(kitchenSink, nested(5000))).toMatchObject({ ok: false, failure: { reason: "depth", path } });
  });

  it("never throws on any bytes, and protobuf-es reads the same from all that it accepts", () => {
    const damaged = fc
      .tuple(typed(types), fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 3 }))
      .map(([[desc, message], changes]): [DescMessage, Uint8Array] => {
        const bytes = toBinary(desc, message);
        for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
        return [desc, bytes];
      });
    const noise = fc.tuple(fc.constantFrom(...types), fc.uint8Array({ maxLength: 40 }));
    fc.assert(
      fc.property(fc.oneof(damaged, noise), ([desc, bytes]) => {
        const decoding = strictDecode(desc, bytes);
        if (!decoding.ok) return;
        expect(toBinary(desc, decoding.message)).toEqual(toBinary(desc, fromBinary(desc, bytes)));
      }),
      { ...patience, numRuns: 3000 },
    );
  });

  it("shares no memory with the input, and changes nothing in it", () => {
    fc.assert(
      fc.property(typed(types, true), ([desc, message]) => {
        const bytes = toBinary(desc, message);
        const pool = Buffer.alloc(bytes.length + 16, 0xaa);
        pool.set(bytes, 8);
        const decoding = strictDecode(desc, pool.subarray(8, 8 + bytes.length));
        expect(Uint8Array.from(pool.subarray(8, 8 + bytes.length))).toEqual(bytes);
        pool.fill(0xaa);
        expect(decoding.ok && toBinary(desc, decoding.message)).toEqual(toBinary(desc, fromBinary(desc, bytes)));
      }),
      patience,
    );
  });

  it("lists the arms in the order of the wire, the unknown ones of the kept range among them", () => {
    // chart (12), unknown 17, unknown 30, text (11): the last known one is the value.
    const bytes = Uint8Array.of(0x62, 0, 0x8a, 1, 0, 0xf2, 1, 0, 0x5a, 0);
    const decoding = strictDecode(v1.EventEnvelopeSchema, bytes, { keptArms: [10, 29] });
    expect(decoding).toMatchObject({
      ok: true,
      arms: [12, 17, 11],
      unknownFields: true,
      message: { event: { case: "text" } },
    });
    expect(strictDecode(v1.EventEnvelopeSchema, bytes)).toMatchObject({ ok: true, arms: [12, 11] });
  });

  it.each([
    ["08 02 10 05", "text: wire type 0 where a string is expected", v1.TextEventSchema, "wire-type", "text", 0],
    ["5a 04 10 05 08 02", "the same inside an envelope", v1.EventEnvelopeSchema, "wire-type", "text.text", 4],
    [
      "2a 02 08 80 01",
      "a Timestamp whose seconds run past its end",
      v1.EventEnvelopeSchema,
      "overrun",
      "timestamp.seconds",
      3,
    ],
    ["0a 02 c3 28", "an overlong look-alike", v1.StatusEventSchema, "utf8", "message", 2],
    ["2a 04 0a 02 0a 05", "a block cut short in the list", v1.MessageSchema, "overrun", "content[0].text.text", 4],
    [
      "2a 00 2a 04 0a 02 08 01",
      "the second block of the list",
      v1.MessageSchema,
      "wire-type",
      "content[1].text.text",
      6,
    ],
    ["32 02 0a 7f", "a task longer than the metadata", v1.MessageSchema, "overrun", "metadata.tasks[0]", 2],
  ] as const)("refuses %s: %s", (hex, _, desc, reason, path, offset) => {
    const bytes = Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
    expect(strictDecode<DescMessage>(desc, bytes)).toMatchObject({ ok: false, failure: { reason, path, offset } });
  });
});
