/**
 * Setup of every test file, see `vitest.config.ts`: random properties draw from one seed, so that a run can be had again.
 * `ONDASH_SEED` (an integer, default 42) chooses another one; a property that fails says how to rerun its test.
 */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect } from "vitest";

const given = process.env["ONDASH_SEED"];
const seed: number = given === undefined || given === "" ? 42 : Number(given);
// fast-check takes 32 bits; what it cut off would be another seed than the one that was asked for.
if ((seed | 0) !== seed) throw new Error(`ONDASH_SEED must be an integer of 32 bits, got ${given}`);

const root = fileURLToPath(new URL("..", import.meta.url));

function report<Ts>(details: fc.RunDetails<Ts>): void {
  if (!details.failed) return;
  const { testPath = "", currentTestName = "" } = expect.getState();
  // A regular expression, and a word of the shell.
  const name = currentTestName.replaceAll(/[^\w ,:>-]/g, ".");
  // A property with a seed of its own has the same one in every run.
  const variable = details.seed === seed ? `ONDASH_SEED=${seed} ` : "";
  const again = `Rerun: ${variable}pnpm exec vitest run ${relative(root, testPath)} -t "${name}"`;
  const cause = details.errorInstance;
  const error = new Error(`${fc.defaultReportMessage(details)}\n${again}`, cause === null ? {} : { cause });
  // So that vitest shows the line of the test.
  Error.captureStackTrace(error, report);
  throw error;
}

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed, reporter: report });
