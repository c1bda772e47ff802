import { findScenarios, loadScenario } from "@ondash/harness";
import type { Scenario } from "@ondash/scenario";

const repository: string = new URL("../../../../", import.meta.url).pathname;
/** Where they are. */
export const directory: string = `${repository}scenarios`;

/** The names of the scenarios that this repository ships. */
export function shippedNames(): readonly string[] {
  return findScenarios([], { cwd: directory, directory }).map((file) => file.replace(/\.yaml$/, ""));
}

/** A scenario that this repository ships. */
export function shippedScenario(name: string): Scenario {
  return loadScenario(`scenarios/${name}.yaml`, repository);
}
