import type { GroupOffsets } from "../groups/group-offsets.ts";
import { ErrorCode, type RequestOf, type ResponseInput } from "../wire/index.ts";
import type { Api, RequestContext } from "./api.ts";
import { groupCoordinatorError } from "./coordinator-check.ts";

type GroupAnswer = NonNullable<ResponseInput<"OffsetFetch">["groups"]>[number];
type TopicAnswer = NonNullable<GroupAnswer["topics"]>[number];
type PartitionAnswer = NonNullable<TopicAnswer["partitions"]>[number];
type AskedTopics = RequestOf<"OffsetFetch">["topics"];

/**
 * OffsetFetch (key 9), versions 1 to 9.
 *
 * - Without a commit, or without the group or topic: offset −1, empty metadata, no error.
 * - From version 2 on null topics mean all that were committed; from 8 on several groups at once.
 * - From version 7 on `requireStable` gives UNSTABLE_OFFSET_COMMIT for what an open transaction is about to change.
 */
export const offsetFetch: Api<"OffsetFetch"> = {
  name: "OffsetFetch",
  versions: [1, 9],
  handle(request, context) {
    const stable = context.apiVersion >= 7 && request.requireStable;
    if (context.apiVersion >= 8) {
      return {
        groups: request.groups.map(({ groupId, topics }) => ({ groupId, ...answer(groupId, topics, stable, context) })),
      };
    }
    return answer(request.groupId, request.topics, stable, context);
  },
};

function answer(
  groupId: string,
  asked: AskedTopics,
  stable: boolean,
  context: RequestContext,
): Omit<GroupAnswer, "groupId"> {
  const elsewhere = groupCoordinatorError(groupId, context);
  if (elsewhere !== ErrorCode.NONE) {
    const topics = context.apiVersion >= 2 ? [] : (asked ?? []).map((topic) => refused(topic, elsewhere));
    return { errorCode: elsewhere, topics };
  }
  const offsets = context.cluster.groups.groups.get(groupId)?.offsets;
  const all = (): AskedTopics =>
    Array.from(offsets?.topics() ?? [], ([name, partitions]) => ({ name, partitionIndexes: [...partitions.keys()] }));
  const topics = (asked ?? all() ?? []).map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((index) => answerPartition(offsets, name, index, stable)),
  }));
  return { errorCode: ErrorCode.NONE, topics };
}

function answerPartition(
  offsets: GroupOffsets | undefined,
  topic: string,
  index: number,
  stable: boolean,
): PartitionAnswer {
  if (stable && offsets?.isPending(topic, index) === true) return none(index, ErrorCode.UNSTABLE_OFFSET_COMMIT);
  const committed = offsets?.get(topic, index);
  if (committed === undefined) return none(index, ErrorCode.NONE);
  return {
    partitionIndex: index,
    committedOffset: committed.offset,
    committedLeaderEpoch: committed.leaderEpoch,
    metadata: committed.metadata,
    errorCode: ErrorCode.NONE,
  };
}

function refused({ name, partitionIndexes }: NonNullable<AskedTopics>[number], errorCode: number): TopicAnswer {
  return { name, partitions: partitionIndexes.map((index) => none(index, errorCode)) };
}

function none(partitionIndex: number, errorCode: number): PartitionAnswer {
  return { partitionIndex, committedOffset: -1n, committedLeaderEpoch: -1, metadata: "", errorCode };
}
