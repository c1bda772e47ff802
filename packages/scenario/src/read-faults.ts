import type * as z from "zod";
import { faultKinds, unknownName } from "./definition.ts";
import type { Problem } from "./error.ts";
import type { ExpandedStep } from "./event-step.ts";
import type { Fault, FaultKind } from "./file-types.ts";
import type { SourceLocation } from "./plan-types.ts";
import type { Scenario } from "./scenario.ts";
import { locate, locationOf, memberLocation } from "./source.ts";
import { validate } from "./validate.ts";

/** A fault, and what it names. */
export interface PlacedFault {
  readonly fault: Fault;
  /** 1-based indexes of the events that it names: two for a swap, else one. */
  readonly targets: readonly number[];
  /** Where one of its members stands in the file. */
  readonly place: (...path: readonly (string | number)[]) => SourceLocation;
}

const kinds = Object.keys(faultKinds) as readonly FaultKind[];

/**
 * Checks the faults.
 * @param steps the events they may name; undefined: not known, for something is wrong with the steps.
 */
export function readFaults(
  list: readonly unknown[],
  steps: readonly ExpandedStep[] | undefined,
  scenario: Scenario,
  problems: Problem[],
): readonly PlacedFault[] {
  return list.flatMap((item, index) => {
    const own =
      locationOf(item) ?? memberLocation(list, index) ?? memberLocation(scenario.root, "faults") ?? scenario.location;
    const place: PlacedFault["place"] = (...path) => locate(item, path) ?? own;
    const kind = (item as { do?: unknown } | null)?.do;
    if (typeof kind !== "string" || !kinds.includes(kind as FaultKind)) {
      const text =
        typeof kind === "string" ? unknownName("fault", kind, kinds) : `expected do: one of ${kinds.join(", ")}`;
      problems.push({ location: place("do"), text });
      return [];
    }
    const fault = validate<Fault>(faultKinds[kind as FaultKind] as z.ZodType<Fault>, item, own, problems);
    if (fault === undefined || steps === undefined) return [];
    const targets = namedSteps(fault).flatMap(({ step, path }) => {
      const found = findStep(step, steps);
      if (typeof found === "number") return [found];
      problems.push({ location: place(...path), text: `${fault.do}: ${found}` });
      return [];
    });
    if (fault.do === "swap" && targets.length === 2 && targets[0] === targets[1]) {
      problems.push({ location: place("at"), text: "swap: expected two events, got the same one twice" });
    }
    return [{ fault, targets, place }];
  });
}

function namedSteps(
  fault: Fault,
): readonly { readonly step: string | number; readonly path: readonly (string | number)[] }[] {
  if (fault.do === "swap") return fault.at.map((step, index) => ({ step, path: ["at", index] }));
  return fault.do === "stop" ? [{ step: fault.after, path: ["after"] }] : [{ step: fault.at, path: ["at"] }];
}

/** The 1-based index of the event that a step's id or index means, or what is wrong with it. */
function findStep(step: string | number, steps: readonly ExpandedStep[]): number | string {
  if (typeof step === "number") {
    return step <= steps.length ? step : `there is no event ${step}: the scenario has ${steps.length}`;
  }
  const found = steps.findIndex(({ id }) => id === step);
  if (found >= 0) return found + 1;
  const ids = steps.flatMap(({ id }) => id ?? []);
  return ids.length === 0
    ? `no step has an id; give one the id ${step}, or use its 1-based index`
    : unknownName("step", step, ids);
}
