import type { Log, Sound } from "./log.ts";
import { compareEmission, completesConversation, coverOf, nanosOf, sequenceOf, type Turn } from "./turns.ts";

/** What became of one rule in one scope; a rule that is not named was not exercised. */
export type Outcomes = Map<string, "held" | "violated" | "unprovable" | "undefined">;

/** The ORD rules of one version of a turn, but for ORD-09. */
export function judgeOrder(turn: Turn, log: Log, conversation: readonly Turn[]): Outcomes {
  const outcomes: Outcomes = new Map();
  const { schema, end } = turn;
  /** A rule that is broken by what was seen, and held only by a turn that has ended. */
  const judge = (rule: string, broken: boolean): void => {
    if (broken) outcomes.set(rule, "violated");
    else if (end !== undefined) outcomes.set(rule, "held");
  };
  judge("ORD-01", new Set(turn.events.map(({ event }) => event.eventId)).size < turn.events.length);
  if (schema.sequenced) judge("ORD-02", sharesSequence(turn));
  judge(
    "ORD-05",
    turn.events.some((record) => isLate(turn, log, record)),
  );
  judge("ORD-03", breaksOrder(turn));
  judgeCompleteness(turn, log, outcomes);
  judge("ORD-06", followsEnd(turn) || followsConversation(turn, conversation));
  if (schema.sequenced) judge("ORD-08", stepsBack(turn));
  return outcomes;
}

/** Whether two neighbours (in emission order) are so. */
function anyTwo(events: readonly Sound[], so: (a: Sound, b: Sound) => boolean): boolean {
  return events.some((event, index) => {
    const next = events[index + 1];
    return next !== undefined && so(event, next);
  });
}

/** ORD-02: whether one sequence has two event_ids. */
function sharesSequence({ events }: Turn): boolean {
  const bySequence = Map.groupBy(events, sequenceOf);
  return [...bySequence.values()].some((own) => new Set(own.map(({ event }) => event.eventId)).size > 1);
}

/** ORD-05: whether a record lies at or above the barrier of its end (chat.v1: its task's, if that has one). */
function isLate(turn: Turn, log: Log, record: Sound): boolean {
  const own = turn.schema.sequenced ? undefined : turn.completions.get(record.event.taskId);
  const end = own ?? (turn.schema.sequenced ? turn.end : turn.conversation);
  if (end === undefined || compareEmission(turn.schema, record, end) >= 0) return false;
  const above = coverOf(log, end)?.ends[record.record.topic]?.[record.record.partition];
  return above !== undefined && record.record.offset >= above;
}

/** ORD-03. */
function breaksOrder({ schema, events }: Turn): boolean {
  if (!schema.sequenced && anyTwo(events, (a, b) => nanosOf(a) === nanosOf(b))) return true;
  const byPartition = Object.groupBy(events, ({ record }) => `${record.topic}/${record.partition}`);
  return Object.values(byPartition).some((own = []) =>
    anyTwo(
      own.toSorted((a, b) => a.record.offset - b.record.offset),
      (a, b) => compareEmission(schema, a, b) >= 0,
    ),
  );
}

/** How many sequences are missing below the end, or the last one; chat.v2 only. */
export function missingOf({ schema, end, events }: Turn): number {
  const final = end ?? events.at(-1);
  if (!schema.sequenced || final === undefined) return 0;
  const last = sequenceOf(final);
  return last - new Set(events.map(sequenceOf).filter((sequence) => sequence <= last)).size;
}

/** ORD-04 and ORD-07: what is missing, and whether the turn has ended. */
function judgeCompleteness(turn: Turn, log: Log, outcomes: Outcomes): void {
  const { schema, end, planned } = turn;
  const done = log.end?.producersDone === true;
  const count = (fate: string): number => planned.filter((event) => event.fate === fate).length;
  const [gone, unseen] = [count("gone"), count("unseen")];
  const cover = end && coverOf(log, end);
  const decided = cover?.reached === true;

  if (schema.sequenced) {
    if (end !== undefined) {
      const missing = missingOf(turn);
      const excused = gone + unseen + count("indefinite");
      if (!decided) outcomes.set("ORD-04", "unprovable");
      else if (missing > excused) outcomes.set("ORD-04", "violated");
      else outcomes.set("ORD-04", missing > 0 ? "unprovable" : "held");
    }
  } else if (end !== undefined || done) {
    const missing = count("unsent");
    if (planned.length === 0 || (end !== undefined && !decided)) outcomes.set("ORD-04", "unprovable");
    else if (missing > 0) outcomes.set("ORD-04", done || turn.conversation !== undefined ? "violated" : "unprovable");
    else if (gone + unseen > 0) outcomes.set("ORD-04", "unprovable");
    else if (end !== undefined) outcomes.set("ORD-04", "held");
    else if (turn.holed) outcomes.set("ORD-04", "unprovable");
  }

  const conversation = end !== undefined && completesConversation(end);
  const ended = end !== undefined && (conversation || turn.openTasks.length === 0);
  if (gone > 0 && (ended || done)) outcomes.set("ORD-07", "unprovable");
  else if (ended) outcomes.set("ORD-07", "held");
  else if (done) outcomes.set("ORD-07", unseen > 0 ? "unprovable" : "violated");
  else if (end !== undefined) outcomes.set("ORD-07", "unprovable");
}

/** ORD-06 inside the turn. */
function followsEnd({ schema, events, end, conversation, completions }: Turn): boolean {
  const after = (last: Sound | undefined, event: Sound): boolean =>
    last !== undefined && compareEmission(schema, event, last) > 0;
  // A second final completion has a higher sequence than the first: at the same one it is the first once more.
  return events.some(
    (event) =>
      (schema.sequenced && after(end, event)) ||
      after(conversation, event) ||
      after(completions.get(event.event.taskId), event),
  );
}

/** ORD-06 between turns: whether another turn ended the conversation before this one's newest completion. */
function followsConversation(turn: Turn, conversation: readonly Turn[]): boolean {
  const own = turn.events.filter(({ event }) => event.event.case === "completion").map(({ record }) => record);
  return conversation.some(
    (other) =>
      other !== turn &&
      other.events
        .filter(completesConversation)
        .some(({ record: last }) =>
          own.some((record) => record.partition === last.partition && record.offset > last.offset),
        ),
  );
}

/** ORD-08; of several events with the next lower sequence (ORD-02) the last counts. */
function stepsBack({ events }: Turn): boolean {
  const last = new Map(events.map((event) => [sequenceOf(event), event]));
  return events.some((event) => {
    const before = last.get(sequenceOf(event) - 1);
    return before !== undefined && nanosOf(event) < nanosOf(before) - 2_000_000_000n;
  });
}
