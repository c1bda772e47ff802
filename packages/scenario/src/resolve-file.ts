import { type Instant, parseRfc3339 } from "@ondash/schemas";
import { plannedKeys, scenarioFile, unknownName } from "./definition.ts";
import type { Problem } from "./error.ts";
import type { ScenarioFile, TaskRef } from "./file-types.ts";
import type { Scenario } from "./scenario.ts";
import { inheritProvenance, locate } from "./source.ts";
import { type ParamValues, substitute } from "./substitute.ts";
import { validate } from "./validate.ts";

/** A file with its parameters put in and its shape checked. */
export interface ResolvedFile extends ScenarioFile {
  readonly startInstant: Instant;
}

/** What of a file can be looked at even when its shape is wrong. */
export interface LooseFile {
  /** Raw, as they stand in the file: they have counters of their own. */
  readonly steps: readonly unknown[];
  /** With their parameters put in, not yet checked. */
  readonly faults: readonly unknown[];
  readonly task: TaskRef | undefined;
}

/** The default virtual time of a turn's start. */
const DEFAULT_START = "2025-10-29T10:30:00Z";

/** Puts parameters into everything but the steps, and checks it. */
export function resolveFile(
  { root, location, knownRules }: Pick<Scenario, "root" | "location" | "knownRules">,
  params: ParamValues,
  problems: Problem[],
): { readonly file: ResolvedFile | undefined; readonly loose: LooseFile } {
  const { steps, params: definitions, ...others } = root;
  const planned = Object.fromEntries(Object.entries(others).filter(([key]) => !plannedKeys.includes(key)));
  const values = substitute(inheritProvenance(planned, root), params, location, problems);
  const whole = values as Record<string, unknown>;
  if (steps !== undefined) whole["steps"] = steps;
  if (definitions !== undefined) whole["params"] = definitions;
  const checked = validate<ScenarioFile>(scenarioFile, whole, location, problems);
  const loose: LooseFile = { steps: listOf(steps), faults: listOf(whole["faults"]), task: checked?.task };
  if (checked === undefined) return { file: undefined, loose };

  const place = (...path: readonly (string | number)[]): Problem["location"] => locate(whole, path) ?? location;
  refuseUnknownRules(checked, knownRules, place, problems);
  refuseWrongMatch(checked, place, problems);
  const startText = checked.start ?? DEFAULT_START;
  const startInstant = parseRfc3339(startText);
  if (startInstant === undefined) {
    const text = `start: expected RFC 3339 text, as in ${DEFAULT_START}, got ${startText}`;
    problems.push({ location: place("start"), text });
    return { file: undefined, loose };
  }
  return { file: { ...checked, startInstant }, loose };
}

type Place = (...path: readonly (string | number)[]) => Problem["location"];

function refuseUnknownRules(
  { expect }: ScenarioFile,
  knownRules: ReadonlySet<string> | undefined,
  place: Place,
  problems: Problem[],
): void {
  if (knownRules === undefined) return;
  for (const member of ["violations", "warnings"] as const) {
    for (const { rule, path } of rulesIn(expect?.[member], ["expect", member])) {
      if (knownRules.has(rule)) continue;
      problems.push({ location: place(...path), text: `expect: ${unknownName("rule", rule, [...knownRules])}` });
    }
  }
}

interface NamedRule {
  readonly rule: string;
  readonly path: readonly (string | number)[];
}

/** All rule ids in a list, or in lists per schema and ledger, and where they stand. */
function rulesIn(value: unknown, path: NamedRule["path"]): readonly NamedRule[] {
  if (typeof value === "string") return [{ rule: value, path }];
  if (typeof value !== "object" || value === null) return [];
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([key, member]) => rulesIn(member, [...path, isList ? Number(key) : key]));
}

function refuseWrongMatch({ match }: ScenarioFile, place: Place, problems: Problem[]): void {
  if (match === undefined) return;
  const { regex, flags } = match.user_message;
  try {
    void new RegExp(regex, flags);
  } catch (cause) {
    problems.push({ location: place("match", "user_message", "regex"), text: `match: ${(cause as Error).message}` });
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
