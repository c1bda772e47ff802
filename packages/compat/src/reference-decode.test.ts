import { type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import { file_google_protobuf_descriptor, StructSchema, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { chatV1, chatV2 } from "@ondash/schemas";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyValue } from "./any-value.ts";
import { compare } from "./compare.ts";
import { messagesOf } from "./locate.ts";
import { encode } from "./observe.ts";
import { referenceDecode } from "./reference-decode.ts";
import { fromMessage } from "./value.ts";

const descriptorTypes = messagesOf([file_google_protobuf_descriptor]);
const types: readonly DescMessage[] = [
  chatV1.envelope,
  chatV1.message,
  chatV2.envelope,
  chatV2.message,
  StructSchema,
  ...descriptorTypes,
];

const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex"));

describe("referenceDecode", () => {
  it.each(types.map((type) => ({ type, name: type.typeName })))(
    "reads what protobuf-es reads from sound bytes of $name",
    ({ type }) => {
      fc.assert(
        fc.property(anyValue(type), (value) => {
          const bytes = encode(value);
          const read = referenceDecode(type, bytes);
          const other = fromMessage(type, fromBinary(type, bytes));
          for (const matching of ["wire", "name", "json"] as const) {
            expect(compare(read, other, matching)).toEqual([]);
            expect(compare(value, read, matching)).toEqual([]);
          }
          expect(encode(read)).toEqual(toBinary(type, fromBinary(type, bytes)));
        }),
        { numRuns: 100 },
      );
    },
  );

  it("never throws anything but a DecodeFailure, on any bytes", () => {
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.uint8Array({ maxLength: 30 }), (type, bytes) => {
        try {
          referenceDecode(type, bytes);
        } catch (error) {
          expect(error).toMatchObject({ name: "DecodeFailure" });
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("keeps a field of another wire type among the unknown ones", () => {
    const read = referenceDecode(TimestampSchema, bytesOf("0a 01 61 10 05"));
    expect([...read.fields]).toEqual([[2, 5]]);
    expect(read.unknown).toEqual([{ no: 1, wireType: 2, data: bytesOf("01 61") }]);
  });

  it.each([
    ["a sub-message that overruns", chatV1.envelope, "2a 05 08 01"],
    ["a scalar that overruns its sub-message", chatV1.envelope, "2a 02 08 80 01"],
    ["a string that is not UTF-8", chatV1.envelope, "0a 01 80"],
    ["a group that ends and did not begin", chatV1.envelope, "0c"],
    ["field number 0", chatV1.envelope, "00 00"],
  ])("refuses %s", (_, type, hex) => {
    expect(() => referenceDecode(type, bytesOf(hex))).toThrow(/./);
  });

  it("merges messages that come twice, and lets the last arm of a oneof count", () => {
    const merged = referenceDecode(chatV1.envelope, bytesOf("2a 02 08 01 2a 02 10 02"));
    expect(merged).toEqual(referenceDecode(chatV1.envelope, bytesOf("2a 04 08 01 10 02")));
    // text (11), then status (10).
    expect([...referenceDecode(chatV1.envelope, bytesOf("5a 00 52 00")).fields.keys()]).toEqual([10]);
  });
});
