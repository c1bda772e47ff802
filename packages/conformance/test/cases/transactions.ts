import type { RawConnection } from "@ondash/embedded-kafka/wire";
import { expect } from "vitest";
import {
  ask,
  batchOf,
  type Case,
  type Context,
  errorName,
  fetchFrom,
  findCoordinator,
  makeTopic,
  newProducer,
  produce,
} from "../context.ts";
import { valuesOf } from "../read-records.ts";

/** An open transaction with one partition in it. */
export interface Transaction {
  readonly producerId: bigint;
  send(value: string): Promise<string>;
  /** Ends it and waits until its marker is in the log. */
  end(commit: boolean): Promise<void>;
}

export async function newTransaction(context: Context, connection: RawConnection, topic: string): Promise<Transaction> {
  const transactionalId = context.name();
  await findCoordinator(connection, transactionalId, 1);
  const producer = await newProducer(connection, transactionalId);
  const added = await ask(
    connection,
    "AddPartitionsToTxn",
    1,
    {
      v3AndBelowTransactionalId: transactionalId,
      v3AndBelowProducerId: producer.producerId,
      v3AndBelowProducerEpoch: producer.producerEpoch,
      v3AndBelowTopics: [{ name: topic, partitions: [0] }],
    },
    ({ resultsByTopicV3AndBelow }) => resultsByTopicV3AndBelow[0]?.resultsByPartition[0]?.partitionErrorCode,
  );
  expect(errorName(added.resultsByTopicV3AndBelow[0]?.resultsByPartition[0]?.partitionErrorCode ?? -1)).toBe("NONE");
  let sequence = 0;
  return {
    producerId: producer.producerId,
    async send(value) {
      const batch = batchOf([value], { ...producer, transactional: true, baseSequence: sequence++ });
      return (await produce(connection, topic, batch, { transactionalId })).error;
    },
    async end(committed) {
      const ends = async (): Promise<number> => (await fetchFrom(connection, topic, 0)).highWatermark;
      const before = await ends();
      const { errorCode } = await connection.request("EndTxn", 1, { transactionalId, ...producer, committed });
      expect(errorName(errorCode)).toBe("NONE");
      // EndTxn is answered before the marker is written: its offset is the fact to wait for.
      const parked = await fetchFrom(connection, topic, before, { maxWaitMs: 10_000 });
      expect(parked.records.length).toBeGreaterThan(0);
    },
  };
}

export const transactionCases: readonly Case[] = [
  {
    title: "a committed transaction is visible under read_committed, with its marker behind it",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection);
      const transaction = await newTransaction(context, connection, topic);
      expect(await transaction.send("a")).toBe("NONE");
      expect(await transaction.send("b")).toBe("NONE");
      await transaction.end(true);
      const { records, aborted, lastStableOffset } = await fetchFrom(connection, topic, 0, { isolationLevel: 1 });
      expect([valuesOf(records), aborted, lastStableOffset]).toEqual([["0:a", "1:b", "2:control"], [], 3]);
    },
  },
  {
    title: "EndTxn without a transaction is INVALID_TXN_STATE",
    async run(context) {
      const connection = await context.connect();
      const transactionalId = context.name();
      await findCoordinator(connection, transactionalId, 1);
      const producer = await newProducer(connection, transactionalId);
      const { errorCode } = await connection.request("EndTxn", 1, { transactionalId, ...producer, committed: true });
      expect(errorName(errorCode)).toBe("INVALID_TXN_STATE");
    },
  },
  {
    title: "a second InitProducerId fences the first: its epoch is refused",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection);
      const transactionalId = context.name();
      await findCoordinator(connection, transactionalId, 1);
      const old = await newProducer(connection, transactionalId);
      const fresh = await newProducer(connection, transactionalId);
      expect([fresh.producerId === old.producerId, fresh.producerEpoch]).toEqual([true, old.producerEpoch + 1]);
      const { resultsByTopicV3AndBelow: results } = await connection.request("AddPartitionsToTxn", 1, {
        v3AndBelowTransactionalId: transactionalId,
        v3AndBelowProducerId: old.producerId,
        v3AndBelowProducerEpoch: old.producerEpoch,
        v3AndBelowTopics: [{ name: topic, partitions: [0] }],
      });
      expect(errorName(results[0]?.resultsByPartition[0]?.partitionErrorCode ?? 0)).toBe("INVALID_PRODUCER_EPOCH");
    },
  },
  {
    title: "a transaction timeout above the broker's maximum is INVALID_TRANSACTION_TIMEOUT",
    async run(context) {
      const connection = await context.connect();
      const transactionalId = context.name();
      await findCoordinator(connection, transactionalId, 1);
      const response = await ask(
        connection,
        "InitProducerId",
        1,
        { transactionalId, transactionTimeoutMs: 2_000_000_000 },
        ({ errorCode }) => errorCode,
      );
      expect(errorName(response.errorCode)).toBe("INVALID_TRANSACTION_TIMEOUT");
    },
  },
];
