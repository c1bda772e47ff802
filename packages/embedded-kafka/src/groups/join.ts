import { ErrorCode } from "../wire/index.ts";
import type { GroupEntry } from "./coordinator.ts";
import { type GroupProtocol, type JoinResult, type Member, sameProtocols } from "./member.ts";
import { joinError } from "./rebalance.ts";

/** A JoinGroup request, whatever its version. */
export interface JoinRequest {
  readonly groupId: string;
  /** Empty for a member that has no id yet. */
  readonly memberId: string;
  /** group.instance.id of a static member. */
  readonly instanceId: string | undefined;
  readonly clientId: string;
  /** As Kafka shows it: `/127.0.0.1`. */
  readonly clientHost: string;
  readonly protocolType: string;
  readonly protocols: readonly GroupProtocol[];
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  /** From version 4 on a dynamic member must come back with the id it is given (KIP-394). */
  readonly requireKnownMemberId: boolean;
  /** From version 9 on a returning static leader may be told to keep its assignment (KIP-814). */
  readonly supportsSkippingAssignment: boolean;
}

type Reply = (result: JoinResult) => void;

/** A member without an id. */
export function joinNewMember(entry: GroupEntry, request: JoinRequest, newId: string, reply: Reply): void {
  const { group, rebalance } = entry;
  const oldId = request.instanceId === undefined ? undefined : group.staticMembers.get(request.instanceId);
  const old = oldId === undefined ? undefined : group.members.get(oldId);
  if (old !== undefined) {
    replaceStaticMember(entry, old, newId, request, reply);
  } else if (request.instanceId === undefined && request.requireKnownMemberId) {
    rebalance.expectPending(newId, request.sessionTimeoutMs);
    reply(joinError(ErrorCode.MEMBER_ID_REQUIRED, newId));
  } else {
    rebalance.addMember(newMember(newId, request, reply));
  }
}

/** A member that brings an id: one that was handed out just now, or one it has been here with before. */
export function joinKnownMember(entry: GroupEntry, request: JoinRequest, reply: Reply): void {
  const { group, rebalance } = entry;
  if (request.instanceId === undefined && group.pendingJoins.has(request.memberId)) {
    rebalance.addMember(newMember(request.memberId, request, reply));
    return;
  }
  const error = memberError(entry, request.memberId, request.instanceId);
  const member = group.members.get(request.memberId);
  if (error !== ErrorCode.NONE || member === undefined) {
    reply(joinError(error === ErrorCode.NONE ? ErrorCode.UNKNOWN_MEMBER_ID : error, request.memberId));
    return;
  }
  const unchanged = sameProtocols(member.protocols, request.protocols);
  const isLeader = group.leaderId === member.id;
  if (group.is("CompletingRebalance") && unchanged) {
    // Its first answer was lost, perhaps: it gets the same one again.
    reply(rebalance.joinResult(member));
  } else if (group.is("Stable") && unchanged && !isLeader) {
    reply(rebalance.joinResult(member));
  } else if (group.is("Empty")) {
    reply(joinError(ErrorCode.UNKNOWN_MEMBER_ID, request.memberId));
  } else {
    // A leader always rebalances: it may know of new partitions, which its own metadata do not show.
    updateMember(member, request, reply);
    rebalance.prepareOrComplete();
  }
}

/** The error for a request that names a member: UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, or NONE. */
export function memberError(entry: GroupEntry, memberId: string, instanceId: string | undefined): number {
  const { group } = entry;
  if (instanceId !== undefined) {
    const holder = group.staticMembers.get(instanceId);
    if (holder === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
    if (holder !== memberId) return ErrorCode.FENCED_INSTANCE_ID;
  }
  return group.members.has(memberId) ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID;
}

function newMember(id: string, request: JoinRequest, join: Reply): Member {
  return {
    id,
    instanceId: request.instanceId,
    clientId: request.clientId,
    clientHost: request.clientHost,
    rebalanceTimeoutMs: request.rebalanceTimeoutMs,
    sessionTimeoutMs: request.sessionTimeoutMs,
    protocolType: request.protocolType,
    protocols: request.protocols,
    assignment: new Uint8Array(),
    isNew: true,
    join,
    sync: undefined,
    cancelSession: undefined,
  };
}

/** A JoinGroup that still waits under this id is replaced and never answered, as in Kafka: its sender gave up on it. */
function updateMember(member: Member, request: JoinRequest, join: Reply): void {
  member.protocols = request.protocols;
  member.rebalanceTimeoutMs = request.rebalanceTimeoutMs;
  member.sessionTimeoutMs = request.sessionTimeoutMs;
  member.join = join;
}

/** A static member restarted: it takes over the place, and the group rebalances only if it has to. */
function replaceStaticMember(entry: GroupEntry, old: Member, newId: string, request: JoinRequest, reply: Reply): void {
  const { group, rebalance } = entry;
  const previousLeader = group.leaderId;
  old.cancelSession?.();
  rebalance.answerJoin(old, joinError(ErrorCode.FENCED_INSTANCE_ID, old.id));
  rebalance.answerSync(old, ErrorCode.FENCED_INSTANCE_ID);
  const member = group.replaceStatic(old, newId);
  member.clientId = request.clientId;
  member.clientHost = request.clientHost;
  updateMember(member, request, reply);
  rebalance.expectHeartbeat(member);
  if (!group.is("Stable")) {
    // In CompletingRebalance the leader may be assigning to the old id: once more for everybody.
    rebalance.prepareOrComplete();
  } else if (group.selectProtocol() === group.protocolName) {
    const isLeader = group.leaderId === member.id;
    if (request.supportsSkippingAssignment) {
      rebalance.answerJoin(member, rebalance.joinResult(member, { skipAssignment: isLeader }));
    } else {
      // Told that the old id leads, so that it does not assign on top of the current assignment.
      rebalance.answerJoin(member, rebalance.joinResult(member, { leader: previousLeader ?? "", members: [] }));
    }
  } else {
    rebalance.prepareOrComplete();
  }
}
