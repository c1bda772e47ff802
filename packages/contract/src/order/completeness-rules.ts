import { compareEmission, completesConversation, type PlacedEvent } from "../event.ts";
import { type Check, held, idle, nameRecord, unprovable, violated } from "../finding.ts";
import { describeRanges, type Range, sizeOf } from "../ranges.ts";
import { describeBarrier, doubt, nothingWrong, type TurnFacts, type TurnRule } from "../turn/facts.ts";
import { describeOrder } from "./identity-rules.ts";

/** The end that vouches for an event: everything emitted before it is acknowledged by then. */
function endOf(turn: TurnFacts, { event }: PlacedEvent): PlacedEvent | undefined {
  if (turn.schema.sequenced) return turn.end;
  return turn.tasks.get(event.taskId)?.completion ?? turn.end;
}

/** ORD-05: nothing that precedes the end lies at or above its barrier. */
export const nothingIsLate: TurnRule = (turn) => {
  for (const late of turn.events) {
    const end = endOf(turn, late);
    if (end === undefined || compareEmission(turn.schema, late.event, end.event) >= 0) continue;
    const barrier = turn.barrierOf(end);
    // Where no barrier says where the partition ended, nothing is late.
    const limit = barrier?.ends[late.place.topic]?.[late.place.partition] ?? Number.POSITIVE_INFINITY;
    if (!turn.law.late(late.place.offset, limit)) continue;
    if (turn.gap !== undefined) return unprovable(turn.gap);
    return violated({
      message: `A ${late.event.body.kind} event came after the end of its ${turn.schema.sequenced ? "turn" : "task"} had been said.`,
      expected: `an offset below ${limit}, which was the end of ${late.place.topic}, partition ${late.place.partition}, once the completion was observed`,
      actual: `${describeOrder(late, turn.schema.sequenced)} at offset ${late.place.offset}`,
      records: [late.place, end.place],
      notes: [
        `the end: ${nameRecord(end.place)}`,
        `barrier ${barrier?.id ?? "at the end of the run"} was asked for after it was observed`,
      ],
      eventIds: [late.event.eventId, end.event.eventId],
    });
  }
  if (!turn.ended) return idle;
  const why = doubt(turn);
  return why === undefined ? held : unprovable(why);
};

/** What of the turn's sequences 1…last is not there. */
export function holes(turn: TurnFacts): Range[] {
  const last = turn.end?.event.sequence ?? 0;
  const missing: Range[] = [];
  let next = 1;
  for (const { event } of turn.events) {
    if (event.sequence > last) break;
    if (event.sequence > next) missing.push({ from: next, to: event.sequence - 1 });
    next = Math.max(next, event.sequence + 1);
  }
  return missing;
}

/** ORD-04: nothing is lost. */
export const nothingIsLost: TurnRule = (turn) => (turn.schema.sequenced ? lostBySequence(turn) : lostByLedger(turn));

function lostBySequence(turn: TurnFacts): Check {
  const { end } = turn;
  if (end === undefined) return idle;
  const why = doubt(turn);
  if (why !== undefined) return unprovable(why);
  const missing = holes(turn);
  const [first] = missing;
  if (first === undefined) return { status: "held", by: "sequence" };
  const count = sizeOf(missing);
  const excused = excuse(turn, count);
  if (excused !== undefined) return unprovable(excused);
  const before = turn.events.findLast(({ event }) => event.sequence < first.from);
  const after = turn.events.find(({ event }) => event.sequence > first.to);
  const near = [before, after].filter((event) => event !== undefined);
  const witnesses = [...new Set([...near, end])];
  return violated({
    message: `${count === 1 ? "An event was" : `${count} events were`} lost: sequence ${describeRanges(missing)} of ${end.event.sequence}.`,
    expected: `sequences 1 to ${end.event.sequence}, as the completion's last_sequence says`,
    actual: `sequence ${describeRanges(missing)} missing`,
    records: witnesses.map(({ place }) => place),
    notes: [
      ...near.map(
        (event) => `nearest: ${describeOrder(event, true)}, a ${event.event.body.kind}, at ${nameRecord(event.place)}`,
      ),
      ...proof(turn),
    ],
    eventIds: [...witnesses.map(({ event }) => event.eventId), ...(turn.ledger?.missing ?? []).slice(0, 8)],
  });
}

const UNSEEN = "what is missing was acknowledged at offsets that were not read";

/** Why `count` missing events are not a loss of the producer's, if the ledger knows as many others causes. */
function excuse(turn: TurnFacts, count: number): string | undefined {
  const absent = turn.ledger?.absent.length ?? 0;
  const unseen = turn.ledger?.unseen.length ?? 0;
  const indefinite = turn.ledger?.indefinite.length ?? 0;
  if (count > absent + unseen + indefinite) return undefined;
  if (count <= absent) return `what is missing was acknowledged and is not in the log (KAF-04)`;
  if (count <= absent + unseen) return UNSEEN;
  return `what is missing was sent, and nobody knows whether it was written (${indefinite} indefinite)`;
}

function proof(turn: TurnFacts): readonly string[] {
  return "why" in turn.settled ? [] : [describeBarrier(turn.settled)];
}

function lostByLedger(turn: TurnFacts): Check {
  const { ledger, run } = turn;
  // A turn that never ends is judged once the producer is done: then no planned event can still be on its way.
  const judgeable = turn.ended || (run.ended && run.producersDone);
  if (!judgeable) return idle;
  if (ledger === undefined)
    return unprovable(`${turn.schema.name} has no sequence: only a run's ledger shows what was lost`);
  const why = turn.ended ? doubt(turn) : turn.gap;
  if (why !== undefined) return unprovable(why);
  if (ledger.missing.length === 0) {
    if (ledger.absent.length > 0) return unprovable("what is missing was acknowledged and is not in the log (KAF-04)");
    if (ledger.unseen.length > 0) return unprovable(UNSEEN);
    return turn.ended ? { status: "held", by: "ledger" } : idle;
  }
  // At rest more may come, and the plan says that more is to come.
  if (turn.end === undefined && !(run.ended && run.producersDone)) {
    return unprovable(`${ledger.missing.length} planned events had not been sent when the observation ended`);
  }
  const named = ledger.missing.slice(0, 8);
  const more = ledger.missing.length - named.length;
  return violated({
    message: `${ledger.missing.length === 1 ? "A planned event was" : `${ledger.missing.length} planned events were`} lost.`,
    expected: `all ${ledger.planned} planned events of the turn`,
    actual: `missing ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`,
    records: turn.end === undefined ? [] : [turn.end.place],
    notes: ["the ledger has neither an acknowledgement nor a refusal of them", ...(turn.ended ? proof(turn) : [])],
    eventIds: named,
  });
}

/** ORD-07: every turn ends. */
export const turnEnds: TurnRule = (turn) => {
  const done = turn.run.ended && turn.run.producersDone;
  if (!turn.ended && !done) return idle;
  if (turn.gap !== undefined) return unprovable(turn.gap);
  if (turn.ledger !== undefined && turn.ledger.absent.length > 0) {
    return unprovable("events of the turn were acknowledged and are not in the log (KAF-04)");
  }
  const open = openTasks(turn);
  if (turn.ended && open.length === 0) return nothingWrong(turn);
  // What nobody read may be its end.
  if ((turn.ledger?.unseen.length ?? 0) > 0) return unprovable(UNSEEN);
  if (!done) return unprovable("the producer is not known to be done");
  const last = turn.events.at(-1);
  const what = turn.schema.sequenced
    ? "a completion with last_sequence, and every named task completed"
    : "every task completed, or CONVERSATION";
  return violated({
    message: "The turn was truncated: the producer is done, and it has not ended.",
    expected: what,
    actual:
      open.length > 0 ? `open: ${open.join(", ")}` : turn.events.length === 0 ? "no event at all" : "no completion",
    records: last === undefined ? [] : [last.place],
    notes: ["the run ended with its producers done, and every partition was read to its end offset"],
    eventIds: last === undefined ? (turn.ledger?.missing.slice(0, 8) ?? []) : [last.event.eventId],
  });
};

/** Named tasks that are neither completed nor ended by CONVERSATION. */
export function openTasks(turn: TurnFacts): readonly string[] {
  if (turn.end !== undefined && completesConversation(turn.end.event)) return [];
  return [...turn.tasks.values()].filter((task) => task.completion === undefined).map((task) => task.id);
}
