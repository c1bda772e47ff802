import { stepKinds, unknownName } from "./definition.ts";
import type { Problem } from "./error.ts";
import type { StepKind } from "./file-types.ts";
import type { SourceLocation } from "./plan-types.ts";
import { inheritProvenance, memberLocation } from "./source.ts";

/**
 * A step as the file has it, in two parts: what is its own, and the lists of steps inside. Parameters are put into the
 * first alone; the inner steps get theirs (a counter, say) when they are reached.
 */
export interface StepShape {
  readonly kind: StepKind;
  readonly head: Readonly<Record<string, unknown>>;
  readonly inner: Readonly<Record<string, unknown>>;
}

const kinds = Object.keys(stepKinds) as readonly StepKind[];
const MODIFIERS = ["id", "after", "task"];
const INNER: Readonly<Partial<Record<StepKind, readonly string[]>>> = {
  repeat: ["do"],
  when: ["then", "else"],
  wait_for: ["then"],
};

/** Tells a step's kind by the key that names it. Undefined, and a problem, when it has none or several. */
export function shapeOf(item: unknown, location: SourceLocation, problems: Problem[]): StepShape | undefined {
  if (typeof item !== "object" || item === null || Array.isArray(item)) {
    problems.push({ location, text: `expected a step: a mapping with one of ${kinds.join(", ")}` });
    return undefined;
  }
  const step = item as Readonly<Record<string, unknown>>;
  const [kind, second] = kinds.filter((known) => Object.hasOwn(step, known));
  if (kind === undefined) {
    problems.push(strangeStep(step, location));
    return undefined;
  }
  if (second !== undefined) {
    const at = memberLocation(step, second, "key") ?? location;
    problems.push({ location: at, text: `a step is one thing: ${kind} and ${second} need a step each` });
    return undefined;
  }
  const holder = step[kind];
  const lists = INNER[kind];
  if (lists === undefined || typeof holder !== "object" || holder === null || Array.isArray(holder)) {
    return { kind, head: step, inner: {} };
  }
  const own: Record<string, unknown> = inheritProvenance({ ...holder }, holder);
  const inner: Record<string, unknown> = {};
  for (const list of lists) {
    if (list in own) inner[list] = own[list];
    delete own[list];
  }
  return { kind, head: inheritProvenance({ ...step, [kind]: own }, step), inner };
}

/** The whole step again, the inner lists as they stand in the file. */
export function wholeStep({ kind, inner }: StepShape, head: Readonly<Record<string, unknown>>): unknown {
  const holder = head[kind];
  if (Object.keys(inner).length === 0 || typeof holder !== "object" || holder === null) return head;
  return inheritProvenance({ ...head, [kind]: inheritProvenance({ ...holder, ...inner }, holder) }, head);
}

function strangeStep(step: Readonly<Record<string, unknown>>, location: SourceLocation): Problem {
  const strange = Object.keys(step).find((key) => !MODIFIERS.includes(key));
  if (strange === undefined) return { location, text: `a step without a kind: expected one of ${kinds.join(", ")}` };
  return {
    location: memberLocation(step, strange, "key") ?? location,
    text: unknownName("step kind", strange, kinds),
  };
}
