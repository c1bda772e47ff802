import {
  type AbsentEvent,
  createMonitor,
  type Observation,
  type RecordRef,
  type TimelineEntry,
} from "@ondash/contract";
import type { Plan } from "@ondash/scenario";
import { schemaOfTopic } from "@ondash/schemas";

/** What a run knows of its sends besides what was observed. */
export type LedgerObservation = Extract<Observation, { kind: "ack" | "rejected" | "indefinite" }>;

/**
 * The planned events that have no row in the timeline, each with what became of it.
 * @param observed the run's timeline.
 * @param ledger its acknowledgements and refusals.
 * @param seen the places of all records that were observed, see `placeKey`.
 */
export function absentEvents(
  plan: Plan,
  observed: readonly TimelineEntry[],
  ledger: readonly LedgerObservation[],
  seen: ReadonlySet<string>,
): readonly AbsentEvent[] {
  // A dual publication has two events of one id.
  const byId = new Map(observed.map((entry) => [`${entry.schema}/${entry.eventId}`, entry]));
  const entriesOf = ({ eventId, schema }: TimelineEntry): readonly LedgerObservation[] =>
    ledger.filter((entry) => entry.eventId === eventId && schemaOfTopic(entry.topic)?.schema.name === schema);
  const byPlace = new Map(observed.map((entry) => [placeKey(entry.record), entry]));
  // An event whose ids were changed on the way is there all the same: where it was acknowledged.
  const find = (event: TimelineEntry): TimelineEntry | undefined =>
    byId.get(`${event.schema}/${event.eventId}`) ??
    entriesOf(event)
      .flatMap((entry) => (entry.kind === "ack" ? [byPlace.get(placeKey(entry))] : []))
      .find((entry) => entry !== undefined);

  const planned = plannedTimeline(plan);
  const missing = planned.filter((entry) => find(entry) === undefined);
  if (missing.length === 0) return [];
  const shift = timeShift(planned, find);
  return missing.map((entry) => {
    const { conversationId, messageId, taskId, eventId, kind, schema, at, says } = entry;
    const fate = fateOf(entriesOf(entry)[0], seen);
    return {
      conversationId,
      messageId,
      taskId,
      eventId,
      kind,
      schema,
      at: at === null ? null : at - shift,
      says,
      fate,
    };
  });
}

/** `topic/partition@offset`. */
export function placeKey({ topic, partition, offset }: RecordRef): string {
  return `${topic}/${partition}@${offset}`;
}

/** The timeline of a run in which nothing goes wrong: what each planned event says, and when. */
function plannedTimeline(plan: Plan): readonly TimelineEntry[] {
  const monitor = createMonitor({ timeline: true, window: Number.POSITIVE_INFINITY });
  monitor.observe({ kind: "start", partitions: plan.partitions, start: undefined });
  const offsets = new Map<string, number>();
  for (const { record } of plan.events) {
    const { topic, partition, key, headers, value } = record;
    const log = `${topic}/${partition}`;
    const offset = offsets.get(log) ?? 0;
    offsets.set(log, offset + 1);
    monitor.observe({ kind: "record", topic, partition, offset, timestamp: -1, key, headers, value });
  }
  return monitor.finish().timeline;
}

/** Times count from the first event that was observed, which need not be the first that was planned. */
function timeShift(
  planned: readonly TimelineEntry[],
  find: (entry: TimelineEntry) => TimelineEntry | undefined,
): number {
  for (const entry of planned) {
    const at = find(entry)?.at;
    if (entry.at !== null && at !== null && at !== undefined) return entry.at - at;
  }
  return 0;
}

function fateOf(entry: LedgerObservation | undefined, seen: ReadonlySet<string>): string {
  switch (entry?.kind) {
    case undefined:
      return "never sent";
    case "ack": {
      const where = `${entry.partition}@${entry.offset}`;
      return seen.has(placeKey(entry)) ? `unreadable, ${where}` : `acknowledged and lost, ${where}`;
    }
    case "rejected":
      return `refused: ${entry.error}`;
    default:
      return "nobody knows whether it was written";
  }
}
