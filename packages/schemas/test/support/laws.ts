import { randomInt } from "node:crypto";
import fc from "fast-check";

const given = process.env["FC_SEED"];
const seed: number = given === undefined ? randomInt(2 ** 31) : Number(given);
const numRuns: number = Number(process.env["FC_RUNS"] ?? 10_000);
if (!Number.isSafeInteger(seed)) throw new Error(`FC_SEED must be an integer, got ${given}`);
if (!Number.isSafeInteger(numRuns) || numRuns < 1) throw new Error("FC_RUNS must be a positive integer");
process.stdout.write(`laws: ${numRuns} cases each, FC_SEED=${seed}\n`);

/**
 * Checks a law over `FC_RUNS` (default 10,000) random cases, drawn from the seed that was printed: `FC_SEED`, by default
 * a random one.
 */
export function assertLaw<T>(arbitrary: fc.Arbitrary<T>, law: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, law), { seed, numRuns });
}
