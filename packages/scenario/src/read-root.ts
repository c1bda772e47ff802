import { ScenarioError } from "./error.ts";
import { loadAt, siblingOf } from "./scenario.ts";
import { locationOf, memberLocation, mergeRecords, parseSource } from "./source.ts";

const MAX_EXTENDS = 16;

/** The file's mapping, on top of what it extends. */
export function readRoot(
  text: string,
  file: string,
  load: (path: string) => string,
  chain: readonly string[],
): Readonly<Record<string, unknown>> {
  const value = parseSource(text, file);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const location = locationOf(value) ?? { file, line: 1, column: 1 };
    throw new ScenarioError("invalid", [{ location, text: "expected a mapping with scenario, steps, …" }]);
  }
  const own = value as Readonly<Record<string, unknown>>;
  const parent = own["extends"];
  if (parent === undefined) return own;
  const location = memberLocation(own, "extends") ?? { file, line: 1, column: 1 };
  if (typeof parent !== "string") {
    throw new ScenarioError("invalid", [{ location, text: "extends: expected the name of a scenario" }]);
  }
  const path = siblingOf(file, /\.ya?ml$/.test(parent) ? parent : `${parent}.yaml`);
  const circle = [...chain, file, path].join(" → ");
  if ([...chain, file].some((one) => siblingOf("", one) === path)) {
    throw new ScenarioError("invalid", [{ location, text: `extends goes in a circle: ${circle}` }]);
  }
  if (chain.length >= MAX_EXTENDS) {
    throw new ScenarioError("invalid", [{ location, text: `extends over more than ${MAX_EXTENDS} files: ${circle}` }]);
  }
  return mergeRecords(readRoot(loadAt(path, location, load), path, load, [...chain, file]), own);
}
