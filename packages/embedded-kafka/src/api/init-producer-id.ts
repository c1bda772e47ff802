import { ErrorCode } from "../wire/index.ts";
import type { Api } from "./api.ts";

/**
 * InitProducerId (key 22), versions 0 to 5.
 *
 * - Without a transactional id: a producer id nobody had, epoch 0, whatever the client says it had before.
 * - From version 3 on the client may tell the id and epoch it has; one without the other gives INVALID_REQUEST.
 */
export const initProducerId: Api<"InitProducerId"> = {
  name: "InitProducerId",
  versions: [0, 5],
  handle(request, { cluster, node }) {
    const refuse = (errorCode: number): { errorCode: number; producerId: bigint; producerEpoch: number } => ({
      errorCode,
      producerId: -1n,
      producerEpoch: -1,
    });
    if (request.producerId === -1n ? request.producerEpoch !== -1 : request.producerEpoch === -1) {
      return refuse(ErrorCode.INVALID_REQUEST);
    }
    if (request.transactionalId === null) {
      return { errorCode: ErrorCode.NONE, producerId: cluster.producerIds.next(node.id), producerEpoch: 0 };
    }
    return refuse(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
  },
};
