import { createMonitor, judgeObservations, type Observation } from "@ondash/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differences } from "./naive/differences.ts";
import { judgeNaively, type NaiveVerdict } from "./naive/judge-naively.ts";
import { isPossible, type Recipe, randomRun } from "./naive/random-run.ts";
import { recipes } from "./naive/recipes.ts";

/** How many events are compared. The nightly run takes more: ONDASH_FUZZ_EVENTS=10000000, with a seed of its own. */
const EVENTS = Number(process.env["ONDASH_FUZZ_EVENTS"] ?? 100_000);
/** The first of the batches' seeds: always the same in CI, another one each night. A failure prints its seed and path. */
const SEED = Number(process.env["ONDASH_FUZZ_SEED"] ?? 42);
/** Runs of one seed, about 17,000 events. */
const BATCH = 400;

/** What the judges say differently of a run; a live monitor gives a turn up whose sequences lie too far apart. */
function disagreement(run: readonly Observation[], { sends }: Recipe, naive: NaiveVerdict): string[] {
  if (sends.some(({ what }) => what === "a huge sequence")) return differences(judgeObservations(run), naive);
  const monitor = createMonitor();
  for (const observation of run) monitor.observe(observation);
  return [
    ...differences(judgeObservations(run), naive).map((line) => `offline ${line}`),
    ...differences(monitor.finish(), naive).map((line) => `live ${line}`),
  ];
}

const verdicts = { passed: 0, failed: 0, inconclusive: 0 };

/** Compares the judges on a batch of random runs; @returns how many events these had. */
function compareBatch(seed: number): number {
  let events = 0;
  fc.assert(
    fc.property(recipes(), (recipe) => {
      const run = randomRun(recipe);
      fc.pre(isPossible(run));
      events += run.length;
      const naive = judgeNaively(run);
      verdicts[naive.verdict]++;
      expect(disagreement(run, recipe, naive)).toEqual([]);
    }),
    { seed, numRuns: BATCH },
  );
  return events;
}

describe("the monitor and the naive judge", () => {
  it(
    `say the same of ${EVENTS} events of random runs`,
    () => {
      for (let seed = SEED, events = 0; events < EVENTS; seed++) events += compareBatch(seed);
      // Both judges have seen all there is to be told apart.
      for (const count of Object.values(verdicts)) expect(count).toBeGreaterThan(EVENTS / 10_000);
    },
    // A bound for what hangs: it takes half a minute of a core, and an hour when it is told to.
    Math.max(300_000, EVENTS * 3),
  );
});
