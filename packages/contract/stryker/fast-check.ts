/**
 * fast-check as the tests of @ondash/contract see it while Stryker runs them: each property is tried a tenth as often as
 * else, three to ten times, since every mutant runs the suite anew.
 */
import * as fc from "../../../node_modules/fast-check/lib/fast-check.js";

const [LEAST, MOST] = [3, 10];

/**
 * `fc.assert` with fewer runs and a fixed seed: a mutant must not survive or die by chance. That it dies is enough: no
 * smaller counterexample is looked for.
 */
export function assert<Ts>(property: fc.IRawProperty<Ts>, parameters: fc.Parameters<Ts> = {}): void | Promise<void> {
  const numRuns = Math.min(MOST, Math.max(LEAST, Math.ceil((parameters.numRuns ?? 100) / 10)));
  return fc.assert(property, { ...parameters, numRuns, seed: 1, endOnFailure: true });
}

export * from "../../../node_modules/fast-check/lib/fast-check.js";

const all: Omit<typeof fc, "assert"> & { readonly assert: typeof assert } = { ...fc, assert };
export default all;
