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
  /** First offset observed; undefined: unknown until its first record. */
  readonly start: number | undefined;
  /** Next offset to be observed; undefined before the first observation when there is no start. */
  readonly position: number | undefined;
  /** "new", or "again" when a record was read at that offset before. */
  arrive(offset: number): "new" | "again";
  /** The record at an offset, as long as it is remembered. */
  recall(offset: number): RememberedRecord | undefined;
  remember(offset: number, record: RememberedRecord): void;
  /** Whether a record was read at the offset. */
  hasRecord(offset: number): boolean;
  /** Whether the offset lies in an aborted skip. */
  isAborted(offset: number): boolean;
  /** Offsets without an application record. @returns an offset in it at which a record was read, if it is aborted. */
  skip(from: number, to: number, why: "control" | "aborted"): number | undefined;
  /** Offsets that could not be read: the position passes them. They may still turn up. */
  gap(from: number, to: number): void;
  /** Offsets from the start to the position (or to `end`, exclusive) that are accounted for by nothing. */
  unaccounted(end: number | undefined): Range[];
  readonly aborts: boolean;
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
  let first = start;
  let position = start;
  let aborts = false;
  const advance = (from: number, to: number): void => {
    first ??= from;
    position = Math.max(position ?? 0, to + 1);
  };
  return {
    topic,
    partition,
    get start() {
      return first;
    },
    get position() {
      return position;
    },
    get aborts() {
      return aborts;
    },
    arrive(offset) {
      if (records.has(offset)) return "again";
      advance(offset, offset);
      records.add(offset, offset);
      accounted.add(offset, offset);
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
    isAborted: (offset) => aborted.has(offset),
    skip(from, to, why) {
      advance(from, to);
      accounted.add(from, to);
      if (why === "control") return undefined;
      aborts = true;
      aborted.add(from, to);
      return records.firstIn(from, to);
    },
    gap: advance,
    unaccounted(end) {
      if (first === undefined || position === undefined) return [];
      return accounted.missing(first, Math.max(position, end ?? 0) - 1);
    },
  };
}
