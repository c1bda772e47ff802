import { type Check, type Finding, held, unprovable, violated } from "../finding.ts";
import { holes } from "../order/completeness-rules.ts";
import { doubt, type TurnFacts } from "../turn/facts.ts";

/**
 * Why a turn may have events that were not seen; undefined: it has none. A rule that reads two events as neighbours, or
 * one as the first, would raise a false alarm on a turn that was seen in part.
 */
export function incomplete(turn: TurnFacts): string | undefined {
  if (turn.ended) {
    const why = doubt(turn);
    if (why !== undefined) return why;
    return turn.schema.sequenced && holes(turn).length > 0 ? "events of the turn are missing" : undefined;
  }
  if (turn.gap !== undefined) return turn.gap;
  if (!turn.run.ended) return "the turn has not ended, and neither has the run";
  if (!turn.schema.sequenced) return undefined;
  const contiguous = turn.events.every(
    ({ event }, index) => event.sequence <= (turn.events[index - 1]?.event.sequence ?? 0) + 1,
  );
  return contiguous ? undefined : "events of the turn are missing";
}

/** The finding, or that the rule holds; unprovable where the turn was seen in part. */
export function unlessIncomplete(turn: TurnFacts, finding: Finding | undefined): Check {
  const why = incomplete(turn);
  if (why !== undefined) return unprovable(why);
  return finding === undefined ? held : violated(finding);
}
