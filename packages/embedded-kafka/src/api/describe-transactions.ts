import { ErrorCode, type ResponseInput } from "../wire/index.ts";
import type { Api, RequestContext } from "./api.ts";
import { transactionCoordinatorError } from "./coordinator-check.ts";

type Answer = NonNullable<ResponseInput<"DescribeTransactions">["transactionStates"]>[number];

/**
 * DescribeTransactions (key 65), version 0: state, producer and partitions of transactional ids (KIP-664). An unknown one
 * gives TRANSACTIONAL_ID_NOT_FOUND.
 */
export const describeTransactions: Api<"DescribeTransactions"> = {
  name: "DescribeTransactions",
  versions: [0, 0],
  handle(request, context) {
    return { transactionStates: request.transactionalIds.map((transactionalId) => describe(transactionalId, context)) };
  },
};

function describe(transactionalId: string, context: RequestContext): Answer {
  if (transactionalId === "") return { transactionalId, errorCode: ErrorCode.INVALID_REQUEST };
  const elsewhere = transactionCoordinatorError(transactionalId, context);
  if (elsewhere !== ErrorCode.NONE) return { transactionalId, errorCode: elsewhere };
  const transaction = context.cluster.transactions.transactions.get(transactionalId);
  if (transaction === undefined) return { transactionalId, errorCode: ErrorCode.TRANSACTIONAL_ID_NOT_FOUND };
  const { state, timeoutMs, startedAt, producerId, producerEpoch } = transaction;
  const topics = Map.groupBy(transaction.partitions.values(), ({ topic }) => topic);
  return {
    errorCode: ErrorCode.NONE,
    transactionalId,
    transactionState: state,
    transactionTimeoutMs: timeoutMs,
    transactionStartTimeMs: BigInt(Math.trunc(startedAt)),
    producerId,
    producerEpoch,
    topics: Array.from(topics, ([topic, partitions]) => ({
      topic,
      partitions: partitions.map(({ partition }) => partition),
    })),
  };
}
