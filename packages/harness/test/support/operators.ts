import { createRandom } from "@ondash/core";
import type { ChatSchema } from "@ondash/schemas";
import { validTurn } from "@ondash/schemas/arbitraries";
import fc from "fast-check";
// The operators are those that prove the monitor, not copies of them: that is what is to be compared.
import { allOperators } from "../../../contract/test/simulator/all-operators.ts";
import type { Operator } from "../../../contract/test/support/operators.ts";

export type { Operator };

/** The name of an operator in reports: `ORD-04 a record is dropped`. */
export function nameOf({ rule, does }: Operator): string {
  return `${rule} ${does}`;
}

/** The operators that take legal turns of a version. */
export function operatorsFor(schema: ChatSchema): readonly Operator[] {
  return allOperators.filter((entry) => entry.schema === schema).map(({ operator }) => operator);
}

/** A legal turn, spoiled: the whole run as the simulator observes it. */
export interface Mutant {
  /** Makes it again. */
  readonly seed: number;
  readonly observations: NonNullable<ReturnType<Operator["mutate"]>>;
}

/** How many turns may offer an operator nothing to break, for each one that does. */
const TRIALS = 1_000;

/** The first mutants of an operator, for seeds from `from` on. */
export function mutantsOf(schema: ChatSchema, operator: Operator, count: number, from = 1): readonly Mutant[] {
  const mutants: Mutant[] = [];
  for (let seed = from; mutants.length < count; seed++) {
    if (seed - from > count * TRIALS)
      throw new Error(`${nameOf(operator)}: no turn of ${seed - from} has what it breaks`);
    const [turn] = fc.sample(validTurn(schema, { length: 8 }), { seed, numRuns: 1 });
    const events = turn?.events ?? [];
    const observations = operator.mutate({ schema, events, random: createRandom(seed) });
    if (observations !== undefined) mutants.push({ seed, observations });
  }
  return mutants;
}
