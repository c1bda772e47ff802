/**
 * fast-check as the tests of @ondash/contract see it while Stryker runs them: each property is tried at most `RUNS` times,
 * since every mutant runs the suite anew. The real numbers of runs are the tests' own.
 */
import * as fc from "../../../node_modules/fast-check/lib/fast-check.js";

const RUNS = 10;

/**
 * `fc.assert` with fewer runs and a fixed seed: a mutant must not survive or die by chance. That it dies is enough: no
 * smaller counterexample is looked for.
 */
export function assert<Ts>(property: fc.IRawProperty<Ts>, parameters: fc.Parameters<Ts> = {}): void | Promise<void> {
  const numRuns = Math.min(parameters.numRuns ?? 100, RUNS);
  return fc.assert(property, { ...parameters, numRuns, seed: 1, endOnFailure: true });
}

export * from "../../../node_modules/fast-check/lib/fast-check.js";

const all: Omit<typeof fc, "assert"> & { readonly assert: typeof assert } = { ...fc, assert };
export default all;
