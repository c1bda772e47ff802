import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "@ondash/core";
import { readResults } from "./known.ts";
import type { MutantResult, PlannedMutant } from "./result.ts";

/** A process that says nothing for so long hangs in a loop that has no mutant inside. */
const SILENCE_MS = 120_000;
const LOOK_MS = 1_000;

/** What all processes have in common. */
export interface Trial {
  /** The root of the copy. */
  readonly root: string;
  /** Every result becomes a line of this file. */
  readonly results: string;
  readonly state: string;
  /** Which test files are run: a regular expression. */
  readonly tests: string;
  /** After how many seconds of tests a mutant counts as survived. */
  readonly patience: string;
  /** Ends the processes. */
  readonly signal: AbortSignal;
}

/** Ends the process when it gives no sign of life. */
async function untilItEnds(child: ChildProcess, nowFile: string, signal: AbortSignal): Promise<void> {
  const ended = new AbortController();
  void once(child, "exit").then(() => ended.abort());
  const kill = (): void => void child.kill("SIGKILL");
  signal.addEventListener("abort", kill);
  if (signal.aborted) kill();
  let [last, since] = ["", systemClock.monotonic()];
  while (!ended.signal.aborted) {
    await systemClock.sleep(LOOK_MS, ended.signal).catch(() => undefined);
    const now = existsSync(nowFile) ? readFileSync(nowFile, "utf8") : "";
    if (now !== last) [last, since] = [now, systemClock.monotonic()];
    else if (systemClock.monotonic() - since > SILENCE_MS) kill();
  }
  signal.removeEventListener("abort", kill);
}

/** One process's share. A process that a mutant ends or hangs is followed by another for the rest. */
export async function tryShare(trial: Trial, job: number, share: readonly PlannedMutant[]): Promise<void> {
  const { root, results, state, tests, patience, signal } = trial;
  const [plan, now] = [join(root, `plan.json-${job}`), join(root, `now-${job}`)];
  while (!signal.aborted) {
    const done = new Set(readResults(results).map(({ id }) => id));
    const left = share.filter(({ id }) => !done.has(id));
    if (left.length === 0) return;
    writeFileSync(plan, JSON.stringify(left));
    writeFileSync(now, "");
    const child = spawn(
      process.execPath,
      [join(root, "node_modules/vitest/vitest.mjs"), "run", "--config", "packages/contract/stryker/vitest.config.ts"],
      {
        cwd: root,
        env: {
          ...process.env,
          MUTANTS_PLAN: plan,
          MUTANTS_RESULTS: results,
          MUTANTS_STATE: state,
          MUTANTS_NOW: now,
          MUTANTS_TESTS: tests,
          MUTANTS_PATIENCE: patience,
          MUTANTS_OWNER: String(process.pid),
        },
        stdio: ["ignore", job === 0 ? "inherit" : "ignore", "inherit"],
      },
    );
    await untilItEnds(child, now, signal);
    if (signal.aborted) return;
    const [at] = readFileSync(now, "utf8").split(" ");
    const hung = left.find(({ id }) => id === at);
    if (hung === undefined) throw new Error("expected mutants to be tried, but the tests did not load: see above");
    if (readResults(results).some(({ id }) => id === at)) continue;
    appendFileSync(results, `${JSON.stringify({ ...hung, state, status: "timeout" } satisfies MutantResult)}\n`);
  }
}
