import { ErrorSeverity } from "@ondash/schemas/chat/v1";
import type { PlacedEvent } from "../event.ts";
import { idle, quote, unprovable, violated } from "../finding.ts";
import type { TurnRule } from "../turn/facts.ts";
import { distinct, groupsOf } from "./groups.ts";
import { unlessIncomplete } from "./whole.ts";

function isFatal({ event }: PlacedEvent): boolean {
  return event.body.kind === "error" && event.body.severity === ErrorSeverity.FATAL;
}

/** GRM-01: the first event is a status or a FATAL error. */
export const beginsWithStatus: TurnRule = (turn) => {
  const [first] = turn.events;
  if (first === undefined) return idle;
  // With sequence 1 at hand the first event is known, whatever else is missing.
  const known = turn.schema.sequenced ? first.event.sequence === 1 : undefined;
  if (known === false) return unprovable("sequence 1 was not observed");
  if (first.event.body.kind === "status" || isFatal(first)) {
    return known === true ? { status: "held" } : unlessIncomplete(turn, undefined);
  }
  const finding = {
    message: `The turn begins with a ${first.event.body.kind}.`,
    expected: "a status or a FATAL error first",
    actual: `a ${first.event.body.kind} event`,
    records: [first.place],
    eventIds: [first.event.eventId],
  };
  return known === true ? violated(finding) : unlessIncomplete(turn, finding);
};

/** GRM-06: after a FATAL error only completions follow. */
export const fatalIsLast: TurnRule = (turn) => {
  const events = distinct(turn);
  const fatal = events.find(({ placed }) => isFatal(placed));
  if (fatal === undefined) return idle;
  const later = events.find(({ index, placed }) => index > fatal.index && placed.event.body.kind !== "completion");
  if (later === undefined) return unlessIncomplete(turn, undefined);
  return violated({
    message: `A ${later.placed.event.body.kind} event follows a FATAL error.`,
    expected: "only completions after a FATAL error",
    actual: `a ${later.placed.event.body.kind} event`,
    records: [fatal.placed.place, later.placed.place],
    eventIds: [later.placed.event.eventId, fatal.placed.event.eventId],
  });
};

/** GRM-07: progress goes forward. */
export const progressGoesForward: TurnRule = (turn) => {
  if (!turn.schema.sequenced) return idle;
  let triggered = false;
  for (const group of groupsOf(turn)) {
    let highest: { step: number; placed: PlacedEvent } | undefined;
    for (const { placed } of group.statuses) {
      const { body } = placed.event;
      if (body.kind !== "status" || body.step === 0) continue;
      triggered = true;
      if (body.totalSteps !== 0 && body.step > body.totalSteps) {
        return violated({
          message: `Status ${quote(body.message)} is step ${body.step} of ${body.totalSteps}.`,
          expected: "step at most total_steps",
          actual: `step ${body.step}, total_steps ${body.totalSteps}`,
          records: [placed.place],
          eventIds: [placed.event.eventId],
        });
      }
      // Statuses outside any task may tell of one thing after the other.
      if (group.task !== "" && highest !== undefined && body.step < highest.step) {
        return violated({
          message: `Progress of ${group.task} goes back.`,
          expected: `step ${highest.step} or more`,
          actual: `step ${body.step}`,
          records: [highest.placed.place, placed.place],
          eventIds: [placed.event.eventId, highest.placed.event.eventId],
        });
      }
      highest = { step: body.step, placed };
    }
  }
  return triggered ? unlessIncomplete(turn, undefined) : idle;
};
