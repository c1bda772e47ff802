import { subscribedTopics } from "../groups/subscription.ts";
import { ErrorCode } from "../wire/index.ts";
import type { Api } from "./api.ts";
import { groupCoordinatorError } from "./coordinator-check.ts";

/**
 * OffsetDelete (key 47), version 0: forgets commits of a group. A group that does not exist: GROUP_ID_NOT_FOUND. While
 * members are subscribed to a topic its commits stay: GROUP_SUBSCRIBED_TO_TOPIC; a group that is not of consumers and
 * has members: NON_EMPTY_GROUP.
 */
export const offsetDelete: Api<"OffsetDelete"> = {
  name: "OffsetDelete",
  versions: [0, 0],
  handle({ groupId, topics }, context) {
    const { cluster } = context;
    if (groupId === "") return { errorCode: ErrorCode.INVALID_GROUP_ID };
    const elsewhere = groupCoordinatorError(groupId, context);
    if (elsewhere !== ErrorCode.NONE) return { errorCode: elsewhere };
    const entry = cluster.groups.groups.get(groupId);
    if (entry === undefined) return { errorCode: ErrorCode.GROUP_ID_NOT_FOUND };
    const { group, offsets } = entry;
    if (!group.is("Empty") && group.protocolType !== "consumer") return { errorCode: ErrorCode.NON_EMPTY_GROUP };
    const subscribed = subscribedTopics(group);
    return {
      errorCode: ErrorCode.NONE,
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => {
          if (cluster.topics.partition(name, partitionIndex) === undefined) {
            return { partitionIndex, errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION };
          }
          if (subscribed.has(name)) return { partitionIndex, errorCode: ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC };
          offsets.forget(name, partitionIndex);
          return { partitionIndex, errorCode: ErrorCode.NONE };
        }),
      })),
    };
  },
};
