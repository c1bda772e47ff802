import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Environment } from "./environment.ts";

/**
 * Where scenario names are looked up: `scenarios/` in the working directory or the nearest folder above it that has one,
 * else the one that comes with this repository.
 */
export function scenarioDirectory({ cwd }: Environment): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const candidate = join(folder, "scenarios");
    if (statSync(candidate, { throwIfNoEntry: false })?.isDirectory()) return candidate;
    if (folder === dirname(folder)) return fileURLToPath(new URL("../../../scenarios", import.meta.url));
  }
}
