import { plannedKeys } from "./definition.ts";
import { type Problem, ScenarioError } from "./error.ts";
import { expandSteps } from "./expand.ts";
import { defaultsOf, readParams } from "./params.ts";
import { plan } from "./plan.ts";
import { readRoot } from "./read-root.ts";
import { type ResolvedFile, resolveFile } from "./resolve-file.ts";
import type { Scenario } from "./scenario.ts";
import { locationOf, memberLocation } from "./source.ts";

/** What the parser needs from outside. */
export interface ParseOptions {
  /** The name that errors and plans carry. */
  readonly file: string;
  /**
   * Reads a file of `extends` or `include`. Paths are relative to the same folder as `file`. A scenario's name stands
   * for `NAME.yaml` beside the file.
   */
  readonly load?: (path: string) => string;
  /** Rule ids that `expect` may name; default: any. */
  readonly knownRules?: Iterable<string>;
}

/**
 * Reads a scenario. Its parameters' defaults are put in and everything is expanded once, so that what is wrong anywhere
 * in the file is told now, all at once.
 * @throws ScenarioError.
 */
export function parseScenario(text: string, options: ParseOptions): Scenario {
  const load =
    options.load ??
    ((path: string): string => {
      throw new Error(`${path}: no other files can be read here`);
    });
  const root = readRoot(text, options.file, load, []);
  const problems: Problem[] = [];
  const location = locationOf(root) ?? { file: options.file, line: 1, column: 1 };
  refuseWrongKeys(root, problems);
  const params = readParams(root["params"], location, problems);
  const scenario: Scenario = {
    name: String(root["scenario"]),
    file: options.file,
    title: undefined,
    prompt: undefined,
    match: undefined,
    schema: "chat.v1",
    params,
    root,
    load,
    knownRules: options.knownRules === undefined ? undefined : new Set(options.knownRules),
    location,
  };
  const values = defaultsOf(params);
  const file = resolveFile(scenario, values, problems);
  // Steps and faults are looked at even when something else is wrong, so that all of it is told at once.
  expandSteps(scenario, file ?? looseFile(root), values, problems);
  if (file === undefined || problems.length > 0) throw new ScenarioError("invalid", inOrder(problems));
  const stem = /([^/\\]+)\.ya?ml$/.exec(options.file)?.[1];
  if (stem !== undefined && stem !== file.scenario) {
    const at = memberLocation(root, "scenario") ?? location;
    throw new ScenarioError("invalid", [
      { location: at, text: `the name must be that of the file: expected ${stem}, got ${file.scenario}` },
    ]);
  }
  const match = file.match?.user_message;
  const parsed: Scenario = {
    ...scenario,
    name: file.scenario,
    title: file.title,
    prompt: file.prompt,
    match: match === undefined ? undefined : { regex: match.regex, flags: match.flags ?? "" },
    schema: file.schema ?? "chat.v1",
  };
  // What only shows in the plan (a fault at a step that is not there, a string that can't be encoded) is told here, too.
  plan(parsed);
  return parsed;
}

/** What of a file can be looked at although its shape is wrong. */
function looseFile(root: Readonly<Record<string, unknown>>): Pick<ResolvedFile, "steps" | "faults" | "task"> {
  const { steps, faults } = root;
  return {
    steps: Array.isArray(steps) ? (steps as readonly unknown[]) : [],
    faults: Array.isArray(faults) ? (faults as readonly unknown[]) : [],
  };
}

/** By place; of one place as they were found. */
function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted(
    (a, b) =>
      Number(a.location.file > b.location.file) - Number(a.location.file < b.location.file) ||
      a.location.line - b.location.line ||
      a.location.column - b.location.column,
  );
}

function refuseWrongKeys(root: Readonly<Record<string, unknown>>, problems: Problem[]): void {
  for (const key of plannedKeys) {
    if (!(key in root)) continue;
    const location = memberLocation(root, key, "key");
    if (location !== undefined) problems.push({ location, text: `${key}: not supported yet` });
  }
}
