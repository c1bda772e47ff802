import { ErrorCode } from "../wire/index.ts";
import type { Api } from "./api.ts";
import { transactionCoordinatorError } from "./coordinator-check.ts";
import { fencedError } from "./fenced-error.ts";

/**
 * AddPartitionsToTxn (key 24), versions 0 to 3: the partitions that the producer's transaction is going to write to; the
 * first ones open it. Partitions that do not exist give UNKNOWN_TOPIC_OR_PARTITION, and then all others
 * OPERATION_NOT_ATTEMPTED: nothing is added. A fenced producer: PRODUCER_FENCED, before version 2
 * INVALID_PRODUCER_EPOCH.
 */
export const addPartitionsToTxn: Api<"AddPartitionsToTxn"> = {
  name: "AddPartitionsToTxn",
  versions: [0, 3],
  handle(request, context) {
    const { cluster, apiVersion } = context;
    const transactionalId = request.v3AndBelowTransactionalId;
    const wanted = request.v3AndBelowTopics;
    const exists = (topic: string, partition: number): boolean =>
      cluster.topics.partition(topic, partition) !== undefined;
    const all = wanted.flatMap(({ name, partitions }) => partitions.map((partition) => ({ topic: name, partition })));
    const complete = all.every(({ topic, partition }) => exists(topic, partition));
    const errorCode = complete ? add() : ErrorCode.OPERATION_NOT_ATTEMPTED;
    return {
      resultsByTopicV3AndBelow: wanted.map(({ name, partitions }) => ({
        name,
        resultsByPartition: partitions.map((partition) => ({
          partitionIndex: partition,
          partitionErrorCode: exists(name, partition) ? errorCode : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
        })),
      })),
    };

    function add(): number {
      const elsewhere = transactionCoordinatorError(transactionalId, context);
      if (elsewhere !== ErrorCode.NONE) return elsewhere;
      const producerId = request.v3AndBelowProducerId;
      const producerEpoch = request.v3AndBelowProducerEpoch;
      const error = cluster.transactions.addPartitions({ transactionalId, producerId, producerEpoch }, all);
      return fencedError(error, apiVersion, 2);
    }
  },
};
