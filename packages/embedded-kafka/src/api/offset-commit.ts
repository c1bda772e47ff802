import type { GroupEntry } from "../groups/coordinator.ts";
import { ErrorCode, type RequestOf } from "../wire/index.ts";
import type { Api, RequestContext } from "./api.ts";
import { commitOffsets } from "./commit-offsets.ts";
import { groupCoordinatorError } from "./coordinator-check.ts";

/**
 * OffsetCommit (key 8), versions 2 to 9.
 *
 * - Generation −1 without a member id commits from outside of the group, which must be empty (or not exist: then it is
 *   made) else UNKNOWN_MEMBER_ID. A member must name the current generation, else ILLEGAL_GENERATION; between JoinGroup
 *   and SyncGroup it gets REBALANCE_IN_PROGRESS. From version 9 on a group that does not exist gives
 *   GROUP_ID_NOT_FOUND to a member, before ILLEGAL_GENERATION.
 * - Metadata come back as they were; longer ones than 4096 characters give OFFSET_METADATA_TOO_LARGE. A partition that
 *   does not exist gives UNKNOWN_TOPIC_OR_PARTITION, and the others are committed all the same.
 */
export const offsetCommit: Api<"OffsetCommit"> = {
  name: "OffsetCommit",
  versions: [2, 9],
  handle(request, context) {
    const topics = commitOffsets(
      request.topics,
      context,
      () => start(request, context),
      ({ offsets }, entry) => offsets.commit(entry),
    );
    return { topics };
  },
};

function start(request: RequestOf<"OffsetCommit">, context: RequestContext): GroupEntry | number {
  const { groupId, memberId, generationIdOrMemberEpoch: generation } = request;
  const elsewhere = groupCoordinatorError(groupId, context);
  if (elsewhere !== ErrorCode.NONE) return elsewhere;
  return context.cluster.groups.startCommit(
    { groupId, memberId, instanceId: request.groupInstanceId ?? undefined, generation },
    {
      transactional: false,
      missingGroup: context.apiVersion >= 9 ? ErrorCode.GROUP_ID_NOT_FOUND : ErrorCode.ILLEGAL_GENERATION,
    },
  );
}
