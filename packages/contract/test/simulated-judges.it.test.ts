import { createMonitor, createScreen, judgeObservations, type Observation } from "@ondash/contract";
import { createRandom, type Random } from "@ondash/core";
import { chatV2 } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { allOperators } from "./simulator/all-operators.ts";
import { graft } from "./simulator/graft.ts";
import { type Profile, profiles } from "./simulator/profile.ts";
import { asAnother, legalTurns } from "./simulator/prove-operators.ts";
import { type Driver, simulate } from "./simulator/simulate.ts";
import type { Script } from "./simulator/step.ts";
import { createPool, type Published } from "./simulator/template.ts";
import { outcomes } from "./support/summary.ts";
import { twoLooks } from "./support/two-looks.ts";
import { PARTITIONS } from "./support/world.ts";

/** Whoever takes observations and asks for barriers. */
type Judge = Driver & { observe(observation: Observation): void };

/** A run that a judge drives: its observations. */
function runWith(profile: Profile, seed: number, published: Published, judge: Judge, mutants: readonly Script[] = []) {
  const observations: Observation[] = [];
  const simulation = simulate(profile, seed, {
    published,
    turns: 40,
    pool: createPool(published, { tasks: 4, length: 8, trailing: false }, seed, 30),
    driver: judge,
    mutants,
    setting: {
      messages: false,
      ...(mutants.length > 0 ? { partitions: PARTITIONS, eager: false } : {}),
      ...(published === "chat.v2" ? { ledger: false } : {}),
    },
  });
  for (const observation of simulation) {
    observations.push(observation);
    judge.observe(observation);
  }
  return observations;
}

/** A few mutants of random operators. */
function someMutants(random: Random): Script[] {
  const operators = allOperators.filter(({ schema, operator }) => schema === chatV2 && operator.rule !== "KAF-01");
  const turns = legalTurns(chatV2);
  return Array.from({ length: random.int(1, 3) }, (_, index) => {
    const { operator } = operators[random.int(0, operators.length - 1)] ?? {};
    const turn = turns[random.int(0, turns.length - 1)] ?? [];
    const { events } = asAnother(turn, index);
    const run = operator?.mutate({ schema: chatV2, events, random });
    return run === undefined ? [] : [graft(chatV2, run, operator?.atOnce).script];
  }).flat();
}

describe.each(profiles)("on traffic of the profile $name", { timeout: 300_000 }, (profile) => {
  it.each<Published>(["chat.v1", "chat.v2", "both"])("a recording is judged as the run was live (%s)", (published) => {
    for (let seed = 0; seed < 8; seed++) {
      const monitor = createMonitor();
      const observations = runWith(profile, seed, published, monitor);
      expect(outcomes(judgeObservations(observations)), `seed ${seed}`).toEqual(outcomes(monitor.finish()));
    }
  });

  it("two looks say what the monitor says, with a screen asking for the barriers", () => {
    for (let seed = 0; seed < 12; seed++) {
      const mutants = seed % 2 === 0 ? [] : someMutants(createRandom(seed));
      const observations = runWith(profile, seed, "chat.v2", createScreen(), mutants);
      expect(twoLooks(observations).judgement, `seed ${seed}`).toEqual(judgeObservations(observations));
    }
  });
});
