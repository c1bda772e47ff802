import { LeaderEpochs } from "./leader-epochs.ts";
import { type ProducerBatch, ProducerStates } from "./producer-state.ts";
import type { AbortedTransaction, Isolation, StoredBatch } from "./stored-batch.ts";

/** A batch that passed validation, ready to be appended: `bytes` gets its offset from `place`. */
export interface PlaceableBatch {
  readonly recordCount: number;
  readonly maxTimestamp: bigint;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly transactional: boolean;
  readonly control: boolean;
  /** The bytes of the batch at its place in the log. */
  place(baseOffset: bigint, leaderEpoch: number): Uint8Array;
}

/** Offsets that bound what can be read. */
export interface LogBounds {
  readonly logStart: bigint;
  readonly highWatermark: bigint;
  readonly lastStable: bigint;
}

/**
 * The records of one partition, in memory: dense offsets, producers, leader epochs, aborted transactions. It knows
 * nothing of protocols and time; whoever waits for its records listens to `onChange`.
 */
export class PartitionLog {
  readonly producers: ProducerStates = new ProducerStates();
  readonly epochs: LeaderEpochs = new LeaderEpochs();
  private batches: StoredBatch[] = [];
  private aborted: AbortedTransaction[] = [];
  private readonly listeners = new Set<() => void>();
  private start = 0n;
  private end = 0n;
  private bytesEver = 0;
  private newestBatch: StoredBatch | undefined;

  /** First offset that can be read. */
  get logStart(): bigint {
    return this.start;
  }

  /** The offset that the next record gets; here also the high watermark, for all replicas are one. */
  get logEnd(): bigint {
    return this.end;
  }

  /**
   * Below it every transaction is decided: where the oldest open one begins, else the high watermark. When the record
   * with which that one began was deleted: where the batch begins that holds the log start, as in Kafka.
   */
  get lastStable(): bigint {
    const unstable = this.producers.firstUnstableOffset() ?? this.end;
    return unstable < this.start ? (this.batches[this.indexAt(this.start)]?.baseOffset ?? this.start) : unstable;
  }

  get bounds(): LogBounds {
    return { logStart: this.start, highWatermark: this.end, lastStable: this.lastStable };
  }

  /** Bytes held. */
  get size(): number {
    return this.bytesEver - (this.batches[0]?.position ?? this.bytesEver);
  }

  /** Where reading ends at an isolation level (exclusive). */
  endFor(isolation: Isolation): bigint {
    return isolation === "read_committed" ? this.lastStable : this.end;
  }

  /**
   * Appends a batch and returns its first offset.
   * @param timestamp what the producer's state keeps, in milliseconds.
   */
  append(batch: PlaceableBatch, leaderEpoch: number): bigint {
    const baseOffset = this.push(batch, leaderEpoch);
    if (batch.producerId >= 0n) {
      this.producers.appended(producerBatch(batch), baseOffset, batch.maxTimestamp);
    }
    this.changed();
    return baseOffset;
  }

  /** Appends the marker that ends a producer's transaction here. */
  appendMarker(batch: PlaceableBatch, leaderEpoch: number, commit: boolean, coordinatorEpoch: number): bigint {
    const { producerId, producerEpoch, maxTimestamp } = batch;
    const offset = this.push(batch, leaderEpoch);
    const began = this.producers.marked(producerId, producerEpoch, coordinatorEpoch, maxTimestamp);
    if (began !== undefined && !commit) this.aborted.push({ producerId, firstOffset: began, lastOffset: offset });
    this.changed();
    return offset;
  }

  /**
   * The bytes from the batch that holds `offset` on, up to `end`. Like Kafka it cuts at `maxBytes`, inside a batch if
   * need be, but never gives only a piece of the first one: then it gives nothing, or with `atLeastOne` all of it.
   */
  read(offset: bigint, end: bigint, maxBytes: number, atLeastOne: boolean): Uint8Array {
    const from = this.indexAt(offset);
    const first = this.batches[from];
    if (first === undefined || first.baseOffset >= end) return new Uint8Array();
    let room = atLeastOne ? Math.max(maxBytes, first.bytes.length) : maxBytes;
    if (room < first.bytes.length) return new Uint8Array();
    const pieces: Uint8Array[] = [];
    for (let index = from; room > 0; index++) {
      const batch = this.batches[index];
      if (batch === undefined || batch.baseOffset >= end) break;
      pieces.push(batch.bytes.length <= room ? batch.bytes : batch.bytes.subarray(0, room));
      room -= batch.bytes.length;
    }
    return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
  }

  /** Bytes between the batch that holds `offset` and `end`. */
  bytesBetween(offset: bigint, end: bigint): number {
    const from = this.batches[this.indexAt(offset)];
    if (from === undefined || from.baseOffset >= end) return 0;
    return (this.batches[this.indexAt(end)]?.position ?? this.bytesEver) - from.position;
  }

  /** Transactions aborted at or after `offset`, in the order of their markers. */
  abortedFrom(offset: bigint): AbortedTransaction[] {
    return this.aborted.filter(({ lastOffset }) => lastOffset >= offset);
  }

  /**
   * The first batch with the largest timestamp. Deleting records does not take it away, as in Kafka, where it is known
   * of the file that they were in.
   */
  get newest(): StoredBatch | undefined {
    return this.newestBatch;
  }

  /** The batches from the log start on, oldest first. */
  stored(): readonly StoredBatch[] {
    return this.batches;
  }

  /** Moves the log start up to `offset` and forgets the batches that lie below it entirely. */
  deleteBefore(offset: bigint): void {
    if (offset <= this.start) return;
    this.start = offset;
    this.batches.splice(0, this.indexAt(offset));
    this.aborted = this.aborted.filter(({ lastOffset }) => lastOffset >= offset);
    this.changed();
  }

  /** Puts the result of a compaction in the place of the batches: same offsets, fewer records. */
  replaceStored(batches: readonly Omit<StoredBatch, "position">[]): void {
    let position = this.bytesEver;
    this.batches = batches.map((batch) => {
      const placed = { ...batch, position };
      position += batch.bytes.length;
      return placed;
    });
    this.bytesEver = position;
    this.newestBatch = undefined;
    for (const batch of this.batches) {
      if (this.newestBatch === undefined || batch.maxTimestamp > this.newestBatch.maxTimestamp)
        this.newestBatch = batch;
    }
    this.changed();
  }

  /**
   * Calls `listener` after each change: records, log start, end of a transaction, leader, deletion.
   * @returns what ends it.
   */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Tells those who wait that something about the partition changed. */
  changed(): void {
    for (const listener of this.listeners) listener();
  }

  private push(batch: PlaceableBatch, leaderEpoch: number): bigint {
    const baseOffset = this.end;
    const bytes = batch.place(baseOffset, leaderEpoch);
    const { maxTimestamp, producerId, transactional, control } = batch;
    const lastOffset = baseOffset + BigInt(batch.recordCount - 1);
    const position = this.bytesEver;
    const stored: StoredBatch = {
      baseOffset,
      lastOffset,
      bytes,
      position,
      maxTimestamp,
      leaderEpoch,
      producerId,
      transactional,
      control,
    };
    this.batches.push(stored);
    if (this.newestBatch === undefined || maxTimestamp > this.newestBatch.maxTimestamp) this.newestBatch = stored;
    this.bytesEver += bytes.length;
    this.end = lastOffset + 1n;
    return baseOffset;
  }

  /** Index of the first batch that ends at or after `offset`; the number of batches when there is none. */
  private indexAt(offset: bigint): number {
    let low = 0;
    let high = this.batches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.batches[middle]?.lastOffset ?? offset) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A batch as the state of its producer sees it. */
export function producerBatch(batch: PlaceableBatch): ProducerBatch {
  const { producerId, producerEpoch, baseSequence: firstSequence, recordCount, transactional } = batch;
  return { producerId, producerEpoch, firstSequence, recordCount, transactional };
}
