import type { GroupEntry } from "../groups/coordinator.ts";
import type { OffsetEntry } from "../groups/group-offsets.ts";
import { ErrorCode, type RequestOf } from "../wire/index.ts";
import type { RequestContext } from "./api.ts";
import { byTopic } from "./by-topic.ts";

/** `offset.metadata.max.bytes`, counted in characters as Kafka does. */
const MAX_OFFSET_METADATA = 4_096;

type Topics = (RequestOf<"OffsetCommit"> | RequestOf<"TxnOffsetCommit">)["topics"][number];
interface CommittedTopic {
  readonly name: string;
  readonly partitions: { readonly partitionIndex: number; readonly errorCode: number }[];
}

/**
 * What OffsetCommit and TxnOffsetCommit have in common: each partition is answered for itself, one that does not exist
 * with UNKNOWN_TOPIC_OR_PARTITION.
 * @param start the group to commit to, or why there is none. Asked when the first partition that exists needs it: a
 * commit to unknown topics alone makes no group.
 * @param write keeps one offset.
 */
export function commitOffsets(
  topics: readonly Pick<Topics, "name" | "partitions">[],
  context: RequestContext,
  start: () => GroupEntry | number,
  write: (group: GroupEntry, entry: OffsetEntry) => void,
): CommittedTopic[] {
  let group: GroupEntry | number | undefined;
  const commit = (topic: string, wanted: Topics["partitions"][number]): number => {
    const { partitionIndex: partition, committedOffset: offset, committedLeaderEpoch: leaderEpoch } = wanted;
    if (context.cluster.topics.partition(topic, partition) === undefined) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    group ??= start();
    if (typeof group === "number") return group;
    const metadata = wanted.committedMetadata ?? "";
    if (metadata.length > MAX_OFFSET_METADATA) return ErrorCode.OFFSET_METADATA_TOO_LARGE;
    write(group, { topic, partition, committed: { offset, leaderEpoch, metadata } });
    return ErrorCode.NONE;
  };
  return byTopic(topics).map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((wanted) => ({
      partitionIndex: wanted.partitionIndex,
      errorCode: commit(name, wanted),
    })),
  }));
}
