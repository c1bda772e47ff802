import { readdirSync, readFileSync } from "node:fs";
import { parseScenarios } from "@ondash/msw";
import type { Scenario } from "@ondash/scenario";

const folder = new URL("../../../scenarios/", import.meta.url);

/** The scenarios of the repository, by name. */
export const scenarios: ReadonlyMap<string, Scenario> = new Map(
  parseScenarios(
    Object.fromEntries(
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => /\.ya?ml$/.test(file))
        .map((file) => [file, readFileSync(new URL(file, folder), "utf8")]),
    ),
  ).map((parsed) => [parsed.name, parsed]),
);

/** One of them. */
export function scenario(name: string): Scenario {
  const found = scenarios.get(name);
  if (found === undefined) throw new Error(`there is no scenario ${name}`);
  return found;
}
