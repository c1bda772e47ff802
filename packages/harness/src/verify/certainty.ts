import {
  findRule,
  type Judgement,
  judgeObservations,
  type Observation,
  type TimelineEntry,
  type Violation,
} from "@ondash/contract";
import { placeKey } from "../absent-events.ts";
import { createScreen } from "./screen.ts";

/**
 * The violations among those of a run that is under way which nothing that may still come can heal: whatever follows,
 * the run won't pass.
 *
 * | rules | why |
 * | --- | --- |
 * | REC | a record stays as it is |
 * | KAF-01, 03, 05 | so do the partitions that were seen, and what was read from one offset |
 * | ORD-01, 02, 03, 06 | two records are in conflict, and both stay |
 * | ORD-04 | the barrier was reached without the event: coming now it is late (ORD-05) |
 * | ORD-05 | the event lies above the barrier. In chat.v1 only when its own task is completed, or it has none: else its task's completion may come, and then that one's barrier counts |
 * | GRM-02, 03 | as ORD-04; in chat.v1 not outside tasks, where a turn at rest goes on without anything being late |
 * | GRM-05 | as ORD-04 |
 * | GRM-06 | two records are in conflict, and both stay |
 *
 * Others wait for the end: ORD-07 needs to know that the producer is done, ORD-09 compares two versions one of which may
 * only rest. And of a turn (chat.v1: a task) of which only one event was seen, its completion, nobody can tell yet whether
 * the rest was forgotten (ORD-04, GRM-05) or comes late (ORD-05): what it lacks is not said before there is a second one.
 * @param judgement of all that was observed, with its timeline.
 */
export function lastingViolations(judgement: Pick<Judgement, "violations" | "timeline">): readonly Violation[] {
  const { timeline, violations } = judgement;
  const events = new Map(timeline.map((entry) => [placeKey(entry.record), entry]));
  return violations.filter((violation) => isLasting(violation, events) && !isPremature(violation, events));
}

/** Whether a rule says that something is absent behind an end of which nothing else was seen. */
function isPremature({ rule, records }: Violation, events: ReadonlyMap<string, TimelineEntry>): boolean {
  if (!BY_ABSENCE.has(rule)) return false;
  const witness = records[0] === undefined ? undefined : events.get(placeKey(records[0]));
  if (witness === undefined) return true;
  const { conversationId, messageId, schema, taskId } = witness;
  const others = [...events.values()].filter(
    (entry) =>
      entry !== witness &&
      entry.conversationId === conversationId &&
      entry.messageId === messageId &&
      entry.schema === schema &&
      // What a completion of chat.v1 ends is its task.
      (schema === "chat.v2" || entry.taskId === taskId),
  );
  return others.length === 0;
}

/** Rules that say what a turn lacks. */
const BY_ABSENCE: ReadonlySet<string> = new Set(["ORD-04", "GRM-02", "GRM-03", "GRM-05"]);

function isLasting(violation: Violation, events: ReadonlyMap<string, TimelineEntry>): boolean {
  const { rule, severity, records } = violation;
  if (severity !== "error") return false;
  if (findRule(rule)?.scope === "record") return true;
  const first = records[0] === undefined ? undefined : events.get(placeKey(records[0]));
  switch (rule) {
    case "KAF-01":
    case "KAF-03":
    case "KAF-05":
    case "ORD-01":
    case "ORD-02":
    case "ORD-03":
    case "ORD-04":
    case "ORD-06":
    case "GRM-05":
    case "GRM-06":
      return true;
    case "GRM-02":
    case "GRM-03":
      return first !== undefined && (first.schema === "chat.v2" || first.taskId !== "");
    case "ORD-05": {
      const end = records[1] === undefined ? undefined : events.get(placeKey(records[1]));
      if (first === undefined || end === undefined) return false;
      return first.schema === "chat.v2" || first.taskId === "" || first.taskId === end.taskId;
    }
    default:
      return false;
  }
}

/** Finds lasting violations in what was observed so far, without judging everything anew each time. */
export interface Prober {
  /**
   * The lasting violations of `observations`: empty as long as the verdict is open.
   * @param observations the same list each time, with more at its end.
   * @param decided how often turns were decided, for their barrier was reached.
   */
  probe(observations: readonly Observation[], decided: number): readonly Violation[];
}

/** Up to so many observations each suspicious one is a reason to judge. */
const ALWAYS = 4_096;

/**
 * Creates the prober. To judge is to read everything again: it is done when a turn was decided or something suspicious
 * came (see `Screen`). Of more than `always` observations a 32nd must be new besides; what is then passed over is judged
 * at the end of the run all the same.
 */
export function createProber(always: number = ALWAYS): Prober {
  const screen = createScreen();
  let looked = 0;
  let judged = { length: 0, decided: 0 };
  let isSuspicious = false;
  let found: readonly Violation[] = [];
  return {
    probe(observations, decided) {
      const { length } = observations;
      for (; looked < length; looked++) {
        const observation = observations[looked];
        // Each is looked at, for what it says of the next.
        if (observation !== undefined && screen.isSuspicious(observation)) isSuspicious = true;
      }
      if (found.length > 0) return found;
      const enough = length <= always || length - judged.length >= length / 32;
      if (decided === judged.decided && !(isSuspicious && enough)) return found;
      judged = { length, decided };
      isSuspicious = false;
      found = lastingViolations(judgeObservations(observations, { timeline: true }));
      return found;
    },
  };
}
