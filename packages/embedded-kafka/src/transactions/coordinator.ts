import type { Clock, Random } from "@ondash/core";
import { ErrorCode } from "../wire/index.ts";
import { isEpochExhausted, partitionKey, type Transaction, type TransactionPartition } from "./transaction.ts";

/** What a decided transaction leaves behind. */
export interface Markers {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly commit: boolean;
  readonly partitions: readonly TransactionPartition[];
  readonly groups: readonly string[];
}

/** What the coordinator needs of its surroundings. */
export interface TransactionSettings {
  readonly clock: Clock;
  readonly random: Random;
  /** `transaction.max.timeout.ms` */
  readonly maxTimeoutMs: number;
  /** Longest time between the answer to EndTxn and the markers; 0: at once. */
  readonly markerDelayMs: number;
  /** A producer id that nobody had. */
  readonly newProducerId: (transactionalId: string) => bigint;
  /** Writes the markers of a decided transaction. */
  readonly writeMarkers: (markers: Markers) => void;
}

/** A producer that says who it is. */
export interface TransactionalProducer {
  readonly transactionalId: string;
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/** What InitProducerId gives: an identity, or an error. */
export interface ProducerIdentity {
  readonly errorCode: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/**
 * All transactional ids of the cluster, with the rules of Kafka's `TransactionCoordinator` for clients of the first
 * transaction protocol (KIP-98, KIP-360, KIP-447). Errors are those of the newest request versions: a fenced producer
 * is PRODUCER_FENCED.
 */
export class TransactionCoordinator {
  readonly transactions: Map<string, Transaction> = new Map<string, Transaction>();
  private readonly settings: TransactionSettings;

  constructor(settings: TransactionSettings) {
    this.settings = settings;
  }

  /**
   * Gives a producer its id and the next epoch, which fences whoever had the id before. An open transaction is aborted
   * first: CONCURRENT_TRANSACTIONS, and the client comes again.
   * @param known the identity that the producer has, if it tells one.
   */
  initProducerId(
    transactionalId: string,
    timeoutMs: number,
    known: Omit<ProducerIdentity, "errorCode"> | undefined,
  ): ProducerIdentity {
    if (transactionalId === "") return refused(ErrorCode.INVALID_REQUEST);
    if (timeoutMs <= 0 || timeoutMs > this.settings.maxTimeoutMs) return refused(ErrorCode.INVALID_TRANSACTION_TIMEOUT);
    const transaction = this.transactions.get(transactionalId) ?? this.create(transactionalId);
    if (known !== undefined && !isPlausible(transaction, known)) return refused(ErrorCode.PRODUCER_FENCED);
    switch (transaction.state) {
      case "PrepareAbort":
      case "PrepareCommit":
        return refused(ErrorCode.CONCURRENT_TRANSACTIONS);
      case "Ongoing":
        this.fenceAndAbort(transaction);
        return refused(ErrorCode.CONCURRENT_TRANSACTIONS);
      default:
        return this.nextEpoch(transaction, timeoutMs, known?.producerEpoch);
    }
  }

  /** Adds partitions to the producer's transaction, opening one if none is. */
  addPartitions(producer: TransactionalProducer, partitions: readonly TransactionPartition[]): number {
    return this.join(producer, (transaction) => {
      for (const partition of partitions) transaction.partitions.set(partitionKey(partition), partition);
    });
  }

  /** Adds the commits of a group to the producer's transaction, opening one if none is. */
  addGroup(producer: TransactionalProducer, groupId: string): number {
    return this.join(producer, (transaction) => transaction.groups.add(groupId));
  }

  /** Commits or aborts. It is answered before the markers are written. */
  end(producer: TransactionalProducer, commit: boolean): number {
    const transaction = this.identify(producer);
    if (typeof transaction === "number") return transaction;
    const repeated = (result: boolean, code: number): number =>
      commit === result ? code : ErrorCode.INVALID_TXN_STATE;
    switch (transaction.state) {
      case "Ongoing":
        this.decide(transaction, commit);
        return ErrorCode.NONE;
      case "CompleteCommit":
        return repeated(true, ErrorCode.NONE);
      case "CompleteAbort":
        return repeated(false, ErrorCode.NONE);
      case "PrepareCommit":
        return repeated(true, ErrorCode.CONCURRENT_TRANSACTIONS);
      case "PrepareAbort":
        return repeated(false, ErrorCode.CONCURRENT_TRANSACTIONS);
      default:
        return ErrorCode.INVALID_TXN_STATE;
    }
  }

  /**
   * Whether the producer may write to a partition, or commit for a group, in its transaction now (KIP-890's check of
   * clients that add partitions themselves): NONE or the error.
   */
  verify(producer: TransactionalProducer, takesPart: (transaction: Transaction) => boolean): number {
    const transaction = this.identify(producer);
    if (typeof transaction === "number") return transaction;
    if (transaction.state === "PrepareCommit" || transaction.state === "PrepareAbort") {
      return ErrorCode.CONCURRENT_TRANSACTIONS;
    }
    return transaction.state === "Ongoing" && takesPart(transaction) ? ErrorCode.NONE : ErrorCode.INVALID_TXN_STATE;
  }

  /** Ends all timers. */
  close(): void {
    for (const transaction of this.transactions.values()) transaction.cancelTimer?.();
    this.transactions.clear();
  }

  private create(transactionalId: string): Transaction {
    const transaction: Transaction = {
      transactionalId,
      producerId: this.settings.newProducerId(transactionalId),
      producerEpoch: -1,
      previousProducerId: -1n,
      lastEpoch: -1,
      timeoutMs: 0,
      state: "Empty",
      partitions: new Map(),
      groups: new Set(),
      startedAt: -1,
      updatedAt: this.settings.clock.now(),
      cancelTimer: undefined,
    };
    this.transactions.set(transactionalId, transaction);
    return transaction;
  }

  private nextEpoch(transaction: Transaction, timeoutMs: number, knownEpoch: number | undefined): ProducerIdentity {
    const { producerEpoch, lastEpoch } = transaction;
    const isCurrent = knownEpoch === undefined || producerEpoch === -1 || knownEpoch === producerEpoch;
    if (!isCurrent && knownEpoch !== lastEpoch) return refused(ErrorCode.PRODUCER_FENCED);
    // A producer that tells its last epoch has not seen the answer that gave it the current one: it gets that again.
    if (isCurrent && isEpochExhausted(producerEpoch)) {
      transaction.previousProducerId = transaction.producerId;
      transaction.producerId = this.settings.newProducerId(transaction.transactionalId);
      transaction.lastEpoch = knownEpoch === undefined ? -1 : producerEpoch;
      transaction.producerEpoch = 0;
    } else if (isCurrent) {
      transaction.lastEpoch = knownEpoch === undefined ? -1 : producerEpoch;
      transaction.producerEpoch = producerEpoch + 1;
    }
    transaction.timeoutMs = timeoutMs;
    this.become(transaction, "Empty");
    return { errorCode: ErrorCode.NONE, producerId: transaction.producerId, producerEpoch: transaction.producerEpoch };
  }

  private join(producer: TransactionalProducer, add: (transaction: Transaction) => void): number {
    const transaction = this.identify(producer);
    if (typeof transaction === "number") return transaction;
    if (transaction.state === "PrepareCommit" || transaction.state === "PrepareAbort") {
      return ErrorCode.CONCURRENT_TRANSACTIONS;
    }
    add(transaction);
    if (transaction.state !== "Ongoing") {
      transaction.startedAt = this.settings.clock.now();
      transaction.cancelTimer = this.settings.clock.schedule(transaction.timeoutMs, () =>
        this.fenceAndAbort(transaction),
      );
      this.become(transaction, "Ongoing");
    }
    return ErrorCode.NONE;
  }

  /** The transaction of a producer that is who it should be, or the error. */
  private identify({ transactionalId, producerId, producerEpoch }: TransactionalProducer): Transaction | number {
    if (transactionalId === "") return ErrorCode.INVALID_REQUEST;
    const transaction = this.transactions.get(transactionalId);
    if (transaction === undefined || transaction.producerId !== producerId)
      return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
    return transaction.producerEpoch === producerEpoch ? transaction : ErrorCode.PRODUCER_FENCED;
  }

  /** Takes the epoch away from the producer and aborts: its time is over, or another instance starts. */
  private fenceAndAbort(transaction: Transaction): void {
    transaction.producerEpoch += 1;
    transaction.lastEpoch = -1;
    this.decide(transaction, false);
  }

  private decide(transaction: Transaction, commit: boolean): void {
    const { clock, random, markerDelayMs } = this.settings;
    transaction.cancelTimer?.();
    transaction.cancelTimer = undefined;
    this.become(transaction, commit ? "PrepareCommit" : "PrepareAbort");
    const complete = (): void => this.complete(transaction, commit);
    if (markerDelayMs === 0) complete();
    else transaction.cancelTimer = clock.schedule(random.int(0, markerDelayMs), complete);
  }

  private complete(transaction: Transaction, commit: boolean): void {
    const { producerId, producerEpoch } = transaction;
    const partitions = [...transaction.partitions.values()];
    const groups = [...transaction.groups];
    transaction.cancelTimer = undefined;
    transaction.partitions.clear();
    transaction.groups.clear();
    transaction.startedAt = -1;
    this.become(transaction, commit ? "CompleteCommit" : "CompleteAbort");
    this.settings.writeMarkers({ producerId, producerEpoch, commit, partitions, groups });
  }

  private become(transaction: Transaction, state: Transaction["state"]): void {
    transaction.state = state;
    transaction.updatedAt = this.settings.clock.now();
  }
}

/** Whether the identity that a producer tells can be one of this transactional id. */
function isPlausible(transaction: Transaction, known: Omit<ProducerIdentity, "errorCode">): boolean {
  return (
    transaction.producerEpoch === -1 ||
    known.producerId === transaction.producerId ||
    (known.producerId === transaction.previousProducerId && isEpochExhausted(known.producerEpoch))
  );
}

function refused(errorCode: number): ProducerIdentity {
  return { errorCode, producerId: -1n, producerEpoch: -1 };
}
