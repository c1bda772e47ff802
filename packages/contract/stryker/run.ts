/**
 * Breaks the contract monitor on purpose, thousands of times, and says what no test notices:
 * `pnpm mutants [--only REGEX] [--tests REGEX] [--sample N] [--seed N] [--jobs N] [--out FILE]`. The working tree stays as it is.
 *
 * --only REGEX    only files whose path below packages/contract/src matches, "^turn/|barrier"
 * --tests REGEX   only the test files whose path below packages/contract matches, "src/turn/": for a quick look
 * --sample N      only N of the mutants, drawn by --seed (default 1)
 * --jobs N        processes at a time; default: half of the machine's
 * --out FILE      every result as a line of JSON, too
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom, systemClock } from "@ondash/core";
import { instrument } from "./instrument.ts";
import { report } from "./report.ts";
import type { MutantResult, PlannedMutant } from "./result.ts";
import { createWorkspace } from "./workspace.ts";

/** A process that says nothing for so long hangs in a loop that has no mutant inside. */
const SILENCE_MS = 120_000;
const LOOK_MS = 1_000;

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    tests: { type: "string", default: "" },
    sample: { type: "string" },
    seed: { type: "string", default: "1" },
    jobs: { type: "string", default: String(Math.max(1, availableParallelism() >> 1)) },
    out: { type: "string" },
  },
});

/** Those that were asked for, in a random order: what is known half-way is a fair sample. */
function choose(all: readonly PlannedMutant[]): readonly PlannedMutant[] {
  const only = new RegExp(values.only);
  const random = createRandom(Number(values.seed));
  return all
    .filter(({ file }) => only.test(file.replace("packages/contract/src/", "")))
    .map((mutant) => ({ mutant, place: random.unit() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ mutant }) => mutant)
    .slice(0, values.sample === undefined ? all.length : Number(values.sample));
}

function readLines(file: string): readonly MutantResult[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as MutantResult);
}

/** Ends the process when it gives no sign of life. */
async function untilItEnds(child: ChildProcess, nowFile: string): Promise<void> {
  const ended = new AbortController();
  void once(child, "exit").then(() => ended.abort());
  let [last, since] = ["", systemClock.monotonic()];
  while (!ended.signal.aborted) {
    await systemClock.sleep(LOOK_MS, ended.signal).catch(() => undefined);
    const now = existsSync(nowFile) ? readFileSync(nowFile, "utf8") : "";
    if (now !== last) [last, since] = [now, systemClock.monotonic()];
    else if (systemClock.monotonic() - since > SILENCE_MS) child.kill("SIGKILL");
  }
}

/** One process's share. A process that a mutant ends or hangs is followed by another for the rest. */
async function runShare(root: string, job: number, share: readonly PlannedMutant[]): Promise<readonly MutantResult[]> {
  const file = (name: string): string => join(root, `${name}-${job}`);
  const [plan, results, now] = [file("plan.json"), file("results.jsonl"), file("now")];
  for (;;) {
    const done = new Set(readLines(results).map(({ id }) => id));
    const left = share.filter(({ id }) => !done.has(id));
    if (left.length === 0) return readLines(results);
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
          MUTANTS_NOW: now,
          MUTANTS_TESTS: values.tests,
        },
        stdio: ["ignore", job === 0 ? "inherit" : "ignore", "inherit"],
      },
    );
    await untilItEnds(child, now);
    const [at] = readFileSync(now, "utf8").split(" ");
    const hung = left.find(({ id }) => id === at);
    if (hung === undefined) throw new Error("expected mutants to be tried, but the tests did not load: see above");
    if (readLines(results).some(({ id }) => id === at)) continue;
    appendFileSync(results, `${JSON.stringify({ ...hung, status: "timeout" } satisfies MutantResult)}\n`);
  }
}

using workspace = createWorkspace();
const chosen = choose(await instrument(workspace.root));
const jobs = Math.max(1, Number(values.jobs));
process.stdout.write(`${chosen.length} mutants\n`);
const shares = Array.from({ length: jobs }, (_, job) => chosen.filter((__, index) => index % jobs === job));
const results = (await Promise.all(shares.map((share, job) => runShare(workspace.root, job, share)))).flat();
if (values.out !== undefined)
  writeFileSync(values.out, results.map((result) => `${JSON.stringify(result)}\n`).join(""));
process.stdout.write(report(results));
