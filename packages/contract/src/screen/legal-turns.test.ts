import fc from "fast-check";
import { expect, it } from "vitest";
import { createLegalTurns, type NamedTurn } from "./legal-turns.ts";

function turn(number: number): NamedTurn {
  return {
    keyHigh: number % 3,
    keyLow: number,
    events: number,
    triggers: 0,
    blocks: "tc",
    conversationId: "conv",
    messageId: `message ${number}`,
    ordinal: number,
  };
}

it("remembers the last turns, as many as it was told, and counts all", () => {
  const options = fc.record({
    keep: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(Infinity)),
    count: fc.nat(40),
  });
  fc.assert(
    fc.property(options, ({ keep, count }) => {
      const legal = createLegalTurns(keep);
      const all: NamedTurn[] = [];
      for (let number = 0; number < count; number++) {
        legal.add(turn(number));
        all.push(turn(number));
        expect(legal.count).toBe(all.length);
        const kept = keep === Infinity ? all : all.slice(-keep);
        expect(legal.list().toSorted((a, b) => a.ordinal - b.ordinal)).toEqual(kept);
        const had = all.filter(({ keyHigh, keyLow }) => legal.has(keyHigh, keyLow));
        expect(had).toEqual(kept);
        expect(legal.has(9, number)).toBe(false);
      }
    }),
  );
});
