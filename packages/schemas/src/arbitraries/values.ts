import { type DescEnum, ScalarType } from "@bufbuild/protobuf";
import fc from "fast-check";

/** Texts that have broken encoders before: empty, NUL, byte order mark, combining, right to left, outside the BMP. */
const edgeTexts = [
  "",
  "\u0000",
  "\uFEFF",
  " ",
  "e\u0301",
  "עברית",
  "日本語",
  "😀",
  "👩‍👩‍👧‍👦",
  "\u{10FFFF}",
  "__proto__",
  'a\nb\t"\\',
];

/** Any well-formed string: no lone surrogate, up to a few hundred bytes. */
export function wellFormedString(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.string() },
    { weight: 3, arbitrary: fc.string({ unit: "binary" }) },
    { weight: 2, arbitrary: fc.constantFrom(...edgeTexts) },
    // Lengths of 128 bytes and more take a length prefix of two bytes.
    { weight: 1, arbitrary: fc.integer({ min: 120, max: 300 }).map((length) => "x".repeat(length)) },
  );
}

/** A well-formed string that is not blank: something else than Unicode White_Space is in it. */
export function nonBlankString(): fc.Arbitrary<string> {
  return wellFormedString().map((text) => (/^\p{White_Space}*$/u.test(text) ? `${text}x` : text));
}

/**
 * Any value of a scalar type, the ends of its range among them: a number, a bigint for 64-bit integers, a string, a
 * boolean or a Uint8Array. Floats are rounded to 32 bits. NaN, infinities and −0 occur.
 */
export function scalarValue(type: ScalarType): fc.Arbitrary<number | bigint | string | boolean | Uint8Array> {
  switch (type) {
    case ScalarType.STRING:
      return wellFormedString();
    case ScalarType.BYTES:
      return fc.uint8Array({ maxLength: 200 });
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.DOUBLE:
      return fc.oneof(fc.double(), fc.constantFrom(0, -0, Number.NaN, Number.MAX_VALUE, Number.MIN_VALUE));
    case ScalarType.FLOAT:
      return fc.oneof(fc.float(), fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY));
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return integer(-0x8000_0000, 0x7fff_ffff);
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return integer(0, 0xffff_ffff);
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return bigInteger(-(2n ** 63n), 2n ** 63n - 1n);
    default:
      return bigInteger(0n, 2n ** 64n - 1n);
  }
}

/** A number of an enum: those of its values, and with `unknown` (open enums only) others of 32 bits too. */
export function enumValue(desc: DescEnum, unknown: boolean): fc.Arbitrary<number> {
  const known = fc.constantFrom(...desc.values.map((value) => value.number));
  if (!unknown || !desc.open) return known;
  const other = integer(-0x8000_0000, 0x7fff_ffff).filter((number) => desc.value[number] === undefined);
  return fc.oneof({ weight: 3, arbitrary: known }, { weight: 1, arbitrary: other });
}

/** Integers with both ends of the range, and where a varint grows by a byte. */
function integer(min: number, max: number): fc.Arbitrary<number> {
  const edges = [0, 1, -1, 127, 128, 16_383, 16_384, min, max].filter((edge) => edge >= min && edge <= max);
  return fc.oneof(fc.integer({ min, max }), fc.constantFrom(...edges));
}

function bigInteger(min: bigint, max: bigint): fc.Arbitrary<bigint> {
  const edges = [0n, 1n, -1n, 2n ** 31n, 2n ** 32n, min, max].filter((edge) => edge >= min && edge <= max);
  return fc.oneof(fc.bigInt({ min, max }), fc.constantFrom(...edges));
}
