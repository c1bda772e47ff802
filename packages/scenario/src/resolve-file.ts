import { type Instant, parseRfc3339 } from "@ondash/schemas";
import { plannedKeys, scenarioFile, unknownName } from "./definition.ts";
import type { Problem } from "./error.ts";
import type { ScenarioFile } from "./file-types.ts";
import type { Scenario } from "./scenario.ts";
import { inheritProvenance, locate, memberLocation } from "./source.ts";
import { type ParamValues, substitute } from "./substitute.ts";
import { validate } from "./validate.ts";

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
  const substituted = substitute(inheritProvenance(planned, root), params, location, problems) as Record<
    string,
    unknown
  >;
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
