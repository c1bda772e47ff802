import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, parseDuration } from "./duration.ts";
import { uuidV7 } from "./id.ts";
import { nearest } from "./nearest.ts";
import { createRandom } from "./random.ts";

describe("parseDuration", () => {
  it.each([
    ["300ms", 300],
    ["1.5s", 1_500],
    ["2m", 120_000],
    ["1h", 3_600_000],
    ["0s", 0],
  ])("reads %s as %d ms", (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(["", "5", "5 s", "-1s", "1d", "ms", "1e3s", "∞s"])("refuses %j, saying what it wants", (text) => {
    expect(() => parseDuration(text)).toThrow(/\[duration\] .* expected a number and a unit, as in 300ms/);
  });

  it("writes durations for people", () => {
    expect([0.25, 300, 1_500, 90_000].map(formatDuration)).toEqual(["0.3 ms", "300 ms", "1.5 s", "1.5 min"]);
  });
});

describe("createRandom", () => {
  it("gives the same values for the same seed, on every machine", () => {
    const random = createRandom(42);
    expect([random.int(0, 999), random.int(0, 999), random.int(-5, 5)]).toEqual([605, 225, -1]);
  });

  it("forks by seed and labels alone, whatever was drawn before", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.string(), fc.nat(20), (seed, label, draws) => {
        const drawn = createRandom(seed);
        for (let i = 0; i < draws; i++) drawn.unit();
        expect(drawn.fork(label).bytes(8)).toEqual(createRandom(seed).fork(label).bytes(8));
      }),
    );
  });

  it("keeps neighbouring and very large seeds apart", () => {
    const seeds = [0, 1, 2, -1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER];
    const firsts = seeds.map((seed) => createRandom(seed).bytes(8).join());
    expect(new Set(firsts).size).toBe(seeds.length);
  });

  it("stays within its bounds", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.integer(), (seed, a, b) => {
        const value = createRandom(seed).int(Math.min(a, b), Math.max(a, b));
        expect(value).toBeGreaterThanOrEqual(Math.min(a, b));
        expect(value).toBeLessThanOrEqual(Math.max(a, b));
      }),
    );
  });
});

describe("uuidV7", () => {
  it("carries the time in its first 48 bits, version 7 and the RFC 9562 variant", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), fc.integer(), (ms, seed) => {
        const id = uuidV7(ms, createRandom(seed));
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(ms);
      }),
    );
  });
});

describe("nearest", () => {
  const names = ["sales-chart", "text-only", "multi-chart", "fatal-error"];
  it.each([
    ["sales-chrat", "sales-chart"],
    ["Text-Only", "text-only"],
    ["textonly", "text-only"],
    ["zzzzzzzz", undefined],
  ])("means by %s: %s", (name, meant) => expect(nearest(name, names)).toBe(meant));
});
