/** A record batch as a partition keeps it. */
export interface StoredBatch {
  readonly baseOffset: bigint;
  readonly lastOffset: bigint;
  /** Exactly what is served: the client's bytes with the offset, leader epoch and timestamps of the log. */
  readonly bytes: Uint8Array;
  /** Bytes of the log before this batch, counted from the log's first byte ever. */
  readonly position: number;
  /** Largest timestamp of its records, in milliseconds; −1 when they have none. */
  readonly maxTimestamp: bigint;
  readonly leaderEpoch: number;
  readonly producerId: bigint;
  readonly transactional: boolean;
  /** A transaction marker. */
  readonly control: boolean;
  /** From when on a compaction removes its tombstones, in milliseconds since the epoch; set by the first one. */
  readonly deleteHorizon?: bigint | undefined;
}

/** A transaction of this partition that was aborted, as Fetch tells of it. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
  /** The offset of its marker. */
  readonly lastOffset: bigint;
}

/** Which records a reader may see. */
export type Isolation = "read_uncommitted" | "read_committed";
