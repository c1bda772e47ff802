import type { RecordRef, Violation } from "@ondash/contract";
import { placeKey } from "./absent-events.ts";

/** What only the harness knows of a violation. */
export interface ViolationContext {
  /** The command that judges the same again. */
  readonly replay: string;
  /** `file:line` of the step that made an event, by event_id. */
  readonly ofEvent?: ReadonlyMap<string, string>;
  /** The same by `topic/partition@offset`, for records that don't tell their event_id. */
  readonly ofRecord?: ReadonlyMap<string, string>;
}

/** Adds to violations the command that replays them, and the step of the scenario that made the event. */
export function placeViolations(violations: readonly Violation[], context: ViolationContext): readonly Violation[] {
  return violations.map((violation) => {
    const location = locate(violation, context);
    return { ...violation, replay: context.replay, ...(location === undefined ? {} : { location }) };
  });
}

function locate({ eventIds, records }: Violation, { ofEvent, ofRecord }: ViolationContext): string | undefined {
  const known = [
    ...eventIds.map((id) => ofEvent?.get(id)),
    ...records.map((record: RecordRef) => ofRecord?.get(placeKey(record))),
  ];
  return known.find((location) => location !== undefined);
}
