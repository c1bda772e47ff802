import { ErrorCode } from "../wire/index.ts";
import type { Api } from "./api.ts";
import { ledPartition } from "./leadership.ts";

/** DescribeProducers (key 61), version 0: the producers that a partition knows, and where their transactions began. */
export const describeProducers: Api<"DescribeProducers"> = {
  name: "DescribeProducers",
  versions: [0, 0],
  handle(request, context) {
    return {
      topics: request.topics.map(({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.map((partitionIndex) => {
          const partition = ledPartition(context, name, partitionIndex, -1, true);
          if (typeof partition === "number") {
            // Kafka explains it only when it does not know the topic at all.
            const known = context.cluster.topics.get(name) !== undefined;
            const errorMessage = known ? null : "This server does not host this topic-partition.";
            return { partitionIndex, errorCode: partition, errorMessage, activeProducers: [] };
          }
          const activeProducers = Array.from(partition.log.producers.values(), (producer) => ({
            producerId: producer.producerId,
            producerEpoch: producer.epoch,
            lastSequence: producer.batches.at(-1)?.lastSequence ?? -1,
            lastTimestamp: producer.lastTimestamp,
            coordinatorEpoch: producer.coordinatorEpoch,
            currentTxnStartOffset: producer.transactionStart ?? -1n,
          }));
          return { partitionIndex, errorCode: ErrorCode.NONE, errorMessage: null, activeProducers };
        }),
      })),
    };
  },
};
