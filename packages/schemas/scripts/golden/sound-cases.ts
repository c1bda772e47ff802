import { create, type DescField, type DescMessage, type Message, ScalarType, toBinary } from "@bufbuild/protobuf";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";
import {
  encodeWire,
  type FieldShape,
  parseWire,
  shapesOf,
  varint,
  type WireNode,
  widen,
} from "../../test/support/wire-tree.ts";
import type { GoldenCase } from "./golden-case.ts";
import { plainValues, type SampleValues, sampleMessage } from "./sample-message.ts";

/** Vectors of a type that every decoder must read: canonical ones, and other encodings of the same. */
export function soundCases(desc: DescMessage): GoldenCase[] {
  return [...canonicalCases(desc), ...decodeOnlyCases(desc)];
}

function canonicalCases(desc: DescMessage): GoldenCase[] {
  const canonical = (name: string, what: string, message: Message): GoldenCase => ({
    desc,
    name,
    what,
    bytes: toBinary(desc, message),
    expect: "canonical",
  });
  const cases = [canonical("empty", "no field is set: no byte", create(desc))];
  const arms = desc.oneofs[0]?.fields ?? [];
  if (arms.length === 0) cases.push(canonical("full", "every field is set", sampleMessage(desc)));
  for (const [index, { name }] of arms.entries()) {
    const what = `every field is set; of the oneof ${name}`;
    cases.push(canonical(`full-${name}`, what, sampleMessage(desc, plainValues, index)));
    const empty = create(desc, { [arms[0]?.oneof?.localName ?? ""]: { case: arms[index]?.localName, value: {} } });
    cases.push(canonical(`empty-${name}`, `${name} is set, and nothing in it: it is there all the same`, empty));
  }
  const has = (wanted: (field: DescField) => boolean): boolean => desc.fields.some(wanted);
  const varied = (name: string, what: string, values: Partial<SampleValues>): void => {
    cases.push(canonical(name, what, sampleMessage(desc, { ...plainValues, ...values })));
  };
  if (has(({ scalar }) => scalar === ScalarType.STRING)) {
    const odd = "\u0000\uFEFF \u{10FFFF}e\u0301\u2028\"\\\n";
    varied("odd-characters", "strings with NUL, byte order mark, U+10FFFF, a combining accent", { string: () => odd });
    varied("long-strings", "strings of 300 bytes: their lengths take two bytes", { string: () => "x".repeat(300) });
  }
  if (has(({ scalar }) => scalar === ScalarType.UINT32)) {
    varied("largest-numbers", "numbers of 2³²−1", { uint32: () => 0xffff_ffff });
  }
  if (has((field) => field.enum !== undefined)) {
    varied("unknown-enum", "enums have the number 99, which stands for nothing", { enum: () => 99 });
    varied("unknown-enum-negative", "enums have the number −1: a varint of ten bytes", { enum: () => -1 });
  }
  if (has(({ message }) => message?.typeName === TimestampSchema.typeName)) {
    varied("earliest-time", "0001-01-01T00:00:00Z", { timestamp: { seconds: -62_135_596_800n, nanos: 0 } });
    const latest = { seconds: 253_402_300_799n, nanos: 999_999_999 };
    varied("latest-time", "9999-12-31T23:59:59.999999999Z", { timestamp: latest });
    varied("epoch", "1970-01-01T00:00:00Z: the timestamp is set, and empty", { timestamp: { seconds: 0n, nanos: 0 } });
  }
  const subMessages = desc.fields.filter((field) => field.message !== undefined && field.oneof === undefined);
  if (subMessages.length > 0) {
    const init = subMessages.map(({ localName, fieldKind }) => [localName, fieldKind === "list" ? [{}, {}] : {}]);
    const what = "sub-messages are set and empty; lists have two empty elements";
    cases.push(canonical("empty-sub-messages", what, create(desc, Object.fromEntries(init))));
  }
  return cases;
}

function decodeOnlyCases(desc: DescMessage): GoldenCase[] {
  const cases: GoldenCase[] = [];
  const add = (name: string, what: string, nodes: readonly WireNode[], more: Partial<GoldenCase> = {}): void => {
    cases.push({ desc, name, what, bytes: encodeWire(nodes), expect: "decode-only", ...more });
  };
  const full = (): WireNode[] => parseWire(desc, toBinary(desc, sampleMessage(desc)));
  const scalars = shapesOf(desc).filter(({ implicit, scalar }) => implicit && scalar !== undefined);
  const unknown = strangeFields();
  add("unknown-fields", "unknown fields of every wire type among the known", [
    ...unknown.slice(0, 2),
    ...full(),
    ...unknown.slice(2),
  ]);
  if (scalars.length > 0) {
    const zeros = scalars.map((shape) => leaf(shape, new Uint8Array(shape.wireType === 2 ? 0 : 1)));
    add("explicit-zeros", "scalars are written although they are zero or empty", zeros);
    const others = scalars.map((shape) => leaf(shape, shape.wireType === 2 ? Uint8Array.of(0x61) : varint(7)));
    add("duplicate-scalars", "scalars are written twice: the last one counts", [...others, ...full()]);
  }
  const halves = full().flatMap(halved);
  if (halves.length > full().length) add("split-messages", "sub-messages come in two pieces: they merge", halves);
  const descending = full().toSorted((one, other) => other.number - one.number);
  if (new Set(descending.map(({ number }) => number)).size > 1) {
    add("descending-fields", "fields come in descending order of their numbers", descending);
  }
  const long = full().map(stretched);
  add("long-varints", "tags and lengths take five bytes each, numbers ten", long, {
    elsewhere: [
      {
        by: ["python"],
        because: "tags are compared as bytes, so that a longer one is of no known field",
        rewritten: encodeWire(long),
      },
    ],
  });
  const wide = full().map((node) => (node.wireType === 0 ? { ...node, content: beyond32Bits(node.content) } : node));
  if (wide.some(({ wireType }) => wireType === 0)) {
    add("wide-numbers", "32-bit numbers and enums have bits beyond the 32nd: these are cut off", wide);
  }
  const arms = desc.oneofs[0]?.fields ?? [];
  if (arms.length > 1) {
    const nodes = arms.flatMap((_, index) => {
      const arm = parseWire(desc, toBinary(desc, sampleMessage(desc, plainValues, index)));
      return arm.filter(({ number }) => arms.some((field) => field.number === number));
    });
    add("several-arms", "each arm of the oneof once: the last one counts (an event like that breaks REC-02)", nodes);
  }
  if (desc.fields.some(({ message }) => message?.typeName === TimestampSchema.typeName)) {
    const timestamp = { seconds: 2n ** 63n - 1n, nanos: 0 };
    const bytes = toBinary(desc, sampleMessage(desc, { ...plainValues, timestamp }));
    add("time-out-of-range", "a timestamp of 2⁶³−1 seconds", parseWire(desc, bytes), {
      noJson: "ProtoJSON holds the years 1 to 9999 (an event like that breaks REC-08)",
    });
  }
  return cases;
}

function strangeFields(): WireNode[] {
  return [
    strange(50, 0, 0x96, 0x01),
    strange(2047, 1, 1, 2, 3, 4, 5, 6, 7, 8),
    strange(0x1fff_ffff, 2, 0xff, 0xfe),
    strange(51, 5, 1, 2, 3, 4),
  ];
}

function strange(number: number, wireType: number, ...content: number[]): WireNode {
  return { number, wireType, field: undefined, type: undefined, content: Uint8Array.from(content) };
}

function leaf({ number, wireType, field }: FieldShape, content: Uint8Array): WireNode {
  return { number, wireType, field, type: undefined, content };
}

/** A sub-message that may come in pieces as two of them. */
function halved(node: WireNode): WireNode[] {
  const { content, field } = node;
  if (!Array.isArray(content) || content.length < 2 || field?.fieldKind !== "message" || field.oneof) return [node];
  return [
    { ...node, content: content.slice(0, 1) },
    { ...node, content: content.slice(1) },
  ];
}

/** With tag, length and number, at every depth, as long as a decoder has to take them. */
function stretched(node: WireNode): WireNode {
  const { content, wireType } = node;
  if (Array.isArray(content)) return { ...node, tagWidth: 5, lengthWidth: 5, content: content.map(stretched) };
  return { ...node, tagWidth: 5, lengthWidth: 5, content: wireType === 0 ? widen(content, 10) : content };
}

/** A varint with 2³² added: the same number in 32 bits. */
function beyond32Bits(content: Uint8Array | WireNode[]): Uint8Array {
  if (Array.isArray(content)) throw new Error("a number has no elements");
  let value = content.reduceRight((higher, byte) => higher * 128 + (byte & 0x7f), 0);
  value += 2 ** 32;
  return varint(value);
}
