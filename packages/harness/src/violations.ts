import type { Violation } from "@ondash/contract";

/** Adds to violations what only the harness knows: the command that replays them, and the step that made the event. */
export function placeViolations(
  violations: readonly Violation[],
  known: { readonly replay: string; readonly locations?: ReadonlyMap<string, string> },
): readonly Violation[] {
  return violations.map((violation) => {
    const location = violation.eventIds.map((id) => known.locations?.get(id)).find((found) => found !== undefined);
    return { ...violation, replay: known.replay, ...(location === undefined ? {} : { location }) };
  });
}
