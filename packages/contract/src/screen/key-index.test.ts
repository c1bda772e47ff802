import fc from "fast-check";
import { expect, it } from "vitest";
import { createKeyIndex } from "./key-index.ts";

it("finds what a Map finds, whatever was added and deleted, also where places collide", () => {
  // Few low halves: the places collide, and runs wrap around the end of the table.
  const key = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom(0, 1, 254, 255, 256, -1, 511));
  const step = fc.tuple(fc.boolean(), key, fc.nat(1_000));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const index = createKeyIndex();
      const model = new Map<string, number>();
      for (const [add, [high, low], value] of steps) {
        const name = `${high} ${low}`;
        if (!add) {
          index.delete(high, low);
          model.delete(name);
        } else if (!model.has(name)) {
          index.add(high, low, value);
          model.set(name, value);
        }
        expect(index.size).toBe(model.size);
        expect(index.get(high, low)).toBe(model.get(name) ?? -1);
      }
      for (const [name, value] of model) {
        const [high = 0, low = 0] = name.split(" ").map(Number);
        expect(index.get(high, low)).toBe(value);
      }
    }),
  );
});

it("finds what is there in every order of adding and deleting keys of the same few places", () => {
  // Places at both ends of the table, and enough keys that some are pushed far from home.
  const keys = [254, 255, 0, 1, 255, 254].flatMap((low, high): [high: number, low: number][] => [
    [high, low],
    [high + 6, low + 256],
    [high + 12, low - 256],
  ]);
  for (let first = 0; first < keys.length; first++) {
    for (let stride = 1; stride < keys.length; stride += 2) {
      const index = createKeyIndex();
      const model = new Map(keys.map((key, value) => [key, value]));
      for (const [[high, low], value] of model) index.add(high, low, value);
      for (let count = 0; count < keys.length; count++) {
        const gone = keys[(first + count * stride) % keys.length] ?? [0, 0];
        index.delete(...gone);
        model.delete(gone);
        expect(keys.map((key) => index.get(...key))).toEqual(keys.map((key) => model.get(key) ?? -1));
        expect(index.size).toBe(model.size);
      }
    }
  }
});

it("deletes what it has, at any size, and nothing else", () => {
  const index = createKeyIndex();
  for (let at = 0; at < 1_000; at++) index.add(at, at * 3, at);
  for (let at = 0; at < 1_000; at++) {
    index.delete(at, at * 3 + 1);
    if (at % 2 === 0) index.delete(at, at * 3);
  }
  expect(index.size).toBe(500);
  for (let at = 0; at < 1_000; at++) expect(index.get(at, at * 3)).toBe(at % 2 === 0 ? -1 : at);
});

it("grows, and keeps everything", () => {
  const index = createKeyIndex();
  for (let at = 0; at < 10_000; at++) index.add(at * 7, Math.imul(at, 0x9e37_79b1), at);
  for (let at = 0; at < 10_000; at++) expect(index.get(at * 7, Math.imul(at, 0x9e37_79b1))).toBe(at);
  expect(index.get(1, 1)).toBe(-1);
});
