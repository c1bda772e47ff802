import { type DescEnum, type DescField, ScalarType } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import { fieldOf, isList, isMap, isMessage, type MessageValue, type Scalar, type Value, withField } from "./value.ts";

/**
 * All messages that are one step smaller: without a field, an element or an entry, or with one value smaller. A message
 * is minimal for an effect when none of them has it. Whole numbers are ordered by size, 1 before −1; floats 0, 1, 2, −1, 0.5,
 * then by size; texts by length, then by how much of them is not "a"; enum numbers by zero, declared, others.
 */
export function* reductions(message: MessageValue): Generator<MessageValue> {
  const numbers = [...message.fields.keys()];
  for (const number of numbers) {
    const field = fieldOf(message.desc, number);
    if (field?.presence !== FeatureSet_FieldPresence.LEGACY_REQUIRED) yield withField(message, number, undefined);
  }
  for (const number of numbers) {
    const field = fieldOf(message.desc, number);
    const held = message.fields.get(number);
    if (field === undefined || held === undefined) continue;
    for (const smaller of smallerHeld(field, held)) yield withField(message, number, smaller);
  }
}

/** The smallest message that still passes, found greedily. `test` is called at most `limit` times. */
export function minimise(
  message: MessageValue,
  test: (candidate: MessageValue) => boolean,
  limit = 3000,
): MessageValue {
  let current = message;
  let calls = 0;
  for (let smaller = true; smaller; ) {
    smaller = false;
    for (const candidate of reductions(current)) {
      calls += 1;
      if (calls > limit) return current;
      if (!test(candidate)) continue;
      current = candidate;
      smaller = true;
      break;
    }
  }
  return current;
}

function* smallerHeld(field: DescField, held: Value): Generator<Value> {
  if (isList(held)) {
    for (const index of held.keys()) yield held.toSpliced(index, 1);
    for (const [index, item] of held.entries()) {
      for (const smaller of smallerItem(field, item)) yield held.with(index, smaller);
    }
  } else if (isMap(held)) {
    for (const key of held.entries.keys()) {
      const entries = new Map(held.entries);
      entries.delete(key);
      yield { kind: "map", entries };
    }
    for (const [key, entry] of held.entries) {
      for (const value of smallerItem(field, entry.value)) {
        yield { kind: "map", entries: new Map([...held.entries, [key, { ...entry, value }]]) };
      }
      if (field.fieldKind !== "map") continue;
      for (const smaller of smallerScalars(field.mapKey, entry.key)) {
        if (held.entries.has(String(smaller))) continue;
        const entries = new Map(held.entries);
        entries.delete(key);
        entries.set(String(smaller), { ...entry, key: smaller });
        yield { kind: "map", entries };
      }
    }
  } else {
    for (const smaller of smallerItem(field, held)) {
      // A zero without presence would not be written: dropping the field was tried already.
      yield smaller;
    }
  }
}

function* smallerItem(field: DescField, item: Value): Generator<Value> {
  if (isMessage(item)) yield* reductions(item);
  else if (!isList(item) && !isMap(item)) yield* smallerScalars(field.enum ?? field.scalar ?? ScalarType.STRING, item);
}

const landmarks: readonly bigint[] = [0n, 1n, -1n, 2n, 128n, 2n ** 31n, -(2n ** 31n), 2n ** 32n, 2n ** 63n];

/** Smaller values of a scalar or enum, the smallest first. */
export function* smallerScalars(type: ScalarType | DescEnum, value: Scalar): Generator<Scalar> {
  if (typeof type === "object") yield* smallerEnum(type, value as number);
  else if (value instanceof Uint8Array) yield* smallerBytes(value);
  else if (typeof value === "string") yield* smallerText(value);
  else if (typeof value === "boolean") yield* value ? [false] : [];
  else if (type === ScalarType.DOUBLE || type === ScalarType.FLOAT) yield* smallerFloat(value as number);
  else yield* smallerInteger(type, value);
}

function* smallerEnum(type: DescEnum, value: number): Generator<number> {
  const order = [...new Set([0, ...type.values.map((known) => known.number)])].filter(
    (number) => type.open || type.value[number],
  );
  const rank = order.indexOf(value);
  yield* rank < 0 ? order : order.slice(0, rank);
  if (rank < 0)
    yield* smallerInteger(ScalarType.INT32, value)
      .filter((number) => type.value[Number(number)] === undefined)
      .map(Number);
}

function* smallerInteger(type: ScalarType, value: number | bigint): Generator<number | bigint> {
  const [min, max] = rangeOf(type);
  const own = BigInt(value);
  const size = own < 0n ? -own : own;
  const as = (number: bigint): number | bigint => (typeof value === "bigint" ? number : Number(number));
  const nearer = (number: bigint): boolean => {
    const other = number < 0n ? -number : number;
    return number >= min && number <= max && (other < size || (other === size && own < 0n && number > 0n));
  };
  // A few numbers that matter on the wire, then closer and closer to the number itself.
  const tried = landmarks.filter(nearer);
  yield* tried.map(as);
  for (let part = size / 2n; part > 0n; part /= 2n) {
    const next = own < 0n ? own + part : own - part;
    if (!tried.includes(next)) yield as(next);
  }
}

function rangeOf(type: ScalarType): readonly [min: bigint, max: bigint] {
  switch (type) {
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return [0n, 2n ** 32n - 1n];
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return [-(2n ** 31n), 2n ** 31n - 1n];
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return [0n, 2n ** 64n - 1n];
    default:
      return [-(2n ** 63n), 2n ** 63n - 1n];
  }
}

function* smallerFloat(value: number): Generator<number> {
  const order = [0, 1, 2, -1, 0.5];
  const rank = order.findIndex((number) => Object.is(number, value));
  yield* rank < 0 ? order : order.slice(0, rank);
  if (rank >= 0 || !Number.isFinite(value)) return;
  const rounded = Math.trunc(value);
  if (rounded !== value && !order.includes(rounded)) yield rounded;
  const half = Math.fround(Math.trunc(value / 2));
  if (!order.includes(half) && Math.abs(half) < Math.abs(value)) yield half;
}

function* smallerText(value: string): Generator<string> {
  if (value === "") return;
  yield "";
  const letters = Array.from(value);
  if (letters.length > 1) {
    yield "a";
    yield letters.slice(0, letters.length >> 1).join("");
    yield letters.slice(letters.length >> 1).join("");
    // All at once, or a long text takes a step for each letter.
    if (letters.filter((letter) => letter !== "a").length > 1) yield "a".repeat(letters.length);
    for (const index of letters.keys()) yield letters.toSpliced(index, 1).join("");
  }
  for (const [index, letter] of letters.entries()) if (letter !== "a") yield letters.with(index, "a").join("");
}

function* smallerBytes(value: Uint8Array): Generator<Uint8Array> {
  if (value.length === 0) return;
  yield new Uint8Array();
  if (value.length > 1) {
    yield Uint8Array.of(0);
    yield value.slice(0, value.length >> 1);
    yield value.slice(value.length >> 1);
    for (const index of value.keys()) yield Uint8Array.from([...value].toSpliced(index, 1));
  }
  for (const [index, byte] of value.entries()) {
    if (byte === 0) continue;
    yield value.with(index, 0);
    if (byte > 128) yield value.with(index, 128);
    else if (byte > 1 && byte < 128) yield value.with(index, 1);
  }
}
