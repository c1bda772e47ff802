/**
 * Runs inside the copy that `run.ts` made, as its only test: collects all tests, runs each once to see which mutants it
 * reaches, then switches on one mutant after the other and runs the tests that reach it, quick ones first, until one
 * fails. Every result is a line of a file, so that a process that a mutant hangs loses nothing but that mutant.
 */
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import type { InstrumenterContext } from "@stryker-mutator/api/core";
import type { MutantResult, PlannedMutant } from "./result.ts";
import { type CollectedTest, tests } from "./vitest-shim.ts";

const testFiles = import.meta.glob([
  "../{src,test}/**/*.test.ts",
  // What takes processes or minutes, what the others cover too, and what puts other modules in the place of its own.
  "!../src/broken-monitor.test.ts",
  "!../test/{purity,proof,operators-proof,differential,simulated-judges,hostile}.it.test.ts",
]);

/** How many times as often as without it may mutated code run before its loop counts as endless. */
const HIT_FACTOR = 100;
const HITS_AT_LEAST = 1000;

const scope = globalThis as unknown as {
  __stryker__?: InstrumenterContext;
  readonly it: (name: string, body: () => Promise<void>, ms: number) => void;
};
const stryker: InstrumenterContext = (scope.__stryker__ ??= {});
const { MUTANTS_PLAN: planFile = "", MUTANTS_RESULTS: resultsFile = "", MUTANTS_NOW: nowFile = "" } = process.env;
const wanted = new RegExp(process.env["MUTANTS_TESTS"] ?? "");

/** These compare the two looks of the screen with the monitor: slow, and of the monitor they say what others say. */
const ABOUT_SCREEN = /^(two looks|a screen)/;

/** @param trying the mutant that is switched on; "": none. It is noted with each test, as a sign of life. */
async function passes({ index, test }: Numbered, trying: string): Promise<boolean> {
  writeFileSync(nowFile, `${trying} ${index}`);
  try {
    await test.run();
    return true;
  } catch {
    return false;
  }
}

interface Numbered {
  readonly index: number;
  readonly test: CollectedTest;
}

interface Baseline extends Numbered {
  readonly ms: number;
}

/** Runs every test without a mutant. Those that fail then can say nothing about mutants. */
async function runBaseline(): Promise<Baseline[]> {
  const passing: Baseline[] = [];
  for (const [index, test] of tests.entries()) {
    stryker.currentTestId = String(index);
    const started = performance.now();
    if (await passes({ index, test }, "")) passing.push({ index, test, ms: performance.now() - started });
    else process.stdout.write(`left out, it fails without a mutant: ${test.name}\n`);
  }
  delete stryker.currentTestId;
  return passing.sort((a, b) => a.ms - b.ms);
}

async function tryMutants(): Promise<void> {
  const plan = JSON.parse(readFileSync(planFile, "utf8")) as readonly PlannedMutant[];
  for (const [name, load] of Object.entries(testFiles)) if (wanted.test(name.replace("../", ""))) await load();
  const passing = await runBaseline();
  const coverage = stryker.mutantCoverage ?? { static: {}, perTest: {} };
  // Hits are no longer counted for each test.
  stryker.mutantCoverage = { static: {}, perTest: {} };
  process.stdout.write(`${passing.length} tests\n`);
  for (const mutant of plan) {
    const hits = ({ index }: Baseline): number => coverage.perTest[String(index)]?.[mutant.id] ?? 0;
    const ofScreen = mutant.file.includes("/screen/");
    const covering = passing.filter(
      (baseline) => hits(baseline) > 0 && (ofScreen || !ABOUT_SCREEN.test(baseline.test.name)),
    );
    const result = await tryOne(
      mutant,
      covering,
      covering.reduce((sum, baseline) => sum + hits(baseline), 0),
      mutant.id in coverage.static,
    );
    appendFileSync(resultsFile, `${JSON.stringify(result)}\n`);
  }
}

async function tryOne(
  mutant: PlannedMutant,
  covering: readonly Baseline[],
  hits: number,
  atLoad: boolean,
): Promise<MutantResult> {
  if (covering.length === 0) return { ...mutant, status: atLoad ? "static" : "no coverage" };
  stryker.activeMutant = mutant.id;
  stryker.hitCount = 0;
  stryker.hitLimit = hits * HIT_FACTOR + HITS_AT_LEAST;
  try {
    for (const baseline of covering) {
      if (await passes(baseline, mutant.id)) continue;
      return { ...mutant, status: stryker.hitCount > stryker.hitLimit ? "timeout" : "killed", by: baseline.test.name };
    }
    return { ...mutant, status: "survived" };
  } finally {
    delete stryker.activeMutant;
    delete stryker.hitCount;
    delete stryker.hitLimit;
  }
}

scope.it("mutants", tryMutants, 2 ** 31 - 1);
