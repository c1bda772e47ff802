import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentHash } from "./hash.ts";
import type { RecordObservation } from "./observation.ts";

type Content = Pick<RecordObservation, "key" | "value" | "headers">;

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const content = (change: Partial<Content> = {}): Content => ({
  key: bytes(1, 2),
  value: bytes(3, 4),
  headers: [["name", bytes(5)]],
  ...change,
});
const hash = (of: Content): number =>
  contentHash({ kind: "record", topic: "t", partition: 0, offset: 0, timestamp: 0, ...of });

const fewBytes = fc.oneof(fc.constant(null), fc.uint8Array({ maxLength: 3 }));
const contents = fc.record({
  key: fewBytes,
  value: fewBytes,
  headers: fc.array(fc.tuple(fc.constantFrom("", "a", "ab", "b"), fewBytes), { maxLength: 8 }),
});

/** All orders of a list. */
const orders = <T>(list: readonly T[]): (readonly T[])[] =>
  list.length === 0
    ? [[]]
    : list.flatMap((first, index) => orders(list.toSpliced(index, 1)).map((rest) => [first, ...rest]));

describe("the hash of a record's content", () => {
  it("is a whole number of 53 bits, the same for the same content", () => {
    fc.assert(
      fc.property(contents, (of) => {
        expect(Number.isSafeInteger(hash(of)) && hash(of) >= 0).toBe(true);
        expect(hash(structuredClone(of))).toBe(hash(of));
      }),
    );
  });

  it("does not depend on where else the record is", () => {
    const record = { kind: "record", ...content() } as const;
    expect(contentHash({ ...record, topic: "a", partition: 0, offset: 1, timestamp: 2 })).toBe(
      contentHash({ ...record, topic: "b", partition: 3, offset: 4, timestamp: 5 }),
    );
  });

  it("does not depend on the order of headers of different names", () => {
    const [before, after] = [["a", bytes(1)] as const, ["a", bytes(2)] as const];
    const headers = [["c", null] as const, before, ["b", null] as const, after];
    const first = orders(headers).filter((order) => order.indexOf(before) < order.indexOf(after));
    expect(new Set(first.map((order) => hash(content({ headers: order })))).size).toBe(1);
    // But on that of one name.
    expect(new Set(orders(headers).map((order) => hash(content({ headers: order })))).size).toBe(2);
  });

  it.each<[what: string, one: Partial<Content>, other: Partial<Content>]>([
    ["the key", {}, { key: bytes(1, 3) }],
    ["the value", {}, { value: bytes(3, 5) }],
    ["no key from an empty one", { key: null }, { key: bytes() }],
    ["no value from an empty one", { value: null }, { value: bytes() }],
    ["the key from the value", { key: bytes(1), value: bytes(2) }, { key: bytes(2), value: bytes(1) }],
    ["where the value begins", { key: bytes(0, 0), value: bytes(0) }, { key: bytes(0), value: bytes(0, 0) }],
    ["no key from one of any length", { key: null, value: bytes(0) }, { key: bytes(1), value: bytes() }],
    ["the name of a header", {}, { headers: [["nAme", bytes(5)]] }],
    ["the value of a header", {}, { headers: [["name", bytes(6)]] }],
    ["no value of a header from an empty one", { headers: [["a", null]] }, { headers: [["a", bytes()]] }],
    ["how many headers there are", { headers: [["a", null]] }, { headers: [] }],
    [
      "where a name ends and a value of as many bytes as the next letter's code begins",
      { headers: [["a", bytes(97, ...Array.from({ length: 97 }, () => 0))]] },
      { headers: [["ab", new Uint8Array(97)]] },
    ],
  ])("tells %s", (_, one, other) => {
    expect(hash(content(one))).not.toBe(hash(content(other)));
  });
});
