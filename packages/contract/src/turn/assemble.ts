import { type Barrier, type BarrierLaw, type Barriers, speaksOf } from "../barrier.ts";
import { completesTask, inEmissionOrder, type PlacedEvent } from "../event.ts";
import { fateOfAck } from "../kafka/acknowledgements.ts";
import type { Ledger, LedgerEntry } from "../ledger.ts";
import type { Logs } from "../log/logs.ts";
import type { EndObservation } from "../observation.ts";
import { describeRanges, type Range } from "../ranges.ts";
import type { TaskFacts, TurnFacts, TurnLedger } from "./facts.ts";
import { isFinal, type Turn } from "./turn.ts";
import type { Turns } from "./turns.ts";

/** Where the facts about turns come from. */
export interface FactSources {
  readonly law: BarrierLaw;
  readonly barriers: Barriers;
  readonly logs: Logs;
  readonly ledger: Ledger;
  readonly turns: Turns;
  /** The proper end of the run; undefined: it has not come (yet). */
  readonly end: EndObservation | undefined;
  /** Whether more may be observed: the turn is judged early, because a live monitor lets go of it. */
  readonly goesOn: boolean;
}

/** Puts together what the ORD and GRM rules look at. */
export function assembleFacts(turn: Turn, sources: FactSources): TurnFacts {
  const { schema } = turn;
  const { law, end: runEnd } = sources;
  const events = inEmissionOrder(schema, turn.events);
  return {
    schema,
    conversationId: turn.conversationId,
    messageId: turn.messageId,
    events,
    end: events.find((event) => isFinal(schema, event)),
    tasks: tasksOf(events),
    ended: turn.endAsked !== undefined,
    settled: settle(turn, sources),
    barrierOf: (event) => firstCovering(turn, event.asked, sources),
    law,
    run: { ended: runEnd !== undefined, producersDone: runEnd?.producersDone ?? false },
    ledger: ledgerOf(turn, sources),
    gap: withheldBy(turn, sources),
    conversationEndIn: (partition) => sources.turns.conversationEndIn(turn, partition),
    completions: turn.completions,
  };
}

function tasksOf(events: readonly PlacedEvent[]): Map<string, TaskFacts> {
  const tasks = new Map<string, TaskFacts>();
  for (const placed of events) {
    const id = placed.event.taskId;
    if (id === "") continue;
    const completion = tasks.get(id)?.completion ?? (completesTask(placed.event) ? placed : undefined);
    tasks.set(id, { id, completion });
  }
  return tasks;
}

/**
 * The reached barrier that covers the turn's end. The end of the run serves as one where there are no barriers at all
 * (a recording without them), and where its producers are known to be done: then its end offsets were asked for last.
 */
function settle(turn: Turn, sources: FactSources): Barrier | { why: string } {
  const { barriers, logs, end } = sources;
  if (turn.endAsked === undefined) return { why: "the turn has not ended" };
  const covering = firstCovering(turn, turn.endAsked, sources);
  if (covering !== undefined) return reachedOrWhy(covering, turn, logs);
  if (end === undefined) return { why: "no barrier was granted after the end of the turn was observed" };
  if (barriers.granted > 0 && !end.producersDone) {
    return {
      why: "no barrier was granted after the end of the turn was observed, and the producer is not known to be done",
    };
  }
  const last: Barrier = { id: undefined, index: barriers.asked, ends: end.ends };
  if (!speaksOf(last, turn.schema)) return { why: "the end of the run does not name the five topics" };
  return reachedOrWhy(last, turn, logs);
}

/** The first granted barrier that covers an observation: the one that decided the turn, where it has been forgotten since. */
function firstCovering(turn: Turn, asked: number, { law, barriers }: FactSources): Barrier | undefined {
  const covering = barriers.covering(asked, turn.schema);
  const { decidedBy } = turn;
  if (decidedBy === undefined || !law.covers(decidedBy.index, asked) || !speaksOf(decidedBy, turn.schema))
    return covering;
  return covering === undefined || covering.index > decidedBy.index ? decidedBy : covering;
}

function reachedOrWhy(barrier: Barrier, turn: Turn, logs: Logs): Barrier | { why: string } {
  const short = logs.short(barrier, turn.schema);
  if (short === undefined) return barrier;
  const end = barrier.ends[short.topic]?.[short.partition] ?? 0;
  const name = barrier.id === undefined ? "the end of the run" : `barrier ${barrier.id}`;
  return {
    why: `${name} was not reached: ${short.topic}, partition ${short.partition} at ${short.position ?? 0} of ${end}`,
  };
}

/** The first offsets of a turn's partitions that nothing accounts for, in each topic of its version. */
export function* gapsOf(
  turn: Turn,
  { logs, end }: Pick<FactSources, "logs" | "end">,
): Generator<{ readonly topic: string; readonly partition: number; readonly range: Range }> {
  for (const partition of turn.partitions) {
    for (const topic of turn.schema.topicList) {
      const [range] = logs.find(topic, partition)?.unaccounted(end?.ends[topic]?.[partition], 1) ?? [];
      if (range !== undefined) yield { topic, partition, range };
    }
  }
}

/** Why a gap withholds rules from a turn; undefined: none does. */
function withheldBy(turn: Turn, sources: FactSources): string | undefined {
  for (const { topic, partition, range } of gapsOf(turn, sources)) {
    if (sources.goesOn && isAhead(turn, topic, partition, range.from, sources.law)) continue;
    return `the collector did not see ${topic}, partition ${partition}, offset ${describeRanges([range])} (KAF-02)`;
  }
  return undefined;
}

/**
 * Whether an offset lies above the end by which the turn was decided and above all that was read of the turn there. To
 * one that is judged while the observation goes on this is the future, whether the collector stands before it or was
 * past it: else a busy partition, of which a record is on its way again at any time, would leave every turn open.
 */
function isAhead(turn: Turn, topic: string, partition: number, offset: number, law: BarrierLaw): boolean {
  const end = turn.decidedBy?.ends[topic]?.[partition];
  if (end === undefined || !law.late(offset, end)) return false;
  return turn.events.every(
    ({ place }) => place.topic !== topic || place.partition !== partition || place.offset < offset,
  );
}

function ledgerOf(turn: Turn, sources: FactSources): TurnLedger | undefined {
  const planned = sources.ledger.plannedFor(turn);
  if (planned.length === 0) return undefined;
  const present = new Set(turn.events.map(({ event }) => event.eventId));
  const facts = {
    planned: planned.length,
    missing: [] as string[],
    absent: [] as string[],
    unseen: [] as string[],
    indefinite: [] as string[],
  };
  for (const entry of planned) {
    if (present.has(entry.eventId)) continue;
    const fate = fateOf(entry, sources);
    if (fate !== undefined) facts[fate].push(entry.eventId);
  }
  return facts;
}

/** What became of a planned event that the turn does not have; undefined: nothing that anybody is blamed for. */
function fateOf(entry: LedgerEntry, sources: FactSources): "missing" | "absent" | "unseen" | "indefinite" | undefined {
  if (entry.acks.length > 0) {
    const fates = entry.acks.map((ack) => fateOfAck(ack, entry.eventId, sources));
    if (fates.includes("absent")) return "absent";
    return fates.includes("present") ? undefined : "unseen";
  }
  if (entry.indefinite) return "indefinite";
  return entry.rejected === undefined ? "missing" : undefined;
}
