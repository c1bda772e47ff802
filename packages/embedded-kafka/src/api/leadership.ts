import type { Partition } from "../topics/topic.ts";
import { ErrorCode } from "../wire/index.ts";
import type { RequestContext } from "./api.ts";

/**
 * The partition, if this node leads it in the epoch that the client believes in (−1: it does not say), else the error:
 * UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH or UNKNOWN_LEADER_EPOCH (KIP-320).
 * @param anyReplica it is enough that the node has a replica.
 */
export function ledPartition(
  { cluster, node }: Pick<RequestContext, "cluster" | "node">,
  topic: string,
  index: number,
  currentLeaderEpoch = -1,
  anyReplica = false,
): Partition | number {
  const partition = cluster.topics.partition(topic, index);
  if (partition === undefined) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
  if (!partition.replicas.includes(node.id)) return ErrorCode.NOT_LEADER_OR_FOLLOWER;
  if (currentLeaderEpoch >= 0 && currentLeaderEpoch < partition.leaderEpoch) return ErrorCode.FENCED_LEADER_EPOCH;
  if (currentLeaderEpoch > partition.leaderEpoch) return ErrorCode.UNKNOWN_LEADER_EPOCH;
  return anyReplica || partition.leader === node.id ? partition : ErrorCode.NOT_LEADER_OR_FOLLOWER;
}
