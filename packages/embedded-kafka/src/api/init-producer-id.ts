import type { ProducerIdentity } from "../transactions/coordinator.ts";
import { ErrorCode } from "../wire/index.ts";
import type { Api } from "./api.ts";
import { transactionCoordinatorError } from "./coordinator-check.ts";
import { fencedError } from "./fenced-error.ts";

/**
 * InitProducerId (key 22), versions 0 to 5.
 *
 * - Without a transactional id: a producer id nobody had, epoch 0, whatever the client says it had before. With an empty
 *   one: INVALID_REQUEST.
 * - With one: its producer id and the next epoch; whoever had the id before is fenced. An open transaction is aborted
 *   first: CONCURRENT_TRANSACTIONS, and the client comes again. A timeout of 0 or above `transaction.max.timeout.ms`
 *   gives INVALID_TRANSACTION_TIMEOUT.
 * - From version 3 on the client may tell the id and epoch it has (KIP-360); one without the other is INVALID_REQUEST,
 *   an old one PRODUCER_FENCED (before version 4 INVALID_PRODUCER_EPOCH).
 */
export const initProducerId: Api<"InitProducerId"> = {
  name: "InitProducerId",
  versions: [0, 5],
  handle(request, context) {
    const { cluster, node, apiVersion } = context;
    const { transactionalId, transactionTimeoutMs, producerId, producerEpoch } = request;
    if ((producerId === -1n) !== (producerEpoch === -1)) return refused(ErrorCode.INVALID_REQUEST);
    if (transactionalId === null) {
      return { errorCode: ErrorCode.NONE, producerId: cluster.producerIds.next(node.id), producerEpoch: 0 };
    }
    if (transactionalId === "") return refused(ErrorCode.INVALID_REQUEST);
    const elsewhere = transactionCoordinatorError(transactionalId, context);
    if (elsewhere !== ErrorCode.NONE) return refused(elsewhere);
    const known = producerId === -1n ? undefined : { producerId, producerEpoch };
    const identity = cluster.transactions.initProducerId(transactionalId, transactionTimeoutMs, known);
    return { ...identity, errorCode: fencedError(identity.errorCode, apiVersion, 4) };
  },
};

function refused(errorCode: number): ProducerIdentity {
  return { errorCode, producerId: -1n, producerEpoch: -1 };
}
