import { ErrorCode } from "../wire/index.ts";

/** How many batches of a producer a partition remembers in order to recognise what is sent again (Kafka: 5). */
const REMEMBERED_BATCHES = 5;

const MAX_SEQUENCE = 2_147_483_647;

/** A batch that was appended. */
export interface SequencedBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly firstOffset: bigint;
  readonly lastOffset: bigint;
  readonly timestamp: bigint;
}

/** What a partition knows of a producer (Kafka's `ProducerStateEntry`). */
export interface ProducerEntry {
  readonly producerId: bigint;
  epoch: number;
  /** The last batches of this epoch, oldest first. Empty after a marker, or after a bump of the epoch by a marker. */
  batches: SequencedBatch[];
  /** Of the last append, in milliseconds. */
  lastTimestamp: bigint;
  coordinatorEpoch: number;
  /** Where its open transaction begins in this partition. */
  transactionStart: bigint | undefined;
}

/** The part of a batch that matters here. */
export interface ProducerBatch {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly recordCount: number;
  readonly transactional: boolean;
}

/** The verdict over a batch before it is appended. */
export type SequenceCheck =
  | { readonly kind: "append" }
  | { readonly kind: "duplicate"; readonly original: SequencedBatch }
  | { readonly kind: "refuse"; readonly errorCode: number };

const OUT_OF_ORDER: SequenceCheck = { kind: "refuse", errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER };

/** `sequence + by`, where 0 comes after 2³¹−1. */
export function nextSequence(sequence: number, by: number): number {
  return sequence > MAX_SEQUENCE - by ? by - (MAX_SEQUENCE - sequence) - 1 : sequence + by;
}

/** The producers of one partition: who may append what next (KIP-98). Pure: no clock, no I/O. */
export class ProducerStates {
  private readonly producers = new Map<bigint, ProducerEntry>();
  private readonly attempts = new Map<bigint, { epoch: number; lowestSequence: number }>();

  get(producerId: bigint): ProducerEntry | undefined {
    return this.producers.get(producerId);
  }

  values(): IterableIterator<ProducerEntry> {
    return this.producers.values();
  }

  /**
   * A batch came that may belong to a transaction, and had to be verified. Until one of the producer's is appended, none
   * may come with a later sequence: the one that was refused will come again (Kafka's `VerificationStateEntry`).
   */
  attempted(producerId: bigint, epoch: number, sequence: number): void {
    const known = this.attempts.get(producerId);
    if (known === undefined || epoch > known.epoch || (epoch === known.epoch && sequence < known.lowestSequence)) {
      this.attempts.set(producerId, { epoch, lowestSequence: sequence });
    }
  }

  /**
   * Judges a batch of an idempotent producer. A producer that is unknown here may begin at any sequence: its earlier
   * batches may have been deleted.
   */
  check(batch: ProducerBatch): SequenceCheck {
    const entry = this.producers.get(batch.producerId);
    if (entry === undefined) return this.isBehindAttempt(batch) ? OUT_OF_ORDER : { kind: "append" };
    const lastSequence = nextSequence(batch.firstSequence, batch.recordCount - 1);
    if (batch.producerEpoch === entry.epoch) {
      const original = entry.batches.find(
        (seen) => seen.firstSequence === batch.firstSequence && seen.lastSequence === lastSequence,
      );
      if (original !== undefined) return { kind: "duplicate", original };
    }
    if (batch.producerEpoch < entry.epoch) return { kind: "refuse", errorCode: ErrorCode.INVALID_PRODUCER_EPOCH };
    if (this.isBehindAttempt(batch) || batch.firstSequence !== this.expected(entry, batch.producerEpoch)) {
      return OUT_OF_ORDER;
    }
    if (entry.transactionStart !== undefined && !batch.transactional) {
      return { kind: "refuse", errorCode: ErrorCode.INVALID_TXN_STATE };
    }
    return { kind: "append" };
  }

  /** Remembers a batch that was appended at `firstOffset`. */
  appended(batch: ProducerBatch, firstOffset: bigint, timestamp: bigint): void {
    this.attempts.delete(batch.producerId);
    const entry = this.entryOf(batch.producerId, batch.producerEpoch);
    if (entry.epoch !== batch.producerEpoch) {
      entry.epoch = batch.producerEpoch;
      entry.batches = [];
    }
    entry.batches.push({
      firstSequence: batch.firstSequence,
      lastSequence: nextSequence(batch.firstSequence, batch.recordCount - 1),
      firstOffset,
      lastOffset: firstOffset + BigInt(batch.recordCount - 1),
      timestamp,
    });
    if (entry.batches.length > REMEMBERED_BATCHES) entry.batches.shift();
    entry.lastTimestamp = timestamp;
    if (batch.transactional) entry.transactionStart ??= firstOffset;
  }

  /**
   * Remembers a transaction marker.
   * @returns where the transaction began in this partition, undefined when it had written nothing here.
   */
  marked(producerId: bigint, epoch: number, coordinatorEpoch: number, timestamp: bigint): bigint | undefined {
    this.attempts.delete(producerId);
    const entry = this.entryOf(producerId, epoch);
    if (entry.epoch !== epoch) {
      entry.epoch = epoch;
      entry.batches = [];
    }
    const start = entry.transactionStart;
    entry.transactionStart = undefined;
    entry.coordinatorEpoch = coordinatorEpoch;
    entry.lastTimestamp = timestamp;
    return start;
  }

  /** Where the oldest open transaction begins. */
  firstUnstableOffset(): bigint | undefined {
    let first: bigint | undefined;
    for (const { transactionStart } of this.producers.values()) {
      if (transactionStart !== undefined && (first === undefined || transactionStart < first)) first = transactionStart;
    }
    return first;
  }

  private isBehindAttempt({ producerId, firstSequence }: ProducerBatch): boolean {
    const attempt = this.attempts.get(producerId);
    return attempt !== undefined && firstSequence > attempt.lowestSequence;
  }

  private expected(entry: ProducerEntry, epoch: number): number {
    const last = epoch === entry.epoch ? entry.batches.at(-1) : undefined;
    return last === undefined ? 0 : nextSequence(last.lastSequence, 1);
  }

  private entryOf(producerId: bigint, epoch: number): ProducerEntry {
    let entry = this.producers.get(producerId);
    if (entry === undefined) {
      entry = { producerId, epoch, batches: [], lastTimestamp: -1n, coordinatorEpoch: -1, transactionStart: undefined };
      this.producers.set(producerId, entry);
    }
    return entry;
  }
}
