import { severityOf } from "../catalogue.ts";
import { type Check, idle, unprovable } from "../finding.ts";
import { holes } from "../order/completeness-rules.ts";
import type { TurnFacts } from "./facts.ts";
import { grammarRules, orderRules } from "./turn-rules.ts";

/** What the rules of a scope say, in the order of the catalogue. */
export type Checks = readonly (readonly [rule: string, check: Check])[];

/** Judges the ORD (but ORD-09, which looks at both versions) and GRM rules of one turn. */
export function judgeTurn(turn: TurnFacts): Checks {
  const applies = ([id]: readonly [string, unknown]): boolean => severityOf(id, turn.schema.name) !== undefined;
  const order = orderRules.filter(applies).map(([id, rule]) => [id, rule(turn)] as const);
  const why = grammarIsUnprovable(turn, order);
  const grammar = grammarRules
    .filter(applies)
    .map(([id, rule]) => [id, why === undefined ? rule(turn) : unprovable(why)] as const);
  return [...order, ...grammar];
}

/** Every ORD and GRM rule of the version unprovable, for the same reason. */
export function allUnprovable(turn: Pick<TurnFacts, "schema">, why: string): Checks {
  return [...orderRules, ...grammarRules].map(([id]) => [
    id,
    severityOf(id, turn.schema.name) === undefined ? idle : unprovable(why),
  ]);
}

/** Why the turn's grammar (and its stored message) can't be judged; undefined: they can. */
export function grammarIsUnprovable(turn: TurnFacts, order: Checks): string | undefined {
  const broken = order.find(([id, check]) => (id === "ORD-04" || id === "ORD-05") && check.status === "violated");
  if (broken !== undefined) return `the turn breaks ${broken[0]}`;
  if ((turn.ledger?.absent.length ?? 0) > 0) return "acknowledged events of the turn are not in the log (KAF-04)";
  if ((turn.ledger?.unseen.length ?? 0) > 0) return "acknowledged events of the turn were not read";
  // Emission order is unknown across a hole, whoever is to blame for it.
  const holed = turn.schema.sequenced && turn.ended && turn.gap === undefined && holes(turn).length > 0;
  return holed ? "events of the turn are missing" : undefined;
}
