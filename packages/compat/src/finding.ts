import { type JsonValue, toJson } from "@bufbuild/protobuf";
import type { DirectedWitness } from "./compare-images.ts";
import { oraclesOf } from "./judge.ts";
import { type Decoder, type EffectKind, encodeJson, type Oracle, observe } from "./observe.ts";
import type { Direction, Level } from "./policy.ts";
import { type MessageValue, toMessage } from "./value.ts";

/** A witness as programs read it. */
export interface WitnessReport {
  readonly direction: Direction;
  readonly oracle: Oracle;
  readonly effect: EffectKind;
  /** Full name of the type that was written. */
  readonly message: string;
  /** What was written, as ProtoJSON; enum values are numbers, but for the oracle json, which is about their names. */
  readonly json: JsonValue;
  /** The bytes that were written. */
  readonly hex: string;
  /** What was read from it; null when the reader threw. */
  readonly reads: JsonValue | null;
  readonly error: string | null;
  /** The decoders that have this effect by this witness. */
  readonly decoders: readonly Decoder[];
}

/** A finding as programs read it: the shape of `--format json`. */
export interface Finding {
  readonly subject: string;
  /** What happened to it: `int32 enum → string`. `subject: change` is what a waiver names. */
  readonly change: string;
  readonly severity: Exclude<Level, "off">;
  /** Path from the working directory. */
  readonly file: string;
  readonly line: number;
  /** Rules of buf. */
  readonly buf: readonly string[];
  /** Project rules, and rules of the contract that the subject appears in. */
  readonly rules: readonly string[];
  readonly waived: boolean;
  /** Names of the consumers that read the subject. */
  readonly victims: readonly string[];
  readonly scenarios: readonly string[];
  readonly witnesses: readonly WitnessReport[];
}

/** A witness for programs, once per oracle that it counts for. */
export function witnessReports(directed: DirectedWitness): WitnessReport[] {
  const { direction, witness } = directed;
  const { effect, value, bytes, sides, decoders } = witness;
  const written = effect.oracle === "json" ? encodeJson(value, sides.writerTypes) : jsonOf(value);
  const { read } = observe(sides, value, effect.decoder);
  return oraclesOf(witness).map((oracle) => ({
    direction,
    oracle,
    effect: effect.kind,
    message: value.desc.typeName,
    json: written ?? null,
    hex: Buffer.from(bytes).toString("hex"),
    reads: read === undefined ? null : jsonOf(read),
    error: effect.error ?? null,
    decoders,
  }));
}

/** ProtoJSON with enum values as numbers: a number without name, and a renamed value, show as they are on the wire. */
export function jsonOf(value: MessageValue): JsonValue | null {
  try {
    return toJson(value.desc, toMessage(value), { enumAsInteger: true });
  } catch {
    // A Timestamp out of range, say: ProtoJSON has no word for it.
    return null;
  }
}
