import type { Clock, Random } from "@ondash/core";
import { randomUuid } from "../random-uuid.ts";
import { ErrorCode } from "../wire/index.ts";
import { commitError } from "./commit-check.ts";
import { Group, type GroupState } from "./group.ts";
import { GroupOffsets } from "./group-offsets.ts";
import { type JoinRequest, joinKnownMember, joinNewMember, memberError } from "./join.ts";
import type { JoinResult, SyncResult } from "./member.ts";
import { joinError, Rebalance } from "./rebalance.ts";

/** The broker settings of groups, under Kafka's names in camel case. */
export interface GroupSettings {
  readonly clock: Clock;
  /** Where the random part of member ids comes from. */
  readonly random: Random;
  /** `group.initial.rebalance.delay.ms` */
  readonly initialRebalanceDelayMs: number;
  /** `group.min.session.timeout.ms` (Kafka: 6000) */
  readonly minSessionTimeoutMs: number;
  /** `group.max.session.timeout.ms` (Kafka: 1800000) */
  readonly maxSessionTimeoutMs: number;
  /** `group.max.size` (Kafka: 2³¹−1) */
  readonly maxSize: number;
}

/** A group with what drives it and what it committed. */
export interface GroupEntry {
  readonly group: Group;
  readonly rebalance: Rebalance;
  readonly offsets: GroupOffsets;
}

/** A member that sends SyncGroup, Heartbeat or OffsetCommit. */
export interface MemberRequest {
  readonly groupId: string;
  readonly memberId: string;
  readonly instanceId: string | undefined;
  readonly generation: number;
}

/** One member to take out. By `instanceId` with an empty `memberId`: an administrator removes a static member. */
export interface LeavingMember {
  readonly memberId: string;
  readonly instanceId: string | undefined;
}

/**
 * All consumer groups of the cluster, with the rules of Kafka's classic group protocol. Which node answers for which
 * group is not decided here.
 */
export class GroupCoordinator {
  readonly groups: Map<string, GroupEntry> = new Map<string, GroupEntry>();
  private readonly settings: GroupSettings;

  constructor(settings: GroupSettings) {
    this.settings = settings;
  }

  /** Joins, and answers when the rebalance that follows is complete. */
  join(request: JoinRequest, reply: (result: JoinResult) => void): void {
    const refuse = (errorCode: number, memberId = request.memberId): void => reply(joinError(errorCode, memberId));
    const { settings } = this;
    if (request.groupId === "") return refuse(ErrorCode.INVALID_GROUP_ID);
    const { sessionTimeoutMs } = request;
    if (sessionTimeoutMs < settings.minSessionTimeoutMs || sessionTimeoutMs > settings.maxSessionTimeoutMs) {
      return refuse(ErrorCode.INVALID_SESSION_TIMEOUT);
    }
    const isNew = request.memberId === "";
    const entry = isNew ? this.getOrCreate(request.groupId) : this.groups.get(request.groupId);
    if (entry === undefined) return refuse(ErrorCode.UNKNOWN_MEMBER_ID);
    if (!this.hasRoom(entry.group, request.memberId)) {
      entry.group.remove(request.memberId);
      return refuse(ErrorCode.GROUP_MAX_SIZE_REACHED, "");
    }
    if (!entry.group.supports(request.protocolType, request.protocols)) {
      return refuse(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    }
    if (isNew) joinNewMember(entry, request, this.newMemberId(request), reply);
    else joinKnownMember(entry, request, reply);
  }

  /** Hands the leader's assignments over, or asks for one's own; answers when the leader's are there. */
  sync(
    request: MemberRequest & {
      readonly protocolType: string | undefined;
      readonly protocolName: string | undefined;
      readonly assignments: ReadonlyMap<string, Uint8Array>;
    },
    reply: (result: SyncResult) => void,
  ): void {
    const refuse = (errorCode: number): void =>
      reply({ errorCode, protocolType: null, protocolName: null, assignment: new Uint8Array() });
    if (request.groupId === "") return refuse(ErrorCode.INVALID_GROUP_ID);
    const entry = this.groups.get(request.groupId);
    const member = entry?.group.members.get(request.memberId);
    if (entry === undefined) return refuse(ErrorCode.UNKNOWN_MEMBER_ID);
    const { group, rebalance } = entry;
    const error = memberError(entry, request.memberId, request.instanceId);
    if (error !== ErrorCode.NONE) return refuse(error);
    if (member === undefined || group.is("Empty")) return refuse(ErrorCode.UNKNOWN_MEMBER_ID);
    if (request.generation !== group.generation) return refuse(ErrorCode.ILLEGAL_GENERATION);
    const { protocolType = group.protocolType, protocolName = group.protocolName } = request;
    if (
      protocolType !== group.protocolType ||
      (protocolName !== group.protocolName && group.protocolName !== undefined)
    ) {
      return refuse(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    }
    if (group.is("PreparingRebalance")) return refuse(ErrorCode.REBALANCE_IN_PROGRESS);
    rebalance.synced(member.id);
    if (group.is("Stable")) {
      rebalance.expectHeartbeat(member);
      return reply(rebalance.syncResult(ErrorCode.NONE, member.assignment));
    }
    member.sync = reply;
    if (group.leaderId === member.id) rebalance.assign(request.assignments);
  }

  /** A sign of life; the answer says whether to rejoin. */
  heartbeat(request: MemberRequest): number {
    if (request.groupId === "") return ErrorCode.INVALID_GROUP_ID;
    const entry = this.groups.get(request.groupId);
    if (entry === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
    const { group, rebalance } = entry;
    const error = memberError(entry, request.memberId, request.instanceId);
    if (error !== ErrorCode.NONE) return error;
    const member = group.members.get(request.memberId);
    if (member === undefined || group.is("Empty")) return ErrorCode.UNKNOWN_MEMBER_ID;
    if (request.generation !== group.generation) return ErrorCode.ILLEGAL_GENERATION;
    rebalance.expectHeartbeat(member);
    return group.is("PreparingRebalance") ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
  }

  /**
   * Takes members out and rebalances once.
   * @returns an error for the whole, or one code per member in their order.
   */
  leave(groupId: string, leaving: readonly LeavingMember[]): number | number[] {
    if (groupId === "") return ErrorCode.INVALID_GROUP_ID;
    const entry = this.groups.get(groupId);
    if (entry === undefined) return leaving.map(() => ErrorCode.UNKNOWN_MEMBER_ID);
    const codes = leaving.map(({ memberId, instanceId }) => this.leaveOne(entry, memberId, instanceId));
    if (codes.includes(ErrorCode.NONE)) {
      if (entry.group.is("Stable", "CompletingRebalance")) entry.rebalance.prepare();
      else entry.rebalance.completeIfAllJoined();
    }
    return codes;
  }

  /**
   * Lets a member, or a client outside of any group membership, commit: the entry to commit to, or the error. A commit
   * of generation −1 to a group that does not exist makes it. A member that commits is alive.
   * @param options.missingGroup the error when a member names a group that does not exist.
   */
  startCommit(request: MemberRequest, options: { transactional: boolean; missingGroup: number }): GroupEntry | number {
    const { transactional, missingGroup } = options;
    const known = this.groups.get(request.groupId);
    if (known === undefined) return request.generation < 0 ? this.getOrCreate(request.groupId) : missingGroup;
    const error = commitError(known, request, transactional);
    if (error !== ErrorCode.NONE) return error;
    const member = known.group.members.get(request.memberId);
    if (member !== undefined && !transactional) known.rebalance.expectHeartbeat(member);
    return known;
  }

  /** The entry of a group that is made if it is missing: for a first join or a first commit. */
  getOrCreate(groupId: string): GroupEntry {
    const known = this.groups.get(groupId);
    if (known !== undefined) return known;
    const group = new Group(groupId);
    const { clock, initialRebalanceDelayMs } = this.settings;
    const rebalance = new Rebalance(group, { clock, initialDelayMs: initialRebalanceDelayMs });
    const entry: GroupEntry = { group, rebalance, offsets: new GroupOffsets() };
    this.groups.set(groupId, entry);
    return entry;
  }

  /** The state under which a group is described: `Dead` when there is none. */
  stateOf(groupId: string): GroupState {
    return this.groups.get(groupId)?.group.state ?? "Dead";
  }

  /** Deletes an empty group with its commits. */
  delete(groupId: string): number {
    const entry = this.groups.get(groupId);
    if (entry === undefined) return ErrorCode.GROUP_ID_NOT_FOUND;
    if (!entry.group.is("Empty")) return ErrorCode.NON_EMPTY_GROUP;
    entry.rebalance.close(ErrorCode.UNKNOWN_MEMBER_ID);
    this.groups.delete(groupId);
    return ErrorCode.NONE;
  }

  /** A topic was deleted: its commits go. */
  forgetTopic(topic: string): void {
    for (const { offsets } of this.groups.values()) offsets.forgetTopic(topic);
  }

  /** Ends every timer; requests that wait are answered with COORDINATOR_NOT_AVAILABLE. */
  close(): void {
    for (const { rebalance } of this.groups.values()) rebalance.close(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    this.groups.clear();
  }

  private leaveOne(entry: GroupEntry, memberId: string, instanceId: string | undefined): number {
    const { group, rebalance } = entry;
    if (memberId !== "" && group.pendingJoins.has(memberId)) {
      if (instanceId !== undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
      rebalance.dropPending(memberId);
      return ErrorCode.NONE;
    }
    const id = memberId === "" && instanceId !== undefined ? (group.staticMembers.get(instanceId) ?? "") : memberId;
    const error = memberError(entry, id, instanceId);
    const member = group.members.get(id);
    if (error !== ErrorCode.NONE || member === undefined) return error;
    rebalance.detach(member);
    return ErrorCode.NONE;
  }

  /** Members that wait or are known are always let in; others only while the group is below `group.max.size`. */
  private hasRoom(group: Group, memberId: string): boolean {
    const { maxSize } = this.settings;
    if (group.is("Empty")) return true;
    if (group.is("PreparingRebalance")) {
      const waiting = [...group.members.values()].filter(({ join }) => join !== undefined).length;
      const known = group.members.get(memberId);
      return known?.join !== undefined || waiting < maxSize;
    }
    return group.members.has(memberId) || group.members.size < maxSize;
  }

  private newMemberId({ instanceId, clientId }: JoinRequest): string {
    return `${instanceId ?? clientId}-${randomUuid(this.settings.random)}`;
  }
}
