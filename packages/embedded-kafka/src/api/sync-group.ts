import { ErrorCode } from "../wire/index.ts";
import type { Api, Outcome } from "./api.ts";
import { groupCoordinatorError } from "./coordinator-check.ts";

/**
 * SyncGroup (key 14), versions 0 to 5: the leader brings the assignments, everybody gets theirs once they are there.
 * A rebalance in between answers those who wait with REBALANCE_IN_PROGRESS. From version 5 on protocol type and name
 * must be given, are checked (INCONSISTENT_GROUP_PROTOCOL) and told.
 */
export const syncGroup: Api<"SyncGroup"> = {
  name: "SyncGroup",
  versions: [0, 5],
  handle(request, context) {
    const elsewhere = request.groupId === "" ? ErrorCode.NONE : groupCoordinatorError(request.groupId, context);
    if (elsewhere !== ErrorCode.NONE) return { errorCode: elsewhere, assignment: new Uint8Array() };
    if (context.apiVersion >= 5 && (request.protocolType === null || request.protocolName === null)) {
      return { errorCode: ErrorCode.INCONSISTENT_GROUP_PROTOCOL, assignment: new Uint8Array() };
    }
    return new Promise<Outcome<"SyncGroup">>((resolve) => {
      context.cluster.groups.sync(
        {
          groupId: request.groupId,
          memberId: request.memberId,
          instanceId: request.groupInstanceId ?? undefined,
          generation: request.generationId,
          protocolType: request.protocolType ?? undefined,
          protocolName: request.protocolName ?? undefined,
          assignments: new Map(request.assignments.map(({ memberId, assignment }) => [memberId, assignment])),
        },
        resolve,
      );
    });
  },
};
