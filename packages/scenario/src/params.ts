import type * as z from "zod";
import { paramKinds, unknownName } from "./definition.ts";
import { type Problem, ScenarioError } from "./error.ts";
import type { Param, ParamKind } from "./file-types.ts";
import type { SourceLocation } from "./plan-types.ts";
import type { Scenario } from "./scenario.ts";
import { locate, locationOf, memberLocation } from "./source.ts";
import type { ParamValues } from "./substitute.ts";
import { show, validate } from "./validate.ts";

/** The definitions of a file's `params`, each checked together with its default. */
export function readParams(value: unknown, fallback: SourceLocation, problems: Problem[]): Record<string, Param> {
  // A parameter may be called `constructor`; without a prototype that is a name like any other.
  const params = Object.create(null) as Record<string, Param>;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return params;
  for (const [name, definition] of Object.entries(value)) {
    const location = memberLocation(value, name) ?? fallback;
    const type = (definition as { type?: unknown } | null)?.type;
    const kind = typeof type === "string" && Object.hasOwn(paramKinds, type) ? (type as ParamKind) : undefined;
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

/** The values of parameters that nobody set. */
export function defaultsOf(params: Readonly<Record<string, Param>>): ParamValues {
  return Object.fromEntries(Object.entries(params).map(([name, param]) => [name, param.default]));
}

/**
 * The values of a scenario's parameters with `--set` over the defaults.
 * @throws ScenarioError `param` for an unknown name, a wrong type or a value out of bounds.
 */
export function paramValues(scenario: Scenario, set: Readonly<Record<string, string>>): ParamValues {
  const values = Object.assign(Object.create(null) as Record<string, ParamValues[string]>, defaultsOf(scenario.params));
  const problems: Problem[] = [];
  const all = scenario.root["params"];
  for (const [name, text] of Object.entries(set)) {
    const param = Object.hasOwn(scenario.params, name) ? scenario.params[name] : undefined;
    const location = memberLocation(all, name) ?? locationOf(all) ?? scenario.location;
    if (param === undefined) {
      const known = Object.keys(scenario.params);
      const what =
        known.length === 0 ? `the scenario ${scenario.name} has no params` : unknownName("parameter", name, known);
      problems.push({ location, text: `--set ${name}=${text}: ${what}` });
      continue;
    }
    const value = fromText(param, text);
    const expected = param.type === "bool" ? "true or false" : "an integer";
    const wrong = value === undefined ? `expected ${expected}, got ${show(text)}` : wrongValue(param, value);
    if (value !== undefined && wrong === undefined) values[name] = value;
    else problems.push({ location, text: `--set ${name}=${text}: ${name} is ${describe(param)}: ${wrong ?? ""}` });
  }
  if (problems.length > 0) throw new ScenarioError("param", problems);
  return values;
}

/** `an int from 1 to 100`. */
function describe(param: Param): string {
  if (param.type === "enum") return "an enum";
  if (param.type !== "int") return `a ${param.type}`;
  const { min, max } = param;
  const from = min === undefined ? "" : ` from ${min}`;
  return `an int${from}${max === undefined ? "" : ` ${min === undefined ? "up " : ""}to ${max}`}`;
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
