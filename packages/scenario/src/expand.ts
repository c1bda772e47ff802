import { parseDuration } from "@ondash/core";
import type * as z from "zod";
import { faultKinds, stepKinds, unknownName } from "./definition.ts";
import type { Problem } from "./error.ts";
import type { EventStepKind, Fault, FaultKind, StepKind, Steps, TaskRef } from "./file-types.ts";
import type { SourceLocation } from "./plan-types.ts";
import type { ResolvedFile } from "./resolve-file.ts";
import { loadAt, type Scenario, siblingOf } from "./scenario.ts";
import { inheritProvenance, locationOf, memberLocation, parseSource } from "./source.ts";
import { type ParamValues, substitute } from "./substitute.ts";
import { validate } from "./validate.ts";

/** What an event says, before ids and time. */
export type EventBody =
  | { readonly kind: "status"; readonly message: string }
  | { readonly kind: "text"; readonly position: "BEFORE" | "AFTER" | "STANDALONE"; readonly body: string }
  | { readonly kind: "chart"; readonly type: string; readonly configJson: string }
  | {
      readonly kind: "error";
      readonly severity: "WARNING" | "ERROR" | "FATAL";
      readonly code: string;
      readonly message: string;
    }
  | { readonly kind: "completion"; readonly type: "TASK" | "CONVERSATION"; readonly message: string };

/** A step that emits an event, after expansion. */
export interface ExpandedStep {
  readonly id: string | undefined;
  readonly location: SourceLocation;
  /** Milliseconds after the step before; undefined: the scenario's gap. */
  readonly after: number | undefined;
  readonly taskId: string;
  readonly body: EventBody;
}

/** A scenario, flat. */
export interface Expansion {
  readonly steps: readonly ExpandedStep[];
  readonly faults: readonly { readonly fault: Fault; readonly location: SourceLocation }[];
}

const MAX_STEPS = 100_000;
const MAX_NESTING = 32;

interface Context {
  readonly scenario: Scenario;
  readonly defaultTask: string;
  readonly problems: Problem[];
  readonly steps: ExpandedStep[];
  overflow: boolean;
}

/** Flattens `repeat`, `when` and `include`, puts parameters in, and checks every step and fault. */
export function expandSteps(
  scenario: Scenario,
  file: Pick<ResolvedFile, "steps" | "faults" | "task">,
  params: ParamValues,
  problems: Problem[],
): Expansion {
  const context: Context = {
    scenario,
    defaultTask: taskIdOf(file.task) ?? "",
    problems,
    steps: [],
    overflow: false,
  };
  expandList(file.steps, params, context, 0);
  if (context.steps.length === 0 && problems.length === 0) {
    const location = memberLocation(scenario.root, "steps") ?? scenario.location;
    problems.push({ location, text: "steps: nothing is emitted; expected at least one event" });
  }
  const seen = new Map<string, ExpandedStep>();
  for (const step of context.steps) {
    if (step.id === undefined) continue;
    const before = seen.get(step.id);
    if (before !== undefined) {
      const { line, column } = before.location;
      problems.push({
        location: step.location,
        text: `the id ${step.id} stands twice, first at line ${line}:${column}`,
      });
      break;
    }
    seen.set(step.id, step);
  }
  return { steps: context.steps, faults: readFaults(file, scenario, problems) };
}

function expandList(items: readonly unknown[], params: ParamValues, context: Context, depth: number): void {
  for (const [index, item] of items.entries()) {
    if (context.overflow) return;
    const location = locationOf(item) ?? memberLocation(items, index) ?? context.scenario.location;
    if (depth > MAX_NESTING || context.steps.length > MAX_STEPS) {
      context.overflow = true;
      const text =
        depth > MAX_NESTING ? `steps nested deeper than ${MAX_NESTING} levels` : `more than ${MAX_STEPS} events`;
      context.problems.push({ location, text });
      return;
    }
    expandStep(item, location, params, context, depth);
  }
}

function expandStep(
  item: unknown,
  location: SourceLocation,
  params: ParamValues,
  context: Context,
  depth: number,
): void {
  const { problems } = context;
  const kind = kindOf(item, location, problems);
  if (kind === undefined) return;
  const errors = problems.length;
  // Inner steps stay raw: their parameters (a counter, say) are put in when they are reached.
  const inner = innerLists(kind, item as Record<string, unknown>);
  const step = substitute(withoutInner(kind, item as Record<string, unknown>), params, location, problems) as Record<
    string,
    unknown
  >;
  restoreInner(kind, step, inner);
  if (problems.length > errors) return;
  switch (kind) {
    case "repeat": {
      const parsed = validate(stepKinds.repeat, step, location, problems);
      if (parsed === undefined) return;
      const { times, as, do: list } = parsed.repeat;
      for (let i = 1; i <= times && !context.overflow; i++) {
        expandList(list, as === undefined ? params : { ...params, [as]: i }, context, depth + 1);
        // Each round would tell the same; the first is enough.
        if (problems.length > errors) return;
      }
      return;
    }
    case "when": {
      const parsed = validate(stepKinds.when, step, location, problems);
      if (parsed === undefined) return;
      const { param, equals, then, else: otherwise } = parsed.when;
      if (!Object.hasOwn(params, param)) {
        const at = memberLocation(step["when"], "param") ?? location;
        problems.push({ location: at, text: unknownName("parameter", param, Object.keys(params)) });
        return;
      }
      expandList(params[param] === equals ? then : (otherwise ?? []), params, context, depth + 1);
      return;
    }
    case "include": {
      const parsed = validate(stepKinds.include, step, location, problems);
      if (parsed === undefined) return;
      const path = siblingOf(location.file, parsed.include);
      const list = parseSource(loadAt(path, location, context.scenario.load), path);
      if (!Array.isArray(list)) {
        const at = locationOf(list) ?? { file: path, line: 1, column: 1 };
        problems.push({ location: at, text: "expected a list of steps, for this file is included" });
        return;
      }
      expandList(list as readonly unknown[], params, context, depth + 1);
      return;
    }
    case "wait_for":
      // Only the live server has somebody who signals. Elsewhere the signal never comes, and the turn goes on.
      validate(stepKinds.wait_for, step, location, problems);
      return;
    default: {
      const made = eventStep(kind, step, location, context);
      if (made !== undefined) context.steps.push(made);
    }
  }
}

function eventStep(
  kind: EventStepKind,
  step: Record<string, unknown>,
  location: SourceLocation,
  { defaultTask, problems }: Context,
): ExpandedStep | undefined {
  const parsed = validate<Steps[EventStepKind]>(
    stepKinds[kind] as z.ZodType<Steps[EventStepKind]>,
    step,
    location,
    problems,
  );
  if (parsed === undefined) return undefined;
  const body = bodyOf(parsed);
  // CONVERSATION ends the turn, whatever the default task of the steps is.
  const turnWide = body.kind === "completion" && body.type === "CONVERSATION";
  return {
    id: parsed.id,
    location,
    after: parsed.after === undefined ? undefined : parseDuration(parsed.after),
    taskId: taskIdOf(parsed.task) ?? (turnWide ? "" : defaultTask),
    body,
  };
}

function bodyOf(step: Steps[EventStepKind]): EventBody {
  if ("status" in step) return { kind: "status", message: step.status };
  if ("text" in step) return { kind: "text", ...step.text };
  if ("chart" in step) {
    const { type, config, raw } = step.chart;
    return { kind: "chart", type, configJson: raw ?? JSON.stringify(config) };
  }
  if ("error" in step) return { kind: "error", ...step.error };
  return { kind: "completion", type: step.completion.type, message: step.completion.message ?? "" };
}

/** A task as its id; `none` is the turn itself. */
function taskIdOf(task: TaskRef | undefined): string | undefined {
  if (task === undefined) return undefined;
  const id = typeof task === "string" ? task : task.id;
  return id === "none" ? "" : id;
}

function kindOf(item: unknown, location: SourceLocation, problems: Problem[]): StepKind | undefined {
  const kinds = Object.keys(stepKinds) as StepKind[];
  if (typeof item !== "object" || item === null || Array.isArray(item)) {
    problems.push({ location, text: `expected a step: a mapping with one of ${kinds.join(", ")}` });
    return undefined;
  }
  const found = kinds.filter((kind) => kind in item);
  if (found.length === 1) return found[0];
  if (found.length > 1) {
    const second = memberLocation(item, found[1] ?? "", "key") ?? location;
    problems.push({ location: second, text: `a step is one thing: ${found.join(" and ")} need a step each` });
    return undefined;
  }
  const strange = Object.keys(item).find((key) => !["id", "after", "task"].includes(key));
  if (strange === undefined)
    problems.push({ location, text: `a step without a kind: expected one of ${kinds.join(", ")}` });
  else {
    const at = memberLocation(item, strange, "key") ?? location;
    problems.push({ location: at, text: unknownName("step kind", strange, kinds) });
  }
  return undefined;
}

const INNER: Readonly<Partial<Record<StepKind, readonly string[]>>> = {
  repeat: ["do"],
  when: ["then", "else"],
  wait_for: ["then"],
};

function innerLists(kind: StepKind, item: Record<string, unknown>): Record<string, unknown> {
  const holder = item[kind];
  if (typeof holder !== "object" || holder === null) return {};
  const lists = (INNER[kind] ?? []).filter((key) => key in holder);
  return Object.fromEntries(lists.map((key) => [key, (holder as Record<string, unknown>)[key]]));
}

/** The step without its inner lists, so that substitution does not reach into them. */
function withoutInner(kind: StepKind, item: Record<string, unknown>): Record<string, unknown> {
  const keys = INNER[kind];
  const holder = item[kind];
  if (keys === undefined || typeof holder !== "object" || holder === null || Array.isArray(holder)) return item;
  const copy = inheritProvenance({ ...(holder as Record<string, unknown>) }, holder);
  for (const key of keys) delete copy[key];
  return inheritProvenance({ ...item, [kind]: copy }, item);
}

function restoreInner(kind: StepKind, step: Record<string, unknown>, lists: Record<string, unknown>): void {
  const holder = step[kind];
  if (typeof holder === "object" && holder !== null) Object.assign(holder, lists);
}

function readFaults(file: Pick<ResolvedFile, "faults">, scenario: Scenario, problems: Problem[]): Expansion["faults"] {
  const list = file.faults ?? [];
  return list.flatMap((item, index) => {
    const location =
      locationOf(item) ?? memberLocation(list, index) ?? memberLocation(scenario.root, "faults") ?? scenario.location;
    const kind = (item as { do?: unknown } | null)?.do;
    const known = Object.keys(faultKinds) as FaultKind[];
    if (typeof kind !== "string" || !known.includes(kind as FaultKind)) {
      const text =
        typeof kind === "string" ? unknownName("fault", kind, known) : `expected do: one of ${known.join(", ")}`;
      problems.push({ location: memberLocation(item, "do") ?? location, text });
      return [];
    }
    const fault = validate<Fault>(faultKinds[kind as FaultKind] as z.ZodType<Fault>, item, location, problems);
    return fault === undefined ? [] : [{ fault, location }];
  });
}
