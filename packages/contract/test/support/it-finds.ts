import { judgeObservations, severityOf } from "@ondash/contract";
import { createRandom } from "@ondash/core";
import type { ChatSchema } from "@ondash/schemas";
import { validTurn } from "@ondash/schemas/arbitraries";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Operator } from "./operators.ts";
import { summary } from "./summary.ts";

/** How many mutants of each operator are judged by themselves; among other turns `operators-proof.it.test.ts` has 300. */
const MUTANTS = Number(process.env["ONDASH_MUTANTS"] ?? 60);

/**
 * A test that every mutant of an operator is found, and that it is charged with the operator's rule and no other: for a
 * warning the run passes all the same.
 */
export function itFinds(schema: ChatSchema, operator: Operator): void {
  const severity = severityOf(operator.rule, schema.name);
  if (severity === undefined || !(operator.versions ?? [1, 2]).includes(schema.version)) return;
  it(`is ${operator.rule} when ${operator.does}`, () => {
    let manifested = 0;
    fc.assert(
      fc.property(validTurn(schema, { length: 8 }), fc.integer(), ({ events }, seed) => {
        const observations = operator.mutate({ schema, events, random: createRandom(seed) });
        fc.pre(observations !== undefined);
        manifested++;
        expect(summary(judgeObservations(observations))).toMatchObject({
          verdict: severity === "error" ? "failed" : severity === "warning" ? "passed" : "inconclusive",
          violations: severity === "warning" ? [] : [operator.rule],
          warnings: severity === "warning" ? [operator.rule] : (operator.beside ?? []),
        });
      }),
      { numRuns: MUTANTS, maxSkipsPerRun: 1_000 },
    );
    expect(manifested).toBeGreaterThanOrEqual(MUTANTS);
  });
}
