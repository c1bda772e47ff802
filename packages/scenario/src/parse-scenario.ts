import { plannedKeys } from "./definition.ts";
import { errorOf, type Problem } from "./error.ts";
import { expandSteps } from "./expand.ts";
import { defaultsOf, readParams } from "./params.ts";
import { planExpanded } from "./plan.ts";
import { readRoot } from "./read-root.ts";
import { resolveFile } from "./resolve-file.ts";
import type { Scenario } from "./scenario.ts";
import { locationOf, memberLocation } from "./source.ts";

/** What the parser needs from outside. */
export interface ParseOptions {
  /** The name that errors and plans carry. */
  readonly file: string;
  /**
   * Reads a file of `extends` or `include`. Paths are relative to the same folder as `file`. A scenario's name stands
   * for `NAME.yaml` beside the file. Called once a path.
   */
  readonly load?: (path: string) => string;
  /** Rule ids that `expect` may name; default: any. */
  readonly knownRules?: Iterable<string>;
}

/**
 * Reads a scenario. Its parameters' defaults are put in and everything is expanded once, branches that these defaults
 * don't take included, so that what is wrong anywhere in the file is told now, all at once.
 * @throws ScenarioError.
 */
export function parseScenario(text: string, options: ParseOptions): Scenario {
  const load = once(options.load ?? nothingElse);
  const root = readRoot(text, options.file, load, []);
  const problems: Problem[] = [];
  const location = locationOf(root) ?? { file: options.file, line: 1, column: 1 };
  refusePlannedKeys(root, problems);
  const params = readParams(root["params"], location, problems);
  const unnamed: Scenario = {
    name: "",
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
  const { file, loose } = resolveFile(unnamed, values, problems);
  // Steps and faults are looked at even when something else is wrong, so that all of it is told at once.
  const expansion = expandSteps(unnamed, loose, values, problems, true);
  if (file === undefined || problems.length > 0) throw errorOf(problems);
  const match = file.match?.user_message;
  const scenario: Scenario = {
    ...unnamed,
    name: file.scenario,
    title: file.title,
    prompt: file.prompt,
    match: match === undefined ? undefined : { regex: match.regex, flags: match.flags ?? "" },
    schema: file.schema ?? "chat.v1",
  };
  // What only shows in the plan (a field that the event does not have, a string that can't be encoded) is told here, too.
  planExpanded(scenario, file, expansion, {});
  return scenario;
}

function nothingElse(path: string): string {
  throw new Error(`${path}: no other files can be read here`);
}

/** Reads each path once, so that a scenario stays what it was when a file changes. */
function once(load: (path: string) => string): (path: string) => string {
  const texts = new Map<string, string>();
  return (path) => {
    const known = texts.get(path);
    if (known !== undefined) return known;
    const text = load(path);
    texts.set(path, text);
    return text;
  };
}

function refusePlannedKeys(root: Readonly<Record<string, unknown>>, problems: Problem[]): void {
  for (const key of plannedKeys) {
    if (!Object.hasOwn(root, key)) continue;
    const location = memberLocation(root, key, "key");
    if (location !== undefined) problems.push({ location, text: `${key}: not supported yet` });
  }
}
