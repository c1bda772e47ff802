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

/**
 * Puts all mutants into the sources of packages/contract below `root`, each switched off; the files are overwritten.
 * Not mutated: string literals (no wording is held word for word) and the catalogue (a table).
 * @returns the mutants, in the order of files and places.
 */
export async function instrument(root: string): Promise<readonly PlannedMutant[]> {
  const names = globSync("packages/contract/src/**/*.ts", { cwd: root })
    .filter((name) => !name.endsWith(".test.ts") && !name.endsWith("/catalogue.ts"))
    .toSorted();
  const result = await new Instrumenter(silent).instrument(
    names.map((name) => ({ name, mutate: true, content: readFileSync(join(root, name), "utf8") })),
    { plugins: null, excludedMutations: ["StringLiteral"], ignorers: [] },
  );
  for (const { name, content } of result.files) writeFileSync(join(root, name), content);
  return result.mutants
    .filter(({ status }) => status !== "Ignored")
    .map(({ id, fileName, location, mutatorName, replacement }) => ({
      id,
      file: fileName,
      line: location.start.line + 1,
      mutator: mutatorName,
      replacement: replacement.replaceAll(/\s+/g, " "),
    }));
}
