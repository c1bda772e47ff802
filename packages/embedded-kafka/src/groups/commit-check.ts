import { ErrorCode } from "../wire/index.ts";
import type { GroupEntry, MemberRequest } from "./coordinator.ts";
import { memberError } from "./join.ts";

/**
 * Whether a member, or a client outside of any membership (generation −1, no member id), may commit now. The error, or
 * NONE (Kafka's `ClassicGroup.validateOffsetCommit`).
 * @param transactional a commit within a transaction is also taken while the group rebalances.
 */
export function commitError(entry: GroupEntry, request: MemberRequest, transactional: boolean): number {
  const { group } = entry;
  const { memberId, instanceId, generation } = request;
  if (generation < 0 && group.is("Empty")) return ErrorCode.NONE;
  if (generation >= 0 || memberId !== "" || instanceId !== undefined) {
    const error = memberError(entry, memberId, instanceId);
    if (error !== ErrorCode.NONE) return error;
    if (generation !== group.generation) return ErrorCode.ILLEGAL_GENERATION;
  } else if (!transactional) {
    return ErrorCode.UNKNOWN_MEMBER_ID;
  }
  if (!transactional && group.is("CompletingRebalance")) return ErrorCode.REBALANCE_IN_PROGRESS;
  return ErrorCode.NONE;
}
