import { compareEmission, comparePlaces, type PlacedEvent } from "../event.ts";
import { idle, nameRecord, quote, violated } from "../finding.ts";
import { nothingWrong, type TurnRule } from "../turn/facts.ts";

/** The first two events in order of place that share a key, if any do. */
function firstPair(
  events: readonly PlacedEvent[],
  keyOf: (event: PlacedEvent) => string | number,
  differ: (a: PlacedEvent, b: PlacedEvent) => boolean,
): { pair: readonly [PlacedEvent, PlacedEvent]; more: number } | undefined {
  const seen = new Map<string | number, PlacedEvent>();
  let pair: readonly [PlacedEvent, PlacedEvent] | undefined;
  let more = 0;
  for (const event of events) {
    const first = seen.get(keyOf(event));
    if (first === undefined) seen.set(keyOf(event), event);
    else if (differ(first, event)) {
      if (pair === undefined) pair = [first, event];
      else more++;
    }
  }
  return pair === undefined ? undefined : { pair, more };
}

const others = (more: number): readonly string[] => (more === 0 ? [] : [`${more} more like it in this turn`]);

/** ORD-01: no event_id at two offsets. */
export const noRecordTwice: TurnRule = (turn) => {
  const found = firstPair(
    turn.events,
    ({ event }) => event.eventId,
    () => true,
  );
  if (found === undefined) return nothingWrong(turn);
  const [first, second] = found.pair;
  return violated({
    message: `Event ${first.event.eventId} (${first.event.body.kind}) was sent twice.`,
    expected: "each event_id at one offset",
    actual: `${nameRecord(first.place)} and ${nameRecord(second.place)} both hold ${quote(first.event.eventId)}`,
    records: [first.place, second.place],
    notes: others(found.more),
    eventIds: [first.event.eventId],
  });
};

/** ORD-02: no sequence with two event_ids. */
export const noSequenceTwice: TurnRule = (turn) => {
  if (!turn.schema.sequenced) return idle;
  const found = firstPair(
    turn.events,
    ({ event }) => event.sequence,
    (a, b) => a.event.eventId !== b.event.eventId,
  );
  if (found === undefined) return nothingWrong(turn);
  const [first, second] = found.pair;
  return violated({
    message: `Sequence ${first.event.sequence} is used by two events.`,
    expected: "one event_id for each sequence",
    actual: `${nameRecord(first.place)} is ${quote(first.event.eventId)}, ${nameRecord(second.place)} is ${quote(second.event.eventId)}`,
    records: [first.place, second.place],
    notes: others(found.more),
    eventIds: [first.event.eventId, second.event.eventId],
  });
};

/** How an event's place in emission order is told. */
export function describeOrder({ event }: PlacedEvent, sequenced: boolean): string {
  if (sequenced) return `sequence ${event.sequence}`;
  return `timestamp ${event.timestamp.seconds}.${event.timestamp.nanos.toString().padStart(9, "0")}`;
}

/** ORD-03: emission order is kept inside a partition; chat.v1: no two timestamps are equal. */
export const orderIsKept: TurnRule = (turn) => {
  const { schema } = turn;
  const byPlace = turn.events.toSorted((a, b) => comparePlaces(schema, a.place, b.place));
  for (const [index, event] of byPlace.entries()) {
    const before = byPlace[index - 1];
    if (before?.place.topic !== event.place.topic || before.place.partition !== event.place.partition) continue;
    if (compareEmission(schema, before.event, event.event) < 0) continue;
    return outOfOrder(before, event, schema.sequenced);
  }
  if (!schema.sequenced) {
    for (const [index, event] of turn.events.entries()) {
      const before = turn.events[index - 1];
      if (before === undefined || compareEmission(schema, before.event, event.event) !== 0) continue;
      return violated({
        message: "Two events of the turn have the same timestamp: their order can't be known.",
        expected: "each event at least 1 ns later than the one before",
        actual: `${nameRecord(before.place)} and ${nameRecord(event.place)} both have ${describeOrder(event, false)}`,
        records: [before.place, event.place],
        eventIds: [before.event.eventId, event.event.eventId],
      });
    }
  }
  return nothingWrong(turn);
};

function outOfOrder(before: PlacedEvent, event: PlacedEvent, sequenced: boolean): ReturnType<TurnRule> {
  return violated({
    message: `Events are out of order in ${event.place.topic}, partition ${event.place.partition}.`,
    expected: `${describeOrder(event, sequenced)} at a lower offset than ${describeOrder(before, sequenced)}`,
    actual: `offset ${before.place.offset} has ${describeOrder(before, sequenced)}, offset ${event.place.offset} has ${describeOrder(event, sequenced)}`,
    records: [before.place, event.place],
    eventIds: [before.event.eventId, event.event.eventId],
  });
}

/** How far a timestamp may go back without a warning, in nanoseconds. */
const TOLERANCE = 2_000_000_000n;

/** ORD-08: timestamps follow the sequence; "the event with the next lower sequence" is the one numbered one less. */
export const timestampsFollow: TurnRule = (turn) => {
  if (!turn.schema.sequenced) return idle;
  let before: PlacedEvent | undefined;
  let current: PlacedEvent | undefined;
  for (const event of turn.events) {
    if (event.event.sequence !== current?.event.sequence) before = current;
    current = event;
    // Across a hole small steps back may add up: only neighbours are compared.
    if (before === undefined || before.event.sequence !== event.event.sequence - 1) continue;
    const back = nanosOf(before) - nanosOf(event);
    if (back <= TOLERANCE) continue;
    return violated({
      message: `Sequence ${event.event.sequence} is stamped ${Number(back / 1_000_000n) / 1_000} s before sequence ${before.event.sequence}.`,
      expected: "a timestamp not more than 2 s before that of the event with the next lower sequence",
      actual: `${describeOrder(event, false)} after ${describeOrder(before, false)}`,
      records: [before.place, event.place],
      eventIds: [before.event.eventId, event.event.eventId],
    });
  }
  return nothingWrong(turn);
};

function nanosOf({ event }: PlacedEvent): bigint {
  return event.timestamp.seconds * 1_000_000_000n + BigInt(event.timestamp.nanos);
}
