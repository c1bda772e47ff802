import { ScalarType } from "@bufbuild/protobuf";
import { file_google_protobuf_descriptor } from "@bufbuild/protobuf/wkt";
import { chatV1, chatV2 } from "@ondash/schemas";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyValue } from "./any-value.ts";
import { jsonOf } from "./finding.ts";
import { messagesOf } from "./locate.ts";
import { encode } from "./observe.ts";
import { minimise, reductions, smallerScalars } from "./reduce.ts";
import { fromMessage, type MessageValue, toMessage } from "./value.ts";

const types = [chatV1.envelope, chatV2.envelope, chatV2.message, ...messagesOf([file_google_protobuf_descriptor])];
const anyOf = fc.constantFrom(...types).chain((type) => anyValue(type));
const hexOf = (value: MessageValue): string => Buffer.from(encode(value)).toString("hex");

describe("reductions", () => {
  it("are messages of the same type that can be encoded, none of them the message itself", () => {
    fc.assert(
      fc.property(anyOf, (value) => {
        for (const smaller of reductions(value)) {
          expect(smaller.desc).toBe(value.desc);
          expect(smaller).not.toEqual(value);
          encode(smaller);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("end: whatever passes, everything but required fields goes", () => {
    fc.assert(
      fc.property(anyOf, (value) => {
        const least = minimise(value, () => true);
        expect([...reductions(least)]).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ScalarType.INT32,
    ScalarType.UINT32,
    ScalarType.INT64,
    ScalarType.UINT64,
    ScalarType.DOUBLE,
    ScalarType.STRING,
    ScalarType.BYTES,
    ScalarType.BOOL,
  ])("of a scalar of type %i never come back to a value, so that they end", (type) => {
    const start = new Map<ScalarType, fc.Arbitrary<number | bigint | string | boolean | Uint8Array>>([
      [ScalarType.INT32, fc.integer()],
      [ScalarType.UINT32, fc.nat()],
      [ScalarType.INT64, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
      [ScalarType.UINT64, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })],
      [ScalarType.DOUBLE, fc.double()],
      [ScalarType.STRING, fc.string()],
      [ScalarType.BYTES, fc.uint8Array({ maxLength: 6 })],
      [ScalarType.BOOL, fc.boolean()],
    ]).get(type);
    if (start === undefined) throw new Error("no values of this type");
    fc.assert(
      fc.property(start, fc.infiniteStream(fc.nat()), (value, choices) => {
        // Any way down, not only the first.
        let current = value;
        const seen = new Set<string>();
        for (let steps = 0; ; steps++) {
          const key = current instanceof Uint8Array ? current.join() : String(Object.is(current, -0) ? "-0" : current);
          expect(seen).not.toContain(key);
          seen.add(key);
          const smaller = [...smallerScalars(type, current)];
          const choice = choices.next().value ?? 0;
          const next = smaller[choice % Math.max(1, smaller.length)];
          if (next === undefined) return;
          expect(steps).toBeLessThan(5000);
          current = next;
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe("minimise", () => {
  it("finds the smallest message that still has a field, and the threshold of a number", () => {
    const big = anyValue(chatV2.envelope).filter((value) => Number(value.fields.get(6) ?? 0) > 1000);
    fc.assert(
      fc.property(big, (value) => {
        const least = minimise(value, (candidate) => Number(candidate.fields.get(6) ?? 0) >= 1000);
        expect([...least.fields]).toEqual([[6, 1000]]);
      }),
      { numRuns: 30 },
    );
  });

  it("goes into messages, lists and maps", () => {
    const withText = anyValue(chatV2.message).filter((value) => JSON.stringify(jsonOf(value)).includes('"chart":'));
    fc.assert(
      fc.property(withText, (value) => {
        const least = minimise(value, (candidate) => JSON.stringify(jsonOf(candidate)).includes('"chart":'));
        expect(jsonOf(least)).toEqual({ content: [{ chart: {} }] });
      }),
      { numRuns: 30 },
    );
  });

  it("leaves what no smaller message passes for", () => {
    fc.assert(
      fc.property(anyOf, (value) => {
        const same = hexOf(value);
        expect(hexOf(minimise(value, (candidate) => hexOf(candidate) === same))).toBe(same);
      }),
      { numRuns: 50 },
    );
  });
});

describe("a value and its message of protobuf-es", () => {
  it("are one and the same", () => {
    fc.assert(
      fc.property(anyOf, (value) => {
        const again = fromMessage(value.desc, toMessage(value));
        expect(hexOf(again)).toBe(hexOf(value));
      }),
      { numRuns: 300 },
    );
  });
});
