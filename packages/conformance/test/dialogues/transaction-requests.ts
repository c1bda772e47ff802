import { errorName, type RequestInput } from "@ondash/embedded-kafka/wire";
import { batch } from "./batches.ts";
import { findCoordinator, LEADER_NOT_AVAILABLE } from "./dialogue.ts";
import type { Talk } from "./talk.ts";

export interface Producer {
  readonly transactionalId: string;
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/** A transactional producer, as an old client makes it. */
export async function newProducer(talk: Talk, label = "transaction"): Promise<Producer> {
  const transactionalId = talk.name(label);
  await findCoordinator(talk, transactionalId, 1);
  const { producerId, producerEpoch } = await talk.quietly(
    "InitProducerId",
    1,
    { transactionalId, transactionTimeoutMs: 60_000 },
    ({ errorCode }) => errorCode,
  );
  return { transactionalId, producerId, producerEpoch };
}

export function addOf(
  producer: Producer,
  name: string,
  partitions: readonly number[] = [0],
): RequestInput<"AddPartitionsToTxn"> {
  return {
    v3AndBelowTransactionalId: producer.transactionalId,
    v3AndBelowProducerId: producer.producerId,
    v3AndBelowProducerEpoch: producer.producerEpoch,
    v3AndBelowTopics: [{ name, partitions }],
  };
}

/** Adds partition 0 of the topic, once the transaction before has ended. */
export async function add(talk: Talk, producer: Producer, name: string): Promise<void> {
  const { resultsByTopicV3AndBelow: results } = await talk.quietly(
    "AddPartitionsToTxn",
    1,
    addOf(producer, name),
    (answer) => answer.resultsByTopicV3AndBelow[0]?.resultsByPartition[0]?.partitionErrorCode,
  );
  const code = results[0]?.resultsByPartition[0]?.partitionErrorCode ?? -1;
  if (code !== 0) throw new Error(`AddPartitionsToTxn: ${errorName(code)}`);
}

export function produceOf(
  producer: Producer,
  name: string,
  baseSequence: number,
  value = "t",
  transactional = true,
): RequestInput<"Produce"> {
  const { transactionalId, producerId, producerEpoch } = producer;
  const records = batch([value], { producerId, producerEpoch, baseSequence, transactional });
  return {
    transactionalId: transactional ? transactionalId : null,
    acks: -1,
    timeoutMs: 10_000,
    topicData: [{ name, partitionData: [{ index: 0, records }] }],
  };
}

export function fetchOf(topic: string, isolationLevel: 0 | 1, fetchOffset = 0n): RequestInput<"Fetch"> {
  return {
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 1 << 20,
    isolationLevel,
    sessionEpoch: -1,
    topics: [{ topic, partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 1 << 20 }] }],
  };
}

/** Waits until the markers of a transaction are written: EndTxn is answered before. */
export async function complete(talk: Talk, { transactionalId }: Producer): Promise<void> {
  await talk.quietly("DescribeTransactions", 0, { transactionalIds: [transactionalId] }, ({ transactionStates }) =>
    transactionStates[0]?.transactionState.startsWith("Complete") === true ? 0 : LEADER_NOT_AVAILABLE,
  );
}

/** Ends the transaction and waits for its markers. */
export async function end(talk: Talk, producer: Producer, committed: boolean): Promise<void> {
  await talk.quietly("EndTxn", 1, { ...producer, committed });
  await complete(talk, producer);
}
