import { findInvalidUtf8 } from "./utf8.ts";
import type { FieldPlan, LegalWireType, MessagePlan } from "./wire-plan.ts";

/** Why bytes are not an encoding of a message, as the pre-scan tells them apart. */
export type WireFailureReason =
  /** They begin with a schema registry's prefix: the magic byte 0x00 and a schema id of 4 bytes. */
  | "confluent-prefix"
  /** A tag with field number 0. */
  | "field-number-zero"
  /** A tag of more than 32 bits, or with wire type 6 or 7, which do not exist. */
  | "tag"
  /** A known field comes with a wire type that its type does not have. */
  | "wire-type"
  /** A group (wire types 3 and 4), of a known or an unknown field. */
  | "group"
  /** A varint of more than 10 bytes; of more than 5 in a tag or length, as C++ and Python limit it. */
  | "varint"
  /** The input ends inside an element. */
  | "truncated"
  /** An element inside a sub-message, map entry or packed run reaches past the declared length of what holds it. */
  | "overrun"
  /** A string is not UTF-8. */
  | "utf8"
  /** The same arm of a oneof occurs twice. */
  | "oneof-repeated"
  /** Messages nested more than 100 deep; the outermost and map entries count. */
  | "depth";

/** Where and why bytes are not an encoding of a message. */
export interface WireFailure<Reason extends string = WireFailureReason> {
  readonly reason: Reason;
  /**
   * Names from the outermost message inwards, `content[2].text.text`; an unknown field is its number in brackets, `[17]`.
   * Empty: the message itself.
   */
  readonly path: string;
  /** Byte offset in the input: of the tag of the field, the varint, or the first byte that is not UTF-8. */
  readonly offset: number;
  /** One clause: what came, and what was expected. */
  readonly detail: string;
}

/** What a scan learned, when it found nothing wrong. */
export interface WireFacts {
  /** Numbers of the outermost message's oneof arms, as they occur, with unknown numbers in the kept range. */
  readonly arms: readonly number[];
  /** Whether there is an unknown field, at any depth. */
  readonly unknownFields: boolean;
}

/** Messages may nest this deep, the outermost counted: the limit of protobuf-es. */
const depthLimit = 100;

const wireTypeNames = ["varint", "64-bit", "length-delimited", "start of group", "end of group", "32-bit"];

/**
 * Walks over the encoding of one message and checks what protobuf-es does not.
 * @param keptArms unknown field numbers from … to (inclusive) of the outermost message that count as arms.
 */
export function scanWire(
  plan: MessagePlan,
  bytes: Uint8Array,
  keptArms: readonly [from: number, to: number] | undefined,
): WireFacts | WireFailure {
  if (bytes.length >= 5 && bytes[0] === 0) {
    const id = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(1);
    return failure("confluent-prefix", 0, `schema-registry prefix 00 and schema id ${id}, want a bare message`);
  }
  const scanner = new Scanner(bytes, keptArms);
  const found = scanner.message(plan, bytes.length, 1);
  return found ?? { arms: scanner.arms, unknownFields: scanner.unknownFields };
}

function failure(reason: WireFailureReason, offset: number, detail: string): WireFailure {
  return { reason, path: "", offset, detail };
}

function inside(name: string, inner: WireFailure): WireFailure {
  return { ...inner, path: inner.path === "" ? name : `${name}.${inner.path}` };
}

/** The methods return undefined when all is well; numbers are handed over in `value`, to allocate nothing on the way. */
class Scanner {
  readonly arms: number[] = [];
  unknownFields = false;
  private position = 0;
  /** What `varint` read last, as far as 32 bits hold it; 2³² when it is more. */
  private value = 0;
  private readonly bytes: Uint8Array;
  private readonly keptArms: readonly [from: number, to: number] | undefined;

  constructor(bytes: Uint8Array, keptArms: readonly [from: number, to: number] | undefined) {
    this.bytes = bytes;
    this.keptArms = keptArms;
  }

  /** One message that occupies `position … end`. */
  message(plan: MessagePlan, end: number, depth: number): WireFailure | undefined {
    let seenArms: Set<number> | undefined;
    let counts: Map<number, number> | undefined;
    while (this.position < end) {
      const start = this.position;
      const badTag = this.varint(end, 5, depth, "tag");
      if (badTag) return badTag;
      if (this.value > 0xffff_ffff) return failure("tag", start, "tag of more than 32 bits");
      const number = this.value >>> 3;
      const wireType = this.value & 7;
      if (number === 0) return failure("field-number-zero", start, "field number 0, want 1 or more");
      const field = plan.fields.get(number);
      if (wireType === 3 || wireType === 4) {
        return inside(field?.name ?? `[${number}]`, failure("group", start, `${wireTypeNames[wireType]}, want none`));
      }
      if (wireType > 5) return inside(field?.name ?? `[${number}]`, failure("tag", start, `wire type ${wireType}`));
      if (field === undefined) {
        this.unknownFields = true;
        if (depth === 1 && this.keptArms && number >= this.keptArms[0] && number <= this.keptArms[1]) {
          this.arms.push(number);
        }
        const bad = this.skip(wireType as LegalWireType, end, depth, start);
        if (bad) return inside(`[${number}]`, bad);
        continue;
      }
      if (field.arm) {
        if (depth === 1) this.arms.push(number);
        seenArms ??= new Set();
        if (seenArms.has(number)) {
          return inside(field.name, failure("oneof-repeated", start, "this arm of its oneof a second time, want once"));
        }
        seenArms.add(number);
      }
      let name = field.name;
      if (field.indexed) {
        counts ??= new Map();
        const index = counts.get(number) ?? 0;
        counts.set(number, index + 1);
        name = `${name}[${index}]`;
      }
      const bad = this.field(field, wireType as LegalWireType, end, depth, start);
      if (bad) return inside(name, bad);
    }
    return undefined;
  }

  /** The content of a known field, whose tag at `start` was read. */
  private field(
    field: FieldPlan,
    wireType: LegalWireType,
    end: number,
    depth: number,
    start: number,
  ): WireFailure | undefined {
    if (wireType !== field.wireType) {
      if (wireType === 2 && field.packed !== undefined) return this.packedRun(field.packed, end, depth, start);
      const want = `${field.wireType} (${wireTypeNames[field.wireType]})`;
      return failure("wire-type", start, `wire type ${wireType} (${wireTypeNames[wireType]}), want ${want}`);
    }
    if (wireType !== 2) return this.skip(wireType, end, depth, start);
    const badLength = this.length(end, depth, start);
    if (badLength) return badLength;
    const contentEnd = this.position + this.value;
    if (field.message !== undefined) {
      if (depth === depthLimit) return failure("depth", start, `nested more than ${depthLimit} deep`);
      return this.message(field.message, contentEnd, depth + 1);
    }
    if (field.utf8) {
      const at = findInvalidUtf8(this.bytes, this.position, contentEnd);
      if (at >= 0) return failure("utf8", at, `byte 0x${hex(this.bytes[at])} begins no well-formed UTF-8 sequence`);
    }
    this.position = contentEnd;
    return undefined;
  }

  /** A packed run: its length, then elements that fill it exactly. */
  private packedRun(
    element: Exclude<LegalWireType, 2>,
    end: number,
    depth: number,
    start: number,
  ): WireFailure | undefined {
    const badLength = this.length(end, depth, start);
    if (badLength) return badLength;
    const runEnd = this.position + this.value;
    while (this.position < runEnd) {
      const bad = this.skip(element, runEnd, depth + 1, this.position);
      if (bad) return bad;
    }
    return undefined;
  }

  /** One element without a look at its content. `start` is where a failure is reported. */
  private skip(wireType: LegalWireType, end: number, depth: number, start: number): WireFailure | undefined {
    if (wireType === 0) return this.varint(end, 10, depth, "varint");
    if (wireType === 2) {
      const bad = this.length(end, depth, start);
      if (bad) return bad;
      this.position += this.value;
      return undefined;
    }
    const size = wireType === 1 ? 8 : 4;
    if (this.position + size > end) return this.tooShort(start, depth, `${size} bytes`, end - this.position);
    this.position += size;
    return undefined;
  }

  /** The length of a length-delimited element, into `value`; what it promises lies before `end`. */
  private length(end: number, depth: number, start: number): WireFailure | undefined {
    const bad = this.varint(end, 5, depth, "length");
    if (bad) return bad;
    const left = end - this.position;
    return this.value > left ? this.tooShort(start, depth, `${this.value} bytes as its length says`, left) : undefined;
  }

  /** A varint, into `value`. */
  private varint(end: number, limit: number, depth: number, what: string): WireFailure | undefined {
    const start = this.position;
    let value = 0;
    let factor = 1;
    for (let at = start; at < end; at++) {
      if (at - start === limit) return failure("varint", start, `${what} of more than ${limit} bytes`);
      const byte = this.bytes[at] as number;
      value += (byte & 0x7f) * factor;
      factor *= 128;
      if (byte < 0x80) {
        this.position = at + 1;
        this.value = Math.min(value, 0x1_0000_0000);
        return undefined;
      }
    }
    return end - start >= limit
      ? failure("varint", start, `${what} of more than ${limit} bytes`)
      : this.tooShort(start, depth, `the rest of a ${what}`, 0);
  }

  private tooShort(offset: number, depth: number, want: string, left: number): WireFailure {
    return depth === 1
      ? failure("truncated", offset, `${left} bytes left in the input, want ${want}`)
      : failure("overrun", offset, `${left} bytes left in what holds it, want ${want}`);
  }
}

function hex(byte: number | undefined): string {
  return (byte ?? 0).toString(16).padStart(2, "0");
}
