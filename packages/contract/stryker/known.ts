import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { MutantResult, PlannedMutant } from "./result.ts";

/** SHA-256 of all code of packages/contract below `root`, and of which tests are run how long: what results depend on. */
export function stateOf(root: string, tests: string, patience: string): string {
  const hash = createHash("sha256").update(JSON.stringify([tests, patience]));
  const names = globSync("packages/contract/{src,test,stryker}/**/*.ts", { cwd: root }).toSorted();
  for (const name of names) hash.update(`\0${name}\0`).update(readFileSync(join(root, name)));
  return hash.digest("hex");
}

/** The lines of a file of results; none when there is no file. A line that a killed process left half is passed over. */
export function readResults(file: string): readonly MutantResult[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.endsWith("}"))
    .map((line) => JSON.parse(line) as MutantResult);
}

/**
 * What earlier results still say of these mutants.
 * @param state results of the same one hold.
 * @param found whether mutants that were found in a file that is as it was are taken for found whatever was changed
 *   elsewhere: true as long as tests were only added.
 */
export function stillKnown(
  mutants: readonly PlannedMutant[],
  results: readonly MutantResult[],
  state: string,
  found: boolean,
): readonly MutantResult[] {
  const earlier = new Map(results.map((result) => [keyOf(result), result]));
  return mutants.flatMap((mutant) => {
    const result = earlier.get(keyOf(mutant));
    if (result === undefined) return [];
    const holds = result.state === state || (found && (result.status === "killed" || result.status === "timeout"));
    return holds ? [{ ...result, ...mutant }] : [];
  });
}

function keyOf({ file, source, place }: PlannedMutant): string {
  return `${file} ${source} ${place}`;
}
