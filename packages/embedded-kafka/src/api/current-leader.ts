import { ErrorCode } from "../wire/index.ts";
import type { RequestContext } from "./api.ts";

/** Where a client that came to the wrong node finds the leader (KIP-951). */
export interface LeaderHint {
  readonly leaderId: number;
  readonly leaderEpoch: number;
}

/** The leader of a partition, for an error that says that this node is not it. */
export function leaderHint(
  errorCode: number,
  topic: string,
  index: number,
  { cluster }: RequestContext,
): LeaderHint | undefined {
  if (errorCode !== ErrorCode.NOT_LEADER_OR_FOLLOWER && errorCode !== ErrorCode.FENCED_LEADER_EPOCH) return undefined;
  const partition = cluster.topics.partition(topic, index);
  return partition === undefined ? undefined : { leaderId: partition.leader, leaderEpoch: partition.leaderEpoch };
}

/** The addresses of the leaders that were named, each once. */
export function leaderEndpoints(
  hints: readonly (LeaderHint | undefined)[],
  { cluster }: RequestContext,
): { nodeId: number; host: string; port: number; rack: null }[] {
  const ids = new Set(hints.map((hint) => hint?.leaderId));
  return cluster.nodes
    .filter(({ id }) => ids.has(id))
    .map(({ id, host, port }) => ({ nodeId: id, host, port, rack: null }));
}
