import { ErrorCode } from "../wire/index.ts";
import type { Api } from "./api.ts";
import { transactionCoordinatorError } from "./coordinator-check.ts";
import { fencedError } from "./fenced-error.ts";

/**
 * AddOffsetsToTxn (key 25), versions 0 to 3: the group for which the producer's transaction is going to commit offsets.
 * A fenced producer: PRODUCER_FENCED, before version 2 INVALID_PRODUCER_EPOCH. An empty group id: INVALID_GROUP_ID.
 */
export const addOffsetsToTxn: Api<"AddOffsetsToTxn"> = {
  name: "AddOffsetsToTxn",
  versions: [0, 3],
  handle({ transactionalId, producerId, producerEpoch, groupId }, context) {
    const elsewhere = transactionCoordinatorError(transactionalId, context);
    if (elsewhere !== ErrorCode.NONE) return { errorCode: elsewhere };
    const error = context.cluster.transactions.addGroup({ transactionalId, producerId, producerEpoch }, groupId);
    return { errorCode: fencedError(error, context.apiVersion, 2) };
  },
};
