import { type Instant, parseRfc3339, type SchemaName } from "@ondash/schemas";
import type * as z from "zod";
import { paramKinds, plannedKeys, scenarioFile, unknownName } from "./definition.ts";
import { type Problem, ScenarioError } from "./error.ts";
import { expandSteps } from "./expand.ts";
import type { Param, ParamKind, ScenarioFile } from "./file-types.ts";
import type { SourceLocation } from "./plan-types.ts";
import { locate, locationOf, memberLocation, mergeRecords, parseSource } from "./source.ts";
import { type ParamValues, substitute } from "./substitute.ts";
import { validate } from "./validate.ts";

/** A scenario file that was read, with what it extends; parameters are not yet put in. */
export interface Scenario {
  readonly name: string;
  readonly file: string;
  readonly title: string | undefined;
  readonly prompt: string | undefined;
  /** Which user messages it answers on the live server. */
  readonly match: { readonly regex: string; readonly flags: string } | undefined;
  readonly schema: SchemaName;
  readonly params: Readonly<Record<string, Param>>;
  /** The merged file as plain values with their provenance. */
  readonly root: Readonly<Record<string, unknown>>;
  /** Reads a file of `include`, relative to the file that names it. */
  readonly load: (path: string) => string;
  readonly knownRules: ReadonlySet<string> | undefined;
  readonly location: SourceLocation;
}

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

const MAX_EXTENDS = 16;

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
  if (file !== undefined) expandSteps(scenario, file, values, problems);
  if (file === undefined || problems.length > 0) throw new ScenarioError("invalid", problems);
  const stem = /([^/\\]+)\.ya?ml$/.exec(options.file)?.[1];
  if (stem !== undefined && stem !== file.scenario) {
    const at = memberLocation(root, "scenario") ?? location;
    throw new ScenarioError("invalid", [
      { location: at, text: `the name must be that of the file: expected ${stem}, got ${file.scenario}` },
    ]);
  }
  const match = file.match?.user_message;
  return {
    ...scenario,
    name: file.scenario,
    title: file.title,
    prompt: file.prompt,
    match: match === undefined ? undefined : { regex: match.regex, flags: match.flags ?? "" },
    schema: file.schema ?? "chat.v1",
  };
}

/** The file's mapping, on top of what it extends. */
function readRoot(
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
  if ([...chain, file].includes(path) || chain.length >= MAX_EXTENDS) {
    const circle = [...chain, file, path].join(" → ");
    throw new ScenarioError("invalid", [{ location, text: `extends goes in a circle: ${circle}` }]);
  }
  return mergeRecords(readRoot(loadAt(path, location, load), path, load, [...chain, file]), own);
}

/** A path beside a file. */
export function siblingOf(file: string, path: string): string {
  const folder = /^(.*[/\\])[^/\\]*$/.exec(file)?.[1] ?? "";
  return folder + path;
}

/** Reads a file that another one names. */
export function loadAt(path: string, location: SourceLocation, load: (path: string) => string): string {
  try {
    return load(path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.replace(/^\[[\w-]+\] /, "") : String(cause);
    throw new ScenarioError("not-found", [{ location, text: why }], { cause });
  }
}

function refuseWrongKeys(root: Readonly<Record<string, unknown>>, problems: Problem[]): void {
  for (const key of plannedKeys) {
    if (!(key in root)) continue;
    const location = memberLocation(root, key, "key");
    if (location !== undefined) problems.push({ location, text: `${key}: not supported yet` });
  }
}

function readParams(value: unknown, fallback: SourceLocation, problems: Problem[]): Record<string, Param> {
  const params: Record<string, Param> = {};
  if (typeof value !== "object" || value === null || Array.isArray(value)) return params;
  for (const [name, definition] of Object.entries(value)) {
    const location = memberLocation(value, name) ?? fallback;
    const type = (definition as { type?: unknown } | null)?.type;
    const kind = typeof type === "string" && type in paramKinds ? (type as ParamKind) : undefined;
    if (kind === undefined) {
      const known = Object.keys(paramKinds);
      const text = typeof type === "string" ? unknownName("type", type, known) : `expected a type: ${known.join(", ")}`;
      problems.push({ location: locate(definition, ["type"]) ?? location, text: `params.${name}: ${text}` });
      continue;
    }
    const param = validate<Param>(paramKinds[kind] as z.ZodType<Param>, definition, location, problems);
    if (param === undefined) continue;
    const wrong = wrongValue(param, param.default);
    if (wrong === undefined) params[name] = param;
    else
      problems.push({
        location: locate(definition, ["default"]) ?? location,
        text: `params.${name}.default: ${wrong}`,
      });
  }
  return params;
}

/** What is wrong with a value for a parameter; undefined: nothing. */
function wrongValue(param: Param, value: ParamValues[string]): string | undefined {
  switch (param.type) {
    case "int":
      if (typeof value !== "number" || !Number.isSafeInteger(value)) return `expected an integer, got ${String(value)}`;
      if (param.min !== undefined && value < param.min) return `expected at least ${param.min}, got ${value}`;
      if (param.max !== undefined && value > param.max) return `expected at most ${param.max}, got ${value}`;
      return undefined;
    case "enum":
      return param.values.includes(String(value))
        ? undefined
        : `expected one of ${param.values.join(", ")}, got ${String(value)}`;
    default:
      return undefined;
  }
}

function defaultsOf(params: Readonly<Record<string, Param>>): ParamValues {
  return Object.fromEntries(Object.entries(params).map(([name, param]) => [name, param.default]));
}

/**
 * The values of a scenario's parameters with `--set` over the defaults.
 * @throws ScenarioError `param` for an unknown name, a wrong type or a value out of bounds.
 */
export function paramValues(scenario: Scenario, set: Readonly<Record<string, string>>): ParamValues {
  const values: Record<string, ParamValues[string]> = { ...defaultsOf(scenario.params) };
  const problems: Problem[] = [];
  const all = scenario.root["params"];
  for (const [name, text] of Object.entries(set)) {
    const param = scenario.params[name];
    const location = memberLocation(all, name) ?? locationOf(all) ?? scenario.location;
    if (param === undefined) {
      const known = Object.keys(scenario.params);
      const what =
        known.length === 0 ? `the scenario ${scenario.name} has no params` : unknownName("parameter", name, known);
      problems.push({ location, text: `--set ${name}=${text}: ${what}` });
      continue;
    }
    const value = fromText(param, text);
    const wrong =
      value === undefined
        ? `expected ${param.type === "bool" ? "true or false" : "an integer"}`
        : wrongValue(param, value);
    if (value === undefined || wrong !== undefined)
      problems.push({ location, text: `--set ${name}=${text}: ${wrong ?? ""}` });
    else values[name] = value;
  }
  if (problems.length > 0) throw new ScenarioError("param", problems);
  return values;
}

function fromText(param: Param, text: string): ParamValues[string] | undefined {
  switch (param.type) {
    case "int":
      return /^-?\d+$/.test(text) ? Number(text) : undefined;
    case "bool":
      return text === "true" ? true : text === "false" ? false : undefined;
    default:
      return text;
  }
}

/** A file with its parameters put in and its shape checked; steps are still raw, for they have counters of their own. */
export interface ResolvedFile extends ScenarioFile {
  readonly startInstant: Instant;
}

/** The default virtual time of a turn's start. */
const DEFAULT_START = "2025-10-29T10:30:00Z";

/** Puts parameters into everything but the steps, and checks it. */
export function resolveFile(
  scenario: Pick<Scenario, "root" | "location" | "knownRules">,
  params: ParamValues,
  problems: Problem[],
): ResolvedFile | undefined {
  const { root, location, knownRules } = scenario;
  const { steps, params: definitions, ...others } = root;
  const planned = Object.fromEntries(Object.entries(others).filter(([key]) => !plannedKeys.includes(key)));
  const substituted = substitute(mergeRecords(root, planned), params, location, problems) as Record<string, unknown>;
  for (const key of plannedKeys) delete substituted[key];
  // Raw, as they stand in the file.
  if (steps !== undefined) substituted["steps"] = steps;
  if (definitions !== undefined) substituted["params"] = definitions;
  const file = validate<ScenarioFile>(scenarioFile, substituted, location, problems);
  if (file === undefined) return undefined;
  const startText = file.start ?? DEFAULT_START;
  const startInstant = parseRfc3339(startText);
  if (startInstant === undefined) {
    const at = memberLocation(root, "start") ?? location;
    problems.push({ location: at, text: `start: expected RFC 3339 text, as in ${DEFAULT_START}, got ${startText}` });
    return undefined;
  }
  for (const rule of rulesOf(file)) {
    if (knownRules === undefined || knownRules.has(rule)) continue;
    const at = memberLocation(root, "expect") ?? location;
    problems.push({ location: at, text: `expect: ${unknownName("rule", rule, [...knownRules])}` });
  }
  if (file.match !== undefined) {
    const { regex, flags } = file.match.user_message;
    try {
      void new RegExp(regex, flags);
    } catch (cause) {
      const at = locate(root, ["match", "user_message", "regex"]) ?? location;
      problems.push({ location: at, text: `match: ${(cause as Error).message}` });
    }
  }
  return { ...file, startInstant };
}

function rulesOf({ expect }: ScenarioFile): readonly string[] {
  return [...(expect?.warnings ?? []), ...flatten(expect?.violations)];
}

/** All rule ids in a list, or in lists per schema and ledger. */
function flatten(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value as readonly string[];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(flatten) : [];
}
