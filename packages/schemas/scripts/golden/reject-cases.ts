import { type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  encodeWire,
  type FieldShape,
  parseWire,
  shapesOf,
  type WireNode,
} from "../../test/support/wire-tree.ts";
import { concat, type Decoder, type Elsewhere, type GoldenCase } from "./golden-case.ts";
import { sampleMessage } from "./sample-message.ts";

/** Vectors of a type that a strict decoder must refuse: what is damaged has every field set. */
export function rejectCases(desc: DescMessage): GoldenCase[] {
  const cases: GoldenCase[] = [];
  const add = (name: string, what: string, bytes: Uint8Array, ...elsewhere: Elsewhere[]): void => {
    cases.push({ desc, name, what, bytes, expect: "reject", ...(elsewhere.length > 0 ? { elsewhere } : {}) });
  };
  const whole = toBinary(desc, sampleMessage(desc));
  const full = (): WireNode[] => parseWire(desc, whole);
  const after = (...bytes: number[]): Uint8Array => concat(whole, Uint8Array.from(bytes));

  add("truncated", "the last byte is missing", whole.slice(0, -1));
  add("truncated-tag", "ends within a tag", after(0x80));
  add("truncated-number", "ends within the varint of an unknown field", after(0x90, 0x03, 0x80));
  add("length-past-end", "an unknown field of 9 bytes, of which 1 is there", after(0x92, 0x03, 0x09, 0x00));
  add("field-number-zero", "a field with the number 0", after(0x02, 0x00));
  /** An unknown field that pure Python keeps as it came. */
  const keptByPython = (because: string, ...bytes: number[]): [Uint8Array, Elsewhere] => [
    after(...bytes),
    { by: ["python"], because, rewritten: after(...bytes) },
  ];
  add(
    "tag-of-33-bits",
    "a tag of more than 32 bits",
    ...keptByPython("tags are compared as bytes, and this is none of a known field", 0x88, 0x80, 0x80, 0x80, 0x10, 0x01),
    { by: ["cpp"], because: "a tag is cut to 32 bits: field 1, a varint", rewritten: withVarintOne(desc, whole) },
  );
  add(
    "long-tag",
    "a tag of 6 bytes",
    ...keptByPython("tags may have up to ten bytes", 0x90, 0x83, 0x80, 0x80, 0x80, 0x00, 0x01),
  );
  add(
    "long-length",
    "a length of 6 bytes",
    ...keptByPython("lengths may have up to ten bytes", 0x92, 0x03, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00),
  );
  add("long-number", "a varint of 11 bytes", after(0x90, 0x03, ...Array.from({ length: 10 }, () => 0x80), 0x00));
  add("wire-type-6", "a wire type that does not exist", after(0x96, 0x03, 0x00));
  const prefix = Uint8Array.of(0x00, 0x00, 0x00, 0x00, 0x07);
  add("schema-registry-prefix", "the prefix of a schema registry, magic byte and schema id 7", concat(prefix, whole), {
    by: ["cpp"],
    because: "a tag of 0 ends the message: an empty one is read, and nothing said",
    rewritten: new Uint8Array(),
  });
  const group = [0x93, 0x03, 0x08, 0x01, 0x94, 0x03];
  add("unknown-group", "an unknown field is a group", after(...group), {
    by: everyDecoder,
    because: "groups are legal where they are unknown, and kept",
    rewritten: after(...group),
  });
  add("open-group", "a group that does not end", after(0x93, 0x03, 0x08, 0x01));
  add("stray-group-end", "a group ends that did not begin", after(0x94, 0x03), {
    by: ["cpp"],
    because: "the end of a group ends the message",
    rewritten: whole,
  });

  for (const shape of oneOfEachKind(desc)) {
    const nodes = full().filter(({ number }) => number !== shape.number);
    const wrong = leaf(shape.number, shape.wireType === 0 ? 2 : 0, Uint8Array.of(shape.wireType === 0 ? 0x61 : 0x05));
    const kind = shape.message ? "a message" : shape.string ? "a string" : "a number";
    add(
      `wrong-wire-type-${shape.name}`,
      `${shape.name}, ${kind}, comes ${shape.wireType === 0 ? "length-delimited" : "as a varint"}`,
      encodeWire([wrong, ...nodes]),
      {
        by: everyDecoder,
        because: "a known number with another wire type is an unknown field, and kept",
        rewritten: encodeWire([...nodes, wrong]),
      },
    );
  }
  const string = shapesOf(desc).find((shape) => shape.string);
  if (string !== undefined) {
    const rest = full().filter(({ number }) => number !== string.number);
    for (const [name, what, ...content] of illFormed) {
      add(`utf8-${name}`, `${string.name} is ${what}`, encodeWire([leaf(string.number, 2, Uint8Array.from(content)), ...rest]));
    }
  }
  const holder = full().find(({ content }) => Array.isArray(content) && content.length > 0);
  if (holder !== undefined && Array.isArray(holder.content)) {
    const rest = full().filter(({ number }) => number !== holder.number);
    const name = holder.field?.name ?? "";
    const over = { ...holder, promise: -1 };
    add("overrun", `${name} ends, as its length says, a byte before its last field does`, encodeWire([over, ...rest]));
    const inner = leaf(50, 2, Uint8Array.of(0), { promise: 4 });
    const long = { ...holder, content: [...holder.content, inner] };
    const behind = leaf(51, 2, new Uint8Array(8));
    add("overrun-length", `a field in ${name} is longer than what is left of it`, encodeWire([long, ...rest, behind]));
  }
  const arm = desc.oneofs[0]?.fields[0];
  if (arm !== undefined) {
    const nodes = full();
    const index = nodes.findIndex(({ number }) => number === arm.number);
    const first = nodes[index] as WireNode;
    const second = { ...first, content: [] };
    add(
      "oneof-arm-twice",
      `${arm.name}, an arm of the oneof, comes twice, the second time empty`,
      encodeWire([...nodes.slice(0, index + 1), second, ...nodes.slice(index + 1)]),
      { by: everyDecoder, because: "the same arm again is merged with the first", rewritten: whole },
    );
  }
  return cases;
}

/** The message with a varint field 1 of value 1 behind it, written again. */
function withVarintOne(desc: DescMessage, whole: Uint8Array): Uint8Array {
  const bytes = concat(whole, Uint8Array.of(0x08, 0x01));
  const known = shapesOf(desc).some(({ number, wireType }) => number === 1 && wireType === 0);
  return known ? toBinary(desc, fromBinary(desc, bytes)) : bytes;
}

const everyDecoder: readonly Decoder[] = ["upb", "cpp", "python"];

/** The first string, number and message of a type. */
function oneOfEachKind(desc: DescMessage): FieldShape[] {
  const shapes = shapesOf(desc);
  const found = [
    shapes.find((shape) => shape.string),
    shapes.find((shape) => shape.wireType === 0),
    shapes.find((shape) => shape.message !== undefined),
  ];
  return found.filter((shape) => shape !== undefined);
}

const illFormed: readonly (readonly [name: string, what: string, ...content: number[]])[] = [
  ["stray-byte", "not UTF-8: a byte that never occurs in it", 0x61, 0xff, 0x62],
  ["surrogate", "not UTF-8: an encoded surrogate", 0xed, 0xa0, 0x80],
  ["overlong", "not UTF-8: a character in more bytes than it needs", 0xc0, 0x80],
  ["cut-short", "not UTF-8: it ends within a character", 0x61, 0xe2, 0x82],
];

function leaf(number: number, wireType: number, content: Uint8Array, more: Partial<WireNode> = {}): WireNode {
  return { number, wireType, field: undefined, type: undefined, content, ...more };
}
