import { type ChatSchema, chatSchemas } from "@ondash/schemas";
import { validTurn } from "@ondash/schemas/arbitraries";
import fc from "fast-check";
import type { Noise, Recipe } from "./random-run.ts";
import { readNoises } from "./read-noise.ts";
import { sendNoises } from "./send-noise.ts";

/** Recipes of random runs: from one short turn, at which off-by-one mistakes show, to several of both versions. */
export function recipes(
  options: { readonly schemas?: readonly ChatSchema[]; readonly noise?: boolean } = {},
): fc.Arbitrary<Recipe> {
  const { schemas = chatSchemas, noise = true } = options;
  const turn = fc
    .constantFrom(...schemas)
    .chain((schema) => validTurn(schema, { length: 8, trailing: true }).map(({ events }) => ({ schema, events })));
  return fc.record({
    seed: fc.integer(),
    turns: fc.array(turn, { maxLength: 4 }),
    dual: noise ? fc.boolean() : fc.constant(false),
    conversations: fc.constantFrom(1, 2, 5),
    partitions: fc.constantFrom(1, 2, 4, 8, 3),
    ledger: noise ? fc.boolean() : fc.constant(false),
    barriers: fc.constantFrom(0, 0.05, 0.3),
    sends: noises(sendNoises, noise ? 3 : 0),
    reads: noises(readNoises, noise ? 3 : 0),
    messages: fc.boolean(),
  });
}

function noises(whats: readonly string[], maxLength: number): fc.Arbitrary<Noise[]> {
  return fc.array(fc.record({ what: fc.constantFrom(...whats), seed: fc.integer() }), { maxLength });
}
