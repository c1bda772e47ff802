import { metadataOf } from "../groups/member.ts";
import { ErrorCode, type ResponseInput } from "../wire/index.ts";
import type { Api, RequestContext } from "./api.ts";
import { GROUP_OPERATIONS, NO_OPERATIONS } from "./authorized-operations.ts";
import { groupCoordinatorError } from "./coordinator-check.ts";

type Answer = NonNullable<ResponseInput<"DescribeGroups">["groups"]>[number];

/**
 * DescribeGroups (key 15), versions 0 to 6. A group that does not exist is Dead without an error; from version 6 on
 * with GROUP_ID_NOT_FOUND. Subscriptions are shown while the group is Stable; in a rebalance the assignments are those of
 * the generation before.
 */
export const describeGroups: Api<"DescribeGroups"> = {
  name: "DescribeGroups",
  versions: [0, 6],
  handle(request, context) {
    return {
      groups: request.groups.map((groupId) => ({
        ...describe(groupId, context),
        authorizedOperations: request.includeAuthorizedOperations ? GROUP_OPERATIONS : NO_OPERATIONS,
      })),
    };
  },
};

function describe(groupId: string, context: RequestContext): Answer {
  const nobody = { groupId, protocolType: "", protocolData: "", members: [] };
  const elsewhere = groupCoordinatorError(groupId, context);
  if (elsewhere !== ErrorCode.NONE) return { ...nobody, errorCode: elsewhere, groupState: "" };
  const group = context.cluster.groups.groups.get(groupId)?.group;
  if (group === undefined) {
    const missing = { ...nobody, groupState: "Dead" };
    if (context.apiVersion < 6) return { ...missing, errorCode: ErrorCode.NONE };
    return { ...missing, errorCode: ErrorCode.GROUP_ID_NOT_FOUND, errorMessage: `Group ${groupId} not found.` };
  }
  const stable = group.is("Stable");
  return {
    errorCode: ErrorCode.NONE,
    groupId,
    groupState: group.state,
    protocolType: group.protocolType ?? "",
    protocolData: stable ? (group.protocolName ?? "") : "",
    members: Array.from(group.members.values(), (member) => ({
      memberId: member.id,
      groupInstanceId: member.instanceId ?? null,
      clientId: member.clientId,
      clientHost: member.clientHost,
      memberMetadata: stable ? metadataOf(member, group.protocolName) : new Uint8Array(),
      memberAssignment: member.assignment,
    })),
  };
}
