import { chatSchemas } from "@ondash/schemas";
import { compareRules } from "../catalogue.ts";
import { type Check, idle, unprovable } from "../finding.ts";
import { type VersionOfTurn, versionsAgree } from "../order/agreement-rule.ts";
import { assembleFacts, type FactSources } from "./assemble.ts";
import { allUnprovable, type Checks, grammarIsUnprovable, judgeTurn } from "./judge-turn.ts";
import type { Turn } from "./turn.ts";

/** One version of a turn, judged. */
export interface JudgedVersion extends VersionOfTurn {
  readonly turn: Turn;
  /** Why its stored message can't be compared with it; undefined: it can, as far as the turn was seen. */
  readonly contentIsUnprovable: string | undefined;
}

/**
 * Judges a turn in each version in which it was observed. What both versions say of each other (ORD-09) is charged to
 * the newer one.
 * @param versions the older one first.
 */
export function judgeVersions(versions: readonly Turn[], sources: FactSources): JudgedVersion[] {
  const judged = versions.map((turn): JudgedVersion => {
    const facts = assembleFacts(turn, sources);
    const spoiled = sources.turns.spoiled(turn);
    const checks = spoiled === undefined ? judgeTurn(facts) : allUnprovable(facts, spoiled);
    return { turn, facts, checks, spoiled, contentIsUnprovable: spoiled ?? grammarIsUnprovable(facts, checks) };
  });
  const observed = judged.filter(({ turn, spoiled }) => turn.events.length > 0 || spoiled !== undefined);
  const charged = observed.at(-1);
  const agreement = agreementOf(observed, sources);
  if (charged === undefined || agreement.status === "idle") return judged;
  const checks: Checks = [...charged.checks, ["ORD-09", agreement] as const];
  return judged.map((version) =>
    version === charged ? { ...charged, checks: checks.toSorted(([a], [b]) => compareRules(a, b)) } : version,
  );
}

function agreementOf(observed: readonly JudgedVersion[], sources: FactSources): Check {
  const [first, second] = observed;
  if (first === undefined) return idle;
  if (second !== undefined) return versionsAgree(first, second);
  // A record of the other version that can't be assigned to a turn may be this one's counterpart.
  for (const { name } of chatSchemas) {
    const why =
      name === first.turn.schema.name ? undefined : sources.turns.conversationSpoiled(name, first.turn.conversationId);
    if (why !== undefined) return unprovable(why);
  }
  return idle;
}

/** Whether a turn was planned and nothing of it is to be seen, for which nobody is to blame (all sends were refused). */
export function neverWas({ turn, facts, spoiled }: JudgedVersion): boolean {
  if (turn.events.length > 0 || spoiled !== undefined) return false;
  return (facts.ledger?.missing.length ?? 0) + (facts.ledger?.absent.length ?? 0) === 0;
}
