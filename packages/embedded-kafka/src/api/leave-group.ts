import { ErrorCode } from "../wire/index.ts";
import type { Api } from "./api.ts";
import { groupCoordinatorError } from "./coordinator-check.ts";

/**
 * LeaveGroup (key 13), versions 0 to 5: takes members out, and the group rebalances once. Up to version 2 one member
 * and its error at the top, from 3 on several with an error each; a static member may be named by its instance id
 * alone, as administrators do.
 */
export const leaveGroup: Api<"LeaveGroup"> = {
  name: "LeaveGroup",
  versions: [0, 5],
  handle(request, context) {
    const { groupId } = request;
    const elsewhere = groupId === "" ? ErrorCode.NONE : groupCoordinatorError(groupId, context);
    if (elsewhere !== ErrorCode.NONE) return { errorCode: elsewhere };
    const leaving =
      context.apiVersion < 3
        ? [{ memberId: request.memberId, groupInstanceId: null }]
        : request.members.map(({ memberId, groupInstanceId }) => ({ memberId, groupInstanceId }));
    const codes = context.cluster.groups.leave(
      groupId,
      leaving.map(({ memberId, groupInstanceId }) => ({ memberId, instanceId: groupInstanceId ?? undefined })),
    );
    if (typeof codes === "number") return { errorCode: codes };
    if (context.apiVersion < 3) return { errorCode: codes[0] ?? ErrorCode.NONE };
    return {
      errorCode: ErrorCode.NONE,
      members: leaving.map((member, index) => ({ ...member, errorCode: codes[index] ?? ErrorCode.NONE })),
    };
  },
};
