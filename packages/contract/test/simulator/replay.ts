import type { Observation } from "@ondash/contract";
import { type LegalCase, runLegal } from "./prove-legal.ts";
import { type MutantCase, runMutants } from "./prove-operators.ts";
import type { Published } from "./template.ts";

/** A case as one word, for a command line. */
export function nameCase(subject: LegalCase | MutantCase): string {
  if ("operator" in subject) {
    return ["mutants", subject.profile, subject.seed, subject.mutants, encodeURIComponent(subject.operator)].join("/");
  }
  const { profile, published, seed, pool, turns } = subject;
  return ["legal", profile, published, seed, pool, turns].join("/");
}

/**
 * Runs a named case once more.
 * @returns what was said that should not have been, or was missed; a line each.
 * @throws Error for a name that is none.
 */
export function replay(name: string, onObservation: (observation: Observation) => void): readonly string[] {
  const [kind, profile = "", ...rest] = name.split("/");
  if (kind === "legal" && rest.length === 4) {
    const [published, seed, pool, turns] = rest;
    const subject = {
      profile,
      published: published as Published,
      seed: Number(seed),
      pool: Number(pool),
      turns: Number(turns),
    };
    return runLegal(subject, undefined, onObservation).alarms;
  }
  if (kind === "mutants" && rest.length === 3) {
    const [seed, mutants, operator = ""] = rest;
    const subject = { operator: decodeURIComponent(operator), profile, seed: Number(seed), mutants: Number(mutants) };
    return runMutants(subject, undefined, onObservation).faults;
  }
  throw new Error(
    `${name} names no case; want legal/PROFILE/VERSION/SEED/POOL/TURNS or mutants/PROFILE/SEED/N/OPERATOR`,
  );
}
