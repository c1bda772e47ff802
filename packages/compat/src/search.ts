import type { DescField, DescMessage, Registry } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { anyValue } from "./any-value.ts";
import { examplesOf } from "./examples.ts";
import { type Decoder, decoders, type Effect, encode, observe, type Sides } from "./observe.ts";
import { minimise } from "./reduce.ts";
import { fieldOf, isList, isMap, isMessage, type MessageValue, type Value, withField } from "./value.ts";

/** A difference with the smallest message that shows it. */
export interface Witness {
  readonly effect: Effect;
  /** The innermost field that is to blame, of the side that has it; undefined when the message as a whole is. */
  readonly field: DescField | undefined;
  /** What was written. Removing anything from it, or making any value smaller, loses the effect. */
  readonly value: MessageValue;
  /** Its bytes, as the writer encodes it. */
  readonly bytes: Uint8Array;
  /** The decoders with the same effect on the same field by these bytes. */
  readonly decoders: readonly Decoder[];
  /** The types between which it was found. */
  readonly sides: Sides;
}

/** How long a search goes on. */
export interface SearchOptions {
  /** Seed of the random messages; the same seed finds the same witnesses. */
  readonly seed: number;
  /** Random messages per type, beside the edge cases of each field. */
  readonly runs: number;
}

/**
 * Looks for messages that one side writes and the other reads differently: first each field alone with edge values,
 * then random messages, until `runs` of them show nothing new. One direction. No witness is evidence, not proof.
 *
 * `pairs` are the versions of a type; inner types come before what contains them, so that a difference is found in the
 * smallest type that has it.
 */
export function searchWitnesses(
  pairs: readonly (readonly [writer: DescMessage, reader: DescMessage])[],
  types: { readonly writer: Registry; readonly reader: Registry },
  options: SearchOptions,
): Witness[] {
  const search = new Search(options);
  for (const [writer, reader] of pairs) {
    search.run({ writer, reader, writerTypes: types.writer, readerTypes: types.reader });
  }
  return search.found;
}

interface Fresh {
  readonly effect: Effect;
  readonly value: MessageValue;
}

class Search {
  readonly found: Witness[] = [];
  private readonly options: SearchOptions;
  private readonly known = new Set<string>();
  /** Fields that are known to make a decoder throw: they hide what else is in a message. */
  private readonly throwers = new Map<Decoder, Set<string>>(decoders.map((decoder) => [decoder, new Set()]));

  constructor(options: SearchOptions) {
    this.options = options;
  }

  run(sides: Sides): void {
    for (const example of examplesOf(sides.writer)) this.take(sides, example);
    const messages = anyValue(sides.writer);
    // Each round finds at least one new difference, so the rounds end; the bound is for a search gone wrong.
    for (let round = 0; round < 200; round++) {
      const outcome = fc.check(
        fc.property(messages, (value) => this.fresh(sides, value).length === 0),
        { seed: this.options.seed, numRuns: this.options.runs },
      );
      if (!outcome.failed || outcome.counterexample === null) return;
      this.take(sides, outcome.counterexample[0]);
    }
  }

  /** Notes all that is new in a message, each with its own smallest witness. */
  private take(sides: Sides, value: MessageValue): void {
    for (let fresh = this.fresh(sides, value); fresh.length > 0; fresh = this.fresh(sides, value)) {
      const [first] = fresh;
      if (first === undefined) return;
      this.record(sides, first);
    }
  }

  private record(sides: Sides, { effect, value }: Fresh): void {
    const { decoder } = effect;
    const same = (candidate: MessageValue): Effect | undefined =>
      this.freshOf(sides, candidate, decoder).find(
        (other) =>
          other.value === candidate &&
          kindKey(other.effect) === kindKey(effect) &&
          (effect.kind === "throws" || sameField(other.effect.field, effect.field)),
      )?.effect;
    const minimal = minimise(value, (candidate) => same(candidate) !== undefined);
    const seen = same(minimal) ?? effect;
    const field = seen.kind === "throws" ? (innermost(minimal) ?? seen.field) : seen.field;
    this.known.add(key(seen, field));
    if (seen.kind === "throws" && seen.oracle !== "relay") this.throwers.get(decoder)?.add(fieldKey(field));
    const alike = decoders.filter(
      (other) =>
        other === decoder ||
        observe(sides, minimal, other).effects.some(
          (found) => kindKey(found) === kindKey(seen) && (seen.kind === "throws" || sameField(found.field, seen.field)),
        ),
    );
    for (const other of alike) {
      this.known.add(key({ ...seen, decoder: other }, field));
      if (seen.kind === "throws" && seen.oracle !== "relay") this.throwers.get(other)?.add(fieldKey(field));
    }
    this.found.push({ effect: seen, field, value: minimal, bytes: encode(minimal), decoders: alike, sides });
  }

  private fresh(sides: Sides, value: MessageValue): Fresh[] {
    return decoders.flatMap((decoder) => this.freshOf(sides, value, decoder));
  }

  private freshOf(sides: Sides, value: MessageValue, decoder: Decoder): Fresh[] {
    const throwers = this.throwers.get(decoder) ?? new Set();
    const fresh: Fresh[] = [];
    let current = value;
    let { effects } = observe(sides, value, decoder);
    if (throwers.size > 0 && effects.some(({ kind, oracle }) => kind === "throws" && oracle !== "relay")) {
      if (throwers.has(fieldKey(undefined))) return [];
      const rest = without(value, throwers);
      current = rest.value;
      ({ effects } = observe(sides, rest.value, decoder));
      // What can't be left out, a required field, throws again: no news.
      if (rest.kept) effects = effects.filter(({ kind, oracle }) => kind !== "throws" || oracle === "relay");
    }
    for (const effect of effects) {
      if (!this.known.has(key(effect, effect.field))) fresh.push({ effect, value: current });
    }
    return fresh.filter(({ effect }) => effect.kind !== "throws" || !this.knownRelayThrow(effect));
  }

  /** A relay throws in whatever field it likes: once per decoder is enough. */
  private knownRelayThrow(effect: Effect): boolean {
    return (
      effect.oracle === "relay" &&
      this.found.some(
        (witness) => kindKey(witness.effect) === kindKey(effect) && witness.decoders.includes(effect.decoder),
      )
    );
  }
}

function kindKey(effect: Effect): string {
  return `${effect.oracle} ${effect.kind}`;
}

function key(effect: Effect, field: DescField | undefined): string {
  return `${kindKey(effect)} ${effect.decoder} ${effect.kind === "throws" && field === undefined ? "?" : fieldKey(field)}`;
}

function fieldKey(field: DescField | undefined): string {
  return field === undefined ? "" : `${field.parent.typeName}#${field.number}`;
}

function sameField(a: DescField | undefined, b: DescField | undefined): boolean {
  return fieldKey(a) === fieldKey(b);
}

/** The innermost field of a message that has one path only, or of its first path. */
function innermost(message: MessageValue): DescField | undefined {
  for (const [number, held] of message.fields) {
    const field = fieldOf(message.desc, number);
    const inner = isList(held) ? held[0] : isMap(held) ? held.entries.values().next().value?.value : held;
    return (inner !== undefined && isMessage(inner) ? innermost(inner) : undefined) ?? field;
  }
  return undefined;
}

/**
 * The message without some fields, at any depth; the same object when it has none of them. `kept`: one of them is
 * required and stayed.
 */
function without(message: MessageValue, fields: ReadonlySet<string>): { value: MessageValue; kept: boolean } {
  let kept = false;
  const strip = (held: Value): Value => {
    if (isMessage(held)) return stripMessage(held);
    if (isList(held)) {
      const items = held.map(strip);
      return items.some((item, index) => item !== held[index]) ? items : held;
    }
    if (!isMap(held)) return held;
    const entries = [...held.entries].map(([name, entry]): [string, typeof entry] => [
      name,
      { ...entry, value: strip(entry.value) },
    ]);
    const same = entries.every(([name, entry]) => entry.value === held.entries.get(name)?.value);
    return same ? held : { kind: "map", entries: new Map(entries) };
  };
  const stripMessage = (whole: MessageValue): MessageValue => {
    let result = whole;
    for (const [number, held] of whole.fields) {
      const field = fieldOf(whole.desc, number);
      if (!fields.has(fieldKey(field))) {
        const inner = strip(held);
        if (inner !== held) result = withField(result, number, inner);
      } else if (field?.presence === FeatureSet_FieldPresence.LEGACY_REQUIRED) kept = true;
      else result = withField(result, number, undefined);
    }
    return result;
  };
  const value = stripMessage(message);
  return { value, kept };
}
