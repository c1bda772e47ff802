/** The states of a transactional id, under the names that DescribeTransactions uses. */
export type TransactionState =
  | "Empty"
  | "Ongoing"
  | "PrepareCommit"
  | "PrepareAbort"
  | "CompleteCommit"
  | "CompleteAbort";

/** A partition that takes part in a transaction. */
export interface TransactionPartition {
  readonly topic: string;
  readonly partition: number;
}

/** What the coordinator knows of a transactional id (Kafka's `TransactionMetadata`). */
export interface Transaction {
  readonly transactionalId: string;
  producerId: bigint;
  /** −1 before the first InitProducerId is through. */
  producerEpoch: number;
  /** The id before the epochs ran out, −1 if there was none. */
  previousProducerId: bigint;
  /** The epoch before the last bump that the producer itself asked for, −1 else: by it a retry is recognised. */
  lastEpoch: number;
  timeoutMs: number;
  state: TransactionState;
  /** By `topic-partition`. */
  partitions: Map<string, TransactionPartition>;
  /** Groups to which it commits offsets. */
  groups: Set<string>;
  /** When it began, in milliseconds since the epoch; −1 when none is open. */
  startedAt: number;
  /** Of the last change of state. */
  updatedAt: number;
  /** Ends what is scheduled for it: its timeout, or its markers. */
  cancelTimer: (() => void) | undefined;
}

/** From this epoch on the next InitProducerId takes a new producer id. */
const LAST_EPOCH = 32_766;

/** Whether no epoch is left for the producer itself (one is kept for fencing it). */
export function isEpochExhausted(epoch: number): boolean {
  return epoch >= LAST_EPOCH;
}

export function partitionKey({ topic, partition }: TransactionPartition): string {
  return `${topic}-${partition}`;
}
