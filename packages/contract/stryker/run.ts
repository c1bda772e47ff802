/**
 * Breaks the contract monitor on purpose, thousands of times, and says what no test notices:
 * `pnpm mutants [--only REGEX] [--tests REGEX] [--sample N] [--seed N] [--patience SECONDS] [--jobs N] [--out FILE
 * [--keep-found]]`. The working tree stays as it is. Interrupted (SIGINT, SIGTERM, SIGHUP), it says what it knows so far.
 *
 * --only REGEX    only files whose path below packages/contract/src matches, "^turn/|barrier"
 * --tests REGEX   only the test files whose path below packages/contract matches, "src/turn/": for a quick look
 * --sample N      only N of the mutants, drawn by --seed (default 1)
 * --patience N    seconds of the processor (default 5) after which a mutant that no test has found counts as survived, though
 *                 there are tests left; those that are quick and find much come first
 * --jobs N        processes at a time; default: half of the machine's
 * --out FILE      every result as a line of JSON, too, as soon as it is known. What the file knows of the same sources and
 *                 the same tests is not tried again: a run that was interrupted goes on
 * --keep-found    what the file knows as found, in sources that are the same, is not tried again though tests were changed:
 *                 for trying new tests on what survived
 */
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "@ondash/core";
import { instrument } from "./instrument.ts";
import { readResults, stateOf, stillKnown } from "./known.ts";
import { report } from "./report.ts";
import type { PlannedMutant } from "./result.ts";
import { tryShare } from "./share.ts";
import { createWorkspace } from "./workspace.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    tests: { type: "string", default: "" },
    sample: { type: "string" },
    seed: { type: "string", default: "1" },
    patience: { type: "string", default: "5" },
    jobs: { type: "string", default: String(Math.max(1, availableParallelism() >> 1)) },
    out: { type: "string" },
    "keep-found": { type: "boolean", default: false },
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

/** The exit codes of a shell for a process that a signal ended. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

const interrupted = new AbortController();
for (const [signal, code] of Object.entries(SIGNALS))
  process.on(signal, () => {
    process.exitCode = code;
    interrupted.abort();
  });

using workspace = createWorkspace();
const state = stateOf(workspace.root, values.tests, values.patience);
const mutants = await instrument(workspace.root);
const chosen = choose(mutants);
const ids = new Set(chosen.map(({ id }) => id));
const out = values.out === undefined ? join(workspace.root, "results.jsonl") : resolve(values.out);
// What the file knows of mutants that are not asked for stays in it.
const kept = stillKnown(mutants, readResults(out), state, values["keep-found"]);
writeFileSync(out, kept.map((result) => `${JSON.stringify(result)}\n`).join(""));
const known = kept.filter(({ id }) => ids.has(id));
process.stdout.write(`${chosen.length} mutants${known.length === 0 ? "" : `, ${known.length} known`}\n`);
const jobs = Math.max(1, Number(values.jobs));
const shares = Array.from({ length: jobs }, (_, job) => chosen.filter((__, index) => index % jobs === job));
const { tests, patience } = values;
const trial = { root: workspace.root, results: out, state, tests, patience, signal: interrupted.signal };
try {
  await Promise.all(shares.map((share, job) => tryShare(trial, job, share)));
} finally {
  interrupted.abort();
}
const results = readResults(out).filter(({ id }) => ids.has(id));
if (results.length < chosen.length)
  process.stdout.write(`interrupted, with ${results.length} of ${chosen.length} mutants tried\n`);
process.stdout.write(report(results));
