import type { Range } from "../ranges.ts";
import { createRangeSet } from "../ranges.ts";

/** What is remembered of a record, to compare a redelivery and an acknowledgement with it. */
export interface RememberedRecord {
  readonly hash: number;
  /** undefined: it does not decode. */
  readonly eventId: string | undefined;
}

/**
 * What was observed of one (topic, partition): the position, which counts control and aborted offsets, and which
 * offsets were seen.
 */
export interface PartitionLog {
  readonly topic: string;
  readonly partition: number;
  /** Below this offset nothing can be observed; undefined: no start offset was given. */
  readonly floor: number | undefined;
  /** The offset from which on all are accounted for: the given start, else the first one observed. */
  readonly start: number | undefined;
  /** Next offset to be observed; undefined before the first observation when there is no start. */
  readonly position: number | undefined;
  /** "new", or "again" when a record was read at that offset before. */
  arrive(offset: number): "new" | "again";
  /** The record at an offset, as long as it is remembered. */
  recall(offset: number): RememberedRecord | undefined;
  remember(offset: number, record: RememberedRecord): void;
  /** Events at which the given ids were read, as far as they are remembered. */
  findEvents(eventIds: { has(eventId: string): boolean }): { readonly offset: number; readonly eventId: string }[];
  /** Whether a record was read at the offset. */
  hasRecord(offset: number): boolean;
  /** Whether the offset is accounted for: by a record or a skip. */
  isAccounted(offset: number): boolean;
  /** Offsets without an application record. */
  skip(from: number, to: number, why: "control" | "aborted"): void;
  /** Offsets that could not be read: the position passes them. They may still turn up. */
  gap(from: number, to: number): void;
  /** Offsets from the start to the position (or to `end`, exclusive) that nothing accounts for; the first `limit` ranges. */
  unaccounted(end: number | undefined, limit?: number): Range[];
  /** A record was read again, with the same content or not; undefined: what was read first is no longer known. */
  redeliver(offset: number, same: boolean | undefined): void;
  /** The leader epoch of a record. */
  epoch(offset: number, epoch: number): void;
  readonly aborts: {
    readonly seen: boolean /** An offset at which a record of an aborted transaction was read. */;
    readonly visible: number | undefined;
  };
  readonly redeliveries: { readonly count: number; readonly forgotten: number; readonly changed: number | undefined };
  readonly epochs: {
    readonly known: boolean;
    readonly back: EpochStep | undefined;
  };
}

/** A higher offset that has a lower epoch than a lower one. */
interface EpochStep {
  readonly offset: number;
  readonly epoch: number;
  readonly before: { readonly offset: number; readonly epoch: number };
}

/**
 * Creates the log of one partition.
 * @param keep how many records are remembered for comparison.
 */
export function createPartitionLog(
  topic: string,
  partition: number,
  start: number | undefined,
  keep: number,
): PartitionLog {
  const records = createRangeSet();
  const accounted = createRangeSet();
  const aborted = createRangeSet();
  const remembered = new Map<number, RememberedRecord>();
  let begin = start;
  let position = start;
  const aborts: { seen: boolean; visible: number | undefined } = { seen: false, visible: undefined };
  const redeliveries: { count: number; forgotten: number; changed: number | undefined } = {
    count: 0,
    forgotten: 0,
    changed: undefined,
  };
  /** The lowest and the highest offset of each epoch: records may be read in any order. */
  const spans = new Map<number, { low: number; high: number }>();
  const advance = (from: number, to: number): void => {
    begin ??= from;
    position = Math.max(position ?? 0, to + 1);
  };
  return {
    topic,
    partition,
    floor: start,
    get start() {
      return begin;
    },
    get position() {
      return position;
    },
    aborts,
    redeliveries,
    get epochs() {
      return { known: spans.size > 0, back: stepBack(spans) };
    },
    arrive(offset) {
      if (records.has(offset)) return "again";
      advance(offset, offset);
      records.add(offset, offset);
      accounted.add(offset, offset);
      if (aborted.has(offset)) aborts.visible ??= offset;
      return "new";
    },
    recall: (offset) => remembered.get(offset),
    remember(offset, record) {
      remembered.set(offset, record);
      if (remembered.size > keep) {
        for (const oldest of remembered.keys()) {
          remembered.delete(oldest);
          break;
        }
      }
    },
    hasRecord: (offset) => records.has(offset),
    isAccounted: (offset) => accounted.has(offset),
    findEvents: (eventIds) =>
      [...remembered].flatMap(([offset, { eventId }]) =>
        eventId !== undefined && eventIds.has(eventId) ? [{ offset, eventId }] : [],
      ),
    skip(from, to, why) {
      advance(from, to);
      accounted.add(from, to);
      if (why === "control") return;
      aborts.seen = true;
      aborted.add(from, to);
      aborts.visible ??= records.firstIn(from, to);
    },
    gap: advance,
    unaccounted(end, limit) {
      // Before the first observation nothing is to be accounted for.
      return accounted.missing(begin ?? Number.POSITIVE_INFINITY, Math.max(position ?? 0, end ?? 0) - 1, limit);
    },
    redeliver(offset, same) {
      redeliveries.count++;
      if (same === undefined) redeliveries.forgotten++;
      else if (!same) redeliveries.changed ??= offset;
    },
    epoch(offset, epoch) {
      const span = spans.get(epoch);
      if (span === undefined) {
        spans.set(epoch, { low: offset, high: offset });
        return;
      }
      span.low = Math.min(span.low, offset);
      span.high = Math.max(span.high, offset);
    },
  };
}

/** An offset with a lower epoch than a lower offset has: of the highest such epoch. */
function stepBack(spans: ReadonlyMap<number, { readonly low: number; readonly high: number }>): EpochStep | undefined {
  let before: { offset: number; epoch: number } | undefined;
  for (const [epoch, { low, high }] of [...spans].sort(([a], [b]) => b - a)) {
    if (before !== undefined && before.offset < high) return { offset: high, epoch, before };
    // All of this epoch lies below `before`: this is the lower bound for the epochs below it.
    before = { offset: low, epoch };
  }
  return undefined;
}
