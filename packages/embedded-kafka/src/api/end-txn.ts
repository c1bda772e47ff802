import { ErrorCode } from "../wire/index.ts";
import type { Api } from "./api.ts";
import { transactionCoordinatorError } from "./coordinator-check.ts";
import { fencedError } from "./fenced-error.ts";

/**
 * EndTxn (key 26), versions 0 to 3: commits or aborts. It is answered before the markers are written, so that the
 * producer's next request may get CONCURRENT_TRANSACTIONS. Nothing open, or the other result before:
 * INVALID_TXN_STATE; the same again: no error. A fenced producer: PRODUCER_FENCED, before version 2
 * INVALID_PRODUCER_EPOCH.
 */
export const endTxn: Api<"EndTxn"> = {
  name: "EndTxn",
  versions: [0, 3],
  handle({ transactionalId, producerId, producerEpoch, committed }, context) {
    const elsewhere = transactionCoordinatorError(transactionalId, context);
    if (elsewhere !== ErrorCode.NONE) return { errorCode: elsewhere };
    const error = context.cluster.transactions.end({ transactionalId, producerId, producerEpoch }, committed);
    return { errorCode: fencedError(error, context.apiVersion, 2) };
  },
};
