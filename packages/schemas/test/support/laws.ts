import fc from "fast-check";

const numRuns: number = Number(process.env["FC_RUNS"] ?? 10_000);
if (!Number.isSafeInteger(numRuns) || numRuns < 1) throw new Error("FC_RUNS must be a positive integer");

/** Checks a law over `FC_RUNS` (default 10,000) random cases. */
export function assertLaw<T>(arbitrary: fc.Arbitrary<T>, law: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, law), { numRuns });
}
