import type { GroupEntry } from "../groups/coordinator.ts";
import { ErrorCode, type RequestOf } from "../wire/index.ts";
import type { Api, RequestContext } from "./api.ts";
import { commitOffsets } from "./commit-offsets.ts";
import { groupCoordinatorError } from "./coordinator-check.ts";

/**
 * TxnOffsetCommit (key 28), versions 0 to 3: commits that become visible with the producer's transaction. The group must
 * have been added to it (AddOffsetsToTxn), else INVALID_TXN_STATE. From version 3 on the consumer's member id and
 * generation are checked, so that a consumer that lost its partitions cannot commit (KIP-447).
 */
export const txnOffsetCommit: Api<"TxnOffsetCommit"> = {
  name: "TxnOffsetCommit",
  versions: [0, 3],
  handle(request, context) {
    const topics = commitOffsets(
      request.topics,
      context,
      () => start(request, context),
      ({ offsets }, entry) => offsets.commitPending(request.producerId, entry),
    );
    return { topics };
  },
};

function start(request: RequestOf<"TxnOffsetCommit">, context: RequestContext): GroupEntry | number {
  const { groupId, memberId, generationId, transactionalId, producerId, producerEpoch } = request;
  if (groupId === "") return ErrorCode.INVALID_GROUP_ID;
  const elsewhere = groupCoordinatorError(groupId, context);
  if (elsewhere !== ErrorCode.NONE) return elsewhere;
  const { groups, transactions } = context.cluster;
  // Without an id Kafka has nothing to check against, and takes it.
  const error =
    transactionalId === ""
      ? ErrorCode.NONE
      : transactions.verify({ transactionalId, producerId, producerEpoch }, (transaction) =>
          transaction.groups.has(groupId),
        );
  if (error !== ErrorCode.NONE) return error === ErrorCode.PRODUCER_FENCED ? ErrorCode.INVALID_PRODUCER_EPOCH : error;
  return groups.startCommit(
    { groupId, memberId, instanceId: request.groupInstanceId ?? undefined, generation: generationId },
    { transactional: true, missingGroup: ErrorCode.ILLEGAL_GENERATION },
  );
}
