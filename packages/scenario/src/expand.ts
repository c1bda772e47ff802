import type * as z from "zod";
import { stepKinds, unknownName } from "./definition.ts";
import { isScenarioError, type Problem } from "./error.ts";
import { type ExpandedStep, eventStep, type Task, THE_TURN, taskOf } from "./event-step.ts";
import type { StepKind, Steps } from "./file-types.ts";
import type { SourceLocation } from "./plan-types.ts";
import { type PlacedFault, readFaults } from "./read-faults.ts";
import type { LooseFile } from "./resolve-file.ts";
import { loadAt, type Scenario, siblingOf } from "./scenario.ts";
import { locationOf, memberLocation, parseSource } from "./source.ts";
import { type StepShape, shapeOf, wholeStep } from "./step-shape.ts";
import { hasParams, type ParamValues, substitute } from "./substitute.ts";
import { validate } from "./validate.ts";

/** A scenario, flat. */
export interface Expansion {
  readonly steps: readonly ExpandedStep[];
  readonly faults: readonly PlacedFault[];
}

/** Most events of a turn. */
const MAX_EVENTS = 100_000;
/** Most steps that are looked at: a `repeat` of steps that emit nothing ends, too. */
const MAX_VISITS = 400_000;
const MAX_NESTING = 32;

interface Context {
  readonly scenario: Scenario;
  readonly defaultTask: Task;
  readonly problems: Problem[];
  readonly thorough: boolean;
  /** What is known of the file's steps: they are the same in each round of a `repeat`. */
  readonly known: Map<object, KnownStep>;
  readonly included: Map<string, readonly unknown[] | undefined>;
  /** Steps whose branches that are not taken were looked at. */
  readonly examined: Set<object>;
  visits: number;
  exhausted: boolean;
}

interface KnownStep {
  readonly shape: StepShape;
  /** The step checked, when it has no parameters. */
  constant: Steps[StepKind] | undefined;
}

/** Where in the expansion a list stands. */
interface Scope {
  readonly params: ParamValues;
  readonly depth: number;
  /** Undefined: this branch is not taken, and only looked at. */
  readonly into: ExpandedStep[] | undefined;
}

/**
 * Flattens `repeat`, `when` and `include`, puts parameters in, and checks every step and fault. `wait_for` is passed
 * over: only the live server has somebody who signals, elsewhere the signal never comes and the turn goes on at once.
 * @param thorough also checks the branches that these parameters don't take.
 */
export function expandSteps(
  scenario: Scenario,
  file: LooseFile,
  params: ParamValues,
  problems: Problem[],
  thorough: boolean,
): Expansion {
  const context: Context = {
    scenario,
    defaultTask: taskOf(file.task) ?? THE_TURN,
    problems,
    thorough,
    known: new Map(),
    included: new Map(),
    examined: new Set(),
    visits: 0,
    exhausted: false,
  };
  const before = problems.length;
  const steps: ExpandedStep[] = [];
  expandList(file.steps, { params, depth: 0, into: steps }, context);
  if (problems.length === before) refuseEmpty(steps, scenario, problems);
  refuseTwice(steps, problems);
  // Without all steps nobody can say which are missing.
  const targets = problems.length === before ? steps : undefined;
  return { steps, faults: readFaults(file.faults, targets, scenario, problems) };
}

function refuseEmpty(steps: readonly ExpandedStep[], scenario: Scenario, problems: Problem[]): void {
  const { steps: raw } = scenario.root;
  // No list, or an empty one, is told with the file's shape.
  if (steps.length > 0 || listOf(raw).length === 0) return;
  const location = memberLocation(scenario.root, "steps") ?? scenario.location;
  problems.push({ location, text: "steps: nothing is emitted; expected at least one event" });
}

function refuseTwice(steps: readonly ExpandedStep[], problems: Problem[]): void {
  const seen = new Map<string, ExpandedStep>();
  for (const step of steps) {
    if (step.id === undefined) continue;
    const before = seen.get(step.id);
    if (before !== undefined) {
      const { file, line, column } = before.location;
      const first = file === step.location.file ? `line ${line}:${column}` : `${file}:${line}:${column}`;
      problems.push({ location: step.location, text: `the id ${step.id} stands twice, first at ${first}` });
      return;
    }
    seen.set(step.id, step);
  }
}

function expandList(items: readonly unknown[], scope: Scope, context: Context): void {
  for (const [index, item] of items.entries()) {
    const location = locationOf(item) ?? memberLocation(items, index) ?? context.scenario.location;
    context.visits++;
    const limit = limitOf(scope, context);
    if (limit !== undefined && !context.exhausted) context.problems.push({ location, text: limit });
    context.exhausted ||= limit !== undefined;
    if (context.exhausted) return;
    expandStep(item, location, scope, context);
  }
}

function limitOf({ depth, into }: Scope, { visits }: Context): string | undefined {
  if (depth > MAX_NESTING) return `steps nested deeper than ${MAX_NESTING} levels`;
  if (into !== undefined && into.length >= MAX_EVENTS) return `more than ${MAX_EVENTS} events`;
  return visits > MAX_VISITS ? `more than ${MAX_VISITS} steps to expand` : undefined;
}

function expandStep(item: unknown, location: SourceLocation, scope: Scope, context: Context): void {
  const { problems } = context;
  const known = knownStep(item, location, context);
  if (known === undefined) return;
  const { shape } = known;
  const errors = problems.length;
  const head = substitute(shape.head, scope.params, location, problems) as Readonly<Record<string, unknown>>;
  if (problems.length > errors) return;
  const whole = wholeStep(shape, head);
  const step = known.constant ?? validate(kindOf(shape.kind), whole, location, problems);
  if (step === undefined) return;
  if (head === shape.head) known.constant = step;

  const { inner } = shape;
  if ("repeat" in step) repeat(step, listOf(inner["do"]), scope, context);
  else if ("when" in step) {
    const lists = { then: listOf(inner["then"]), otherwise: listOf(inner["else"]) };
    when(step, lists, { item: item as object, head, location }, scope, context);
  } else if ("include" in step) include(step, shape, location, scope, context);
  else if ("wait_for" in step) {
    if (isNew(item as object, context)) expandList(listOf(inner["then"]), unused(scope), context);
  } else {
    scope.into?.push(eventStep(step, whole, location, context.defaultTask));
  }
}

function knownStep(item: unknown, location: SourceLocation, context: Context): KnownStep | undefined {
  const known = context.known.get(item as object);
  if (known !== undefined) return known;
  const shape = shapeOf(item, location, context.problems);
  if (shape === undefined) return undefined;
  const made: KnownStep = { shape, constant: undefined };
  context.known.set(item as object, made);
  return made;
}

function repeat({ repeat: { times, as } }: Steps["repeat"], list: readonly unknown[], scope: Scope, context: Context) {
  const errors = context.problems.length;
  const round = (counter: number, into: Scope["into"]): void => {
    const params = as === undefined ? scope.params : { ...scope.params, [as]: counter };
    expandList(list, { params, depth: scope.depth + 1, into }, context);
  };
  // Where nothing is emitted one round shows all that can be wrong.
  if (times === 0 || scope.into === undefined) {
    if (context.thorough) round(1, undefined);
    return;
  }
  // Each round would tell the same; the first is enough.
  for (let i = 1; i <= times && !context.exhausted && context.problems.length === errors; i++) round(i, scope.into);
}

function when(
  { when: { param, equals } }: Steps["when"],
  { then, otherwise }: { readonly then: readonly unknown[]; readonly otherwise: readonly unknown[] },
  { item, head, location }: { readonly item: object; readonly head: unknown; readonly location: SourceLocation },
  scope: Scope,
  context: Context,
): void {
  const { params } = scope;
  const holder = (head as Readonly<Record<string, unknown>>)["when"];
  if (!Object.hasOwn(params, param)) {
    const at = memberLocation(holder, "param") ?? location;
    context.problems.push({ location: at, text: unknownName("parameter", param, Object.keys(params)) });
    return;
  }
  const never = neverEqual(param, params[param], equals, context.scenario);
  if (never !== undefined) {
    context.problems.push({ location: memberLocation(holder, "equals") ?? location, text: never });
    return;
  }
  const taken = params[param] === equals;
  const deeper = { ...scope, depth: scope.depth + 1 };
  const dead = unused(deeper);
  if (scope.into === undefined) {
    if (!isNew(item, context)) return;
    expandList(then, { ...dead, params: { ...params, [param]: equals } }, context);
    expandList(otherwise, dead, context);
    return;
  }
  expandList(taken ? then : otherwise, deeper, context);
  if (!isNew(item, context)) return;
  if (taken) expandList(otherwise, dead, context);
  else expandList(then, { ...dead, params: { ...params, [param]: equals } }, context);
}

/** Why a parameter can't have a value; undefined: it can. */
function neverEqual(
  param: string,
  value: ParamValues[string] | undefined,
  equals: ParamValues[string],
  { params }: Scenario,
): string | undefined {
  if (typeof value !== typeof equals) {
    return `when.equals: ${param} is a ${typeof value}, and ${JSON.stringify(equals)} is a ${typeof equals}: they are never equal`;
  }
  const definition = Object.hasOwn(params, param) ? params[param] : undefined;
  if (definition?.type !== "enum" || typeof equals !== "string" || definition.values.includes(equals)) return undefined;
  return `when.equals: ${unknownName(`value of ${param}`, equals, definition.values)}`;
}

function include(
  { include: name }: Steps["include"],
  { head }: StepShape,
  location: SourceLocation,
  scope: Scope,
  context: Context,
): void {
  // Which file it would be is not known where the branch is not taken.
  if (scope.into === undefined && hasParams(head["include"])) return;
  const path = siblingOf(location.file, name);
  if (!context.included.has(path)) context.included.set(path, readList(path, location, context));
  const list = context.included.get(path);
  if (list !== undefined) expandList(list, { ...scope, depth: scope.depth + 1 }, context);
}

function readList(path: string, location: SourceLocation, context: Context): readonly unknown[] | undefined {
  let list: unknown;
  try {
    list = parseSource(loadAt(path, location, context.scenario.load), path);
  } catch (error) {
    if (!isScenarioError(error)) throw error;
    context.problems.push(...error.problems.map((problem) => ({ ...problem, code: error.code })));
    return undefined;
  }
  if (Array.isArray(list)) return list as readonly unknown[];
  const at = locationOf(list) ?? { file: path, line: 1, column: 1 };
  context.problems.push({ location: at, text: "expected a list of steps, for this file is included" });
  return undefined;
}

/** Whether branches of a step that are not taken are to be looked at, and were not yet. */
function isNew(item: object, { thorough, examined }: Context): boolean {
  if (!thorough || examined.has(item)) return false;
  examined.add(item);
  return true;
}

function unused(scope: Scope): Scope {
  return { ...scope, into: undefined };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

function kindOf(kind: StepKind): z.ZodType<Steps[StepKind]> {
  return stepKinds[kind] as z.ZodType<Steps[StepKind]>;
}
