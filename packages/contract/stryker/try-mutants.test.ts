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
  "!../test/{purity,proof,operators-proof,differential,simulated-judges,hostile,mutants}.it.test.ts",
  // What is said there of the simulator is not said of the monitor.
  "!../test/simulator/*.test.ts",
]);

/**
 * How often a test may run the mutated place before its loop counts as endless: ten times as often as without the mutant
 * and a million times more. Generous for what the mutant only makes slow, but soon over also where a test reads megabytes
 * byte by byte.
 */
const HIT_FACTOR = 10;
const HITS_MORE = 1_000_000;

const scope = globalThis as unknown as {
  __stryker__?: InstrumenterContext;
  readonly it: (name: string, body: () => Promise<void>, ms: number) => void;
};
const stryker: InstrumenterContext = (scope.__stryker__ ??= {});
const { MUTANTS_PLAN: planFile = "", MUTANTS_RESULTS: resultsFile = "", MUTANTS_NOW: nowFile = "" } = process.env;
const { MUTANTS_STATE: state = "", MUTANTS_OWNER: owner = "" } = process.env;
const patienceMs = Number(process.env["MUTANTS_PATIENCE"]) * 1_000;
const wanted = new RegExp(process.env["MUTANTS_TESTS"] ?? "");

/** Slow tests, with the folder they are about. Of the rest they say what others say sooner. */
const ABOUT: readonly (readonly [tests: RegExp, folder: string])[] = [
  [/^(two looks|a screen)/, "/screen/"],
  [/^a line of a recording > (is counted for itself|may have 16,777,216 bytes)/, "/recording/"],
];

/** That the naive judge finds fault with broken monitors says nothing of this one. */
const NEVER = /^the comparison with the naive judge > shows/;

function isAbout({ name }: CollectedTest, { file }: PlannedMutant): boolean {
  return !NEVER.test(name) && ABOUT.every(([some, folder]) => !some.test(name) || file.includes(folder));
}

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

/** Milliseconds of the processor since `before`: the machine does other things, too. */
function since(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

interface Baseline extends Numbered {
  /** How long it takes, `since`. */
  readonly ms: number;
}

/** Runs every test without a mutant. Those that fail then can say nothing about mutants. */
async function runBaseline(chosen: readonly CollectedTest[]): Promise<Baseline[]> {
  const passing: Baseline[] = [];
  for (const [index, test] of chosen.entries()) {
    stryker.currentTestId = String(index);
    const before = process.cpuUsage();
    const passed = await passes({ index, test }, "");
    if (passed) passing.push({ index, test, ms: since(before) });
    else process.stdout.write(`left out, it fails without a mutant: ${test.name}\n`);
  }
  delete stryker.currentTestId;
  return passing;
}

async function tryMutants(): Promise<void> {
  const plan = JSON.parse(readFileSync(planFile, "utf8")) as readonly PlannedMutant[];
  for (const [name, load] of Object.entries(testFiles)) if (wanted.test(name.replace("../", ""))) await load();
  const passing = await runBaseline(tests.filter((test) => plan.some((mutant) => isAbout(test, mutant))));
  const coverage = stryker.mutantCoverage ?? { static: {}, perTest: {} };
  process.stdout.write(`${passing.length} tests\n`);
  /** Tests by how many mutants they found: those that find much are tried early. */
  const finds = new Map<number, number>();
  const rank = ({ index, ms }: Baseline): number => ms / (1 + (finds.get(index) ?? 0));
  for (const mutant of plan) {
    // Whoever started this is gone.
    if (process.ppid !== Number(owner)) return;
    const covering = passing
      .map((baseline) => ({ ...baseline, hits: coverage.perTest[String(baseline.index)]?.[mutant.id] ?? 0 }))
      .filter(({ hits, test }) => hits > 0 && isAbout(test, mutant))
      .sort((a, b) => rank(a) - rank(b));
    const result = await tryOne(mutant, covering, mutant.id in coverage.static);
    appendFileSync(resultsFile, `${JSON.stringify(result)}\n`);
    const by = covering.find(({ test }) => test.name === result.by);
    if (by !== undefined) finds.set(by.index, (finds.get(by.index) ?? 0) + 1);
  }
}

async function tryOne(
  mutant: PlannedMutant,
  covering: readonly (Baseline & { readonly hits: number })[],
  atLoad: boolean,
): Promise<MutantResult> {
  if (covering.length === 0) return { ...mutant, state, status: atLoad ? "static" : "no coverage" };
  const before = process.cpuUsage();
  stryker.activeMutant = mutant.id;
  try {
    for (const [index, baseline] of covering.entries()) {
      if (since(before) > patienceMs) return { ...mutant, state, status: "survived", left: covering.length - index };
      stryker.hitCount = 0;
      stryker.hitLimit = baseline.hits * HIT_FACTOR + HITS_MORE;
      const passed = await passes(baseline, mutant.id);
      if (stryker.hitCount > stryker.hitLimit) return { ...mutant, state, status: "timeout", by: baseline.test.name };
      if (!passed) return { ...mutant, state, status: "killed", by: baseline.test.name };
    }
    return { ...mutant, state, status: "survived" };
  } finally {
    delete stryker.activeMutant;
    delete stryker.hitCount;
    delete stryker.hitLimit;
  }
}

scope.it("mutants", tryMutants, 2 ** 31 - 1);
