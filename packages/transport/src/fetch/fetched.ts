import type { RecordHeader } from "@ondash/schemas";

/** A record as it lies in the log. */
export interface FetchedRecord {
  readonly offset: number;
  /** Milliseconds since the epoch; -1 when there is none. */
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
  readonly value: Uint8Array | null;
  /** What a control record says. Other control types than these two do not touch transactions. */
  readonly control: "commit" | "abort" | "other" | undefined;
}

/** A record batch: what its records have in common. One that compaction has emptied has none. */
export interface FetchedBatch {
  /** The last offset that it takes: above the last record's where a compaction removed some. */
  readonly lastOffset: number;
  readonly leaderEpoch: number;
  /** The id of the producer in whose transaction it was written, or which its control record speaks of; else undefined. */
  readonly transaction: string | undefined;
  /**
   * Its records, decoded when they are asked for: those of a whole answer at once would outlive the young generation.
   * @throws TransportError `unreadable` when they are not well-formed.
   */
  records(): readonly FetchedRecord[];
}

/** One partition's part of an answer to Fetch. */
export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly batches: readonly FetchedBatch[];
}

/**
 * How the bytes of records are handed on. "copied": each record's in a block of its own. "shared": as views of the
 * answer, for those who keep none: one that is kept keeps megabytes alive.
 */
export type ByteSharing = "copied" | "shared";
