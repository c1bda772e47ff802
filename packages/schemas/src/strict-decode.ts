import { type DescMessage, fromBinary, type MessageShape, ScalarType } from "@bufbuild/protobuf";
import { wirePlan } from "./wire-plan.ts";
import { scanWire, type WireFailure } from "./wire-scan.ts";

/** The value of a strict decoding: a message, or where and why the bytes are none. */
export type StrictDecoding<Desc extends DescMessage> =
  | {
      readonly ok: true;
      readonly message: MessageShape<Desc>;
      /**
       * Field numbers of the oneof arms of the outermost message in the order they occur on the wire (of different
       * arms the last is the value), and of unknown fields in the range `keptArms`.
       */
      readonly arms: readonly number[];
      /** Whether there is an unknown field, at any depth. */
      readonly unknownFields: boolean;
    }
  | { readonly ok: false; readonly failure: WireFailure };

/** Settings of a strict decoding. */
export interface StrictDecodeOptions {
  /** Unknown field numbers of the outermost message, from … to inclusive, that are listed in `arms`. Default none. */
  readonly keptArms?: readonly [from: number, to: number];
}

/**
 * Decodes as strictly as the reference implementations taken together, which protobuf-es alone is not: it reads a known
 * field with whatever wire type arrives, and lets sub-messages and packed runs overrun their length.
 *
 * Refused: a wire type that the field's type does not have, field number 0, a tag of more than 32 bits, a varint of
 * more than 10 bytes (5 in tags and lengths), groups, a length past its end, an element past the end of the sub-message,
 * map entry or packed run that holds it, a string that is not UTF-8, the same arm of a oneof twice, more than 100
 * levels, a schema-registry prefix. Legal: any order of fields, explicit defaults, a scalar several times (the last
 * counts), a sub-message several times (they merge), lists packed or not, unknown fields, unknown enum numbers.
 *
 * Never throws on any bytes. The message shares no memory with `bytes`: the buffer may be reused afterwards.
 */
export function strictDecode<Desc extends DescMessage>(
  desc: Desc,
  bytes: Uint8Array,
  options: StrictDecodeOptions = {},
): StrictDecoding<Desc> {
  const found = scanWire(wirePlan(desc), bytes, options.keptArms);
  if ("reason" in found) return { ok: false, failure: found };
  // Unknown fields and `bytes` are views of the input in protobuf-es; a copy, and they are views of the copy.
  const own = found.unknownFields || holdsBytes(desc) ? new Uint8Array(bytes) : bytes;
  return { ok: true, message: fromBinary(desc, own), arms: found.arms, unknownFields: found.unknownFields };
}

const bytesHolders = new WeakMap<DescMessage, boolean>();

/** Whether a message of this type may contain a `bytes` field at any depth. */
function holdsBytes(desc: DescMessage): boolean {
  let holds = bytesHolders.get(desc);
  if (holds === undefined) {
    holds = [...reachable(desc)].some((type) =>
      type.fields.some((field) => "scalar" in field && field.scalar === ScalarType.BYTES),
    );
    bytesHolders.set(desc, holds);
  }
  return holds;
}

/** The type and all types that its messages may contain. */
function reachable(desc: DescMessage, found: Set<DescMessage> = new Set()): Set<DescMessage> {
  if (found.has(desc)) return found;
  found.add(desc);
  for (const { message } of desc.fields) if (message) reachable(message, found);
  return found;
}
