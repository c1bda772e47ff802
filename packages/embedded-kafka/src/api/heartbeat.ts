import { ErrorCode } from "../wire/index.ts";
import type { Api } from "./api.ts";
import { groupCoordinatorError } from "./coordinator-check.ts";

/**
 * Heartbeat (key 12), versions 0 to 4: a member's sign of life. REBALANCE_IN_PROGRESS tells it to join again,
 * ILLEGAL_GENERATION that the group went on without it, UNKNOWN_MEMBER_ID that it was thrown out.
 */
export const heartbeat: Api<"Heartbeat"> = {
  name: "Heartbeat",
  versions: [0, 4],
  handle({ groupId, memberId, groupInstanceId, generationId }, context) {
    const elsewhere = groupId === "" ? ErrorCode.NONE : groupCoordinatorError(groupId, context);
    if (elsewhere !== ErrorCode.NONE) return { errorCode: elsewhere };
    const instanceId = groupInstanceId ?? undefined;
    return { errorCode: context.cluster.groups.heartbeat({ groupId, memberId, instanceId, generation: generationId }) };
  },
};
