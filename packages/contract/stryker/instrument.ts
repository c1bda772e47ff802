import { createHash } from "node:crypto";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Instrumenter } from "@stryker-mutator/instrumenter";
import type { PlannedMutant } from "./result.ts";

/** Stryker's logger, which it takes as a parameter: what it says is about its own progress. */
const silent: ConstructorParameters<typeof Instrumenter>[0] = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  fatal: () => undefined,
};

/** How Stryker's counting of what is reached begins in every file. */
const COUNTING = "function cover() {";

/**
 * Puts all mutants into the sources of packages/contract below `root`, each switched off; the files are overwritten.
 * Not mutated: string literals (no wording is held word for word) and the catalogue (a table).
 * @returns the mutants, in the order of files and places.
 */
export async function instrument(root: string): Promise<readonly PlannedMutant[]> {
  const names = globSync("packages/contract/src/**/*.ts", { cwd: root })
    .filter((name) => !name.endsWith(".test.ts") && !name.endsWith("/catalogue.ts"))
    .toSorted();
  const files = names.map((name) => ({ name, mutate: true, content: readFileSync(join(root, name), "utf8") }));
  const sources = new Map(files.map(({ name, content }) => [name, createHash("sha256").update(content).digest("hex")]));
  const result = await new Instrumenter(silent).instrument(files, {
    plugins: null,
    excludedMutations: ["StringLiteral"],
    ignorers: [],
  });
  for (const { name, content } of result.files) {
    const isMutated = content.includes("__stryker__");
    if (isMutated && !content.includes(COUNTING))
      throw new Error(`expected Stryker's counting of what is reached in ${name}`);
    // Counting takes longer than most of the code: not while a mutant is tried.
    writeFileSync(
      join(root, name),
      content.replace(COUNTING, `${COUNTING} if (ns.activeMutant !== undefined) return;`),
    );
  }
  const places = new Map<string, number>();
  return result.mutants
    .filter(({ status }) => status !== "Ignored")
    .map(({ id, fileName, location, mutatorName, replacement }) => ({
      id,
      source: sources.get(fileName) ?? "",
      place: count(places, fileName),
      file: fileName,
      line: location.start.line + 1,
      mutator: mutatorName,
      replacement: replacement.replaceAll(/\s+/g, " "),
    }));
}

/** How often it was asked of that key before. */
function count(counts: Map<string, number>, key: string): number {
  const before = counts.get(key) ?? 0;
  counts.set(key, before + 1);
  return before;
}
