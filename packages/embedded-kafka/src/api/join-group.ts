import { joinError } from "../groups/rebalance.ts";
import { ErrorCode } from "../wire/index.ts";
import type { Api, Outcome } from "./api.ts";
import { groupCoordinatorError } from "./coordinator-check.ts";

/**
 * JoinGroup (key 11), versions 0 to 9.
 *
 * - Answered when the rebalance that it causes is complete: until then the connection serves nothing else.
 * - From version 4 on a dynamic member without an id gets one with MEMBER_ID_REQUIRED, and comes again with it.
 * - Version 0 has no rebalance timeout: the session timeout is taken. Version 5 brings static members, 7 a nullable
 *   protocol name, 9 `skipAssignment`.
 */
export const joinGroup: Api<"JoinGroup"> = {
  name: "JoinGroup",
  versions: [0, 9],
  handle(request, context) {
    const { cluster, apiVersion, clientId, clientHost } = context;
    return new Promise<Outcome<"JoinGroup">>((resolve) => {
      const reply = (result: ReturnType<typeof joinError>): void => {
        const nullable = apiVersion >= 7;
        resolve({
          ...result,
          protocolName: result.protocolName ?? (nullable ? null : ""),
          members: [...result.members],
        });
      };
      const elsewhere = request.groupId === "" ? ErrorCode.NONE : groupCoordinatorError(request.groupId, context);
      if (elsewhere !== ErrorCode.NONE) {
        reply(joinError(elsewhere, request.memberId));
        return;
      }
      cluster.groups.join(
        {
          groupId: request.groupId,
          memberId: request.memberId,
          instanceId: request.groupInstanceId ?? undefined,
          clientId,
          clientHost,
          protocolType: request.protocolType,
          protocols: request.protocols,
          sessionTimeoutMs: request.sessionTimeoutMs,
          rebalanceTimeoutMs: apiVersion === 0 ? request.sessionTimeoutMs : request.rebalanceTimeoutMs,
          requireKnownMemberId: apiVersion >= 4,
          supportsSkippingAssignment: apiVersion >= 9,
        },
        reply,
      );
    });
  },
};
