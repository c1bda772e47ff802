import type { Clock } from "@ondash/core";
import { ErrorCode } from "../wire/index.ts";
import type { Group } from "./group.ts";
import { type JoinResult, type Member, metadataOf, type SyncResult } from "./member.ts";

/** How long the steps of a rebalance may take. */
export interface RebalanceSettings {
  readonly clock: Clock;
  /** `group.initial.rebalance.delay.ms`: how long the first rebalance of an empty group waits for more members. */
  readonly initialDelayMs: number;
}

/**
 * A member that joined with its very first request cannot send heartbeats while that request waits: this long it is
 * taken to be alive (Kafka's `group.new.member.join.timeout`, 5 minutes, not configurable).
 */
const NEW_MEMBER_JOIN_TIMEOUT_MS = 300_000;

/**
 * Drives one group through its rebalances: who is waited for and for how long, and when the waiting JoinGroup and
 * SyncGroup requests are answered. Rules: Kafka's `GroupMetadataManager` for classic groups.
 */
export class Rebalance {
  private readonly group: Group;
  private readonly settings: RebalanceSettings;
  private cancelJoinTimer: (() => void) | undefined;
  private cancelSyncTimer: (() => void) | undefined;
  private readonly pendingSessions = new Map<string, () => void>();

  constructor(group: Group, settings: RebalanceSettings) {
    this.group = group;
    this.settings = settings;
  }

  /** Adds a member whose JoinGroup is waiting, and rebalances. */
  addMember(member: Member): void {
    const { group } = this;
    if (group.is("PreparingRebalance") && group.previousState === "Empty") group.newMemberAdded = true;
    this.cancelPendingSession(member.id);
    group.add(member);
    this.expectHeartbeat(member, NEW_MEMBER_JOIN_TIMEOUT_MS);
    this.prepareOrComplete();
  }

  /** Begins a rebalance where the state allows one; in one that is under way, looks whether it is complete. */
  prepareOrComplete(): void {
    if (this.group.is("Stable", "CompletingRebalance", "Empty")) this.prepare();
    else this.completeIfAllJoined();
  }

  /** Begins a rebalance: waiting syncs are told to rejoin, then everybody is waited for. */
  prepare(): void {
    const { group, settings } = this;
    if (group.is("CompletingRebalance")) this.assignNothing(ErrorCode.REBALANCE_IN_PROGRESS);
    this.stopSyncTimer();
    const initial = group.is("Empty");
    group.transitionTo("PreparingRebalance");
    if (initial) {
      group.newMemberAdded = false;
      const remaining = Math.max(group.rebalanceTimeoutMs - settings.initialDelayMs, 0);
      this.delayInitially(settings.initialDelayMs, remaining);
    } else if (group.allMembersJoined) {
      this.completeJoin();
    } else {
      this.startJoinTimer(group.rebalanceTimeoutMs, () => this.completeJoin());
    }
  }

  /** Ends the join phase when everybody is there; the initial delay of an empty group is always waited for. */
  completeIfAllJoined(): void {
    const { group } = this;
    if (group.is("PreparingRebalance") && group.previousState !== "Empty" && group.allMembersJoined)
      this.completeJoin();
  }

  /** A member's SyncGroup arrived: it is no longer waited for. */
  synced(memberId: string): void {
    this.group.pendingSyncs.delete(memberId);
    if (this.group.pendingSyncs.size === 0) this.stopSyncTimer();
  }

  /** The leader's assignments are there: the group is Stable and everybody who waits gets theirs. */
  assign(assignments: ReadonlyMap<string, Uint8Array>): void {
    for (const member of this.group.members.values()) {
      member.assignment = assignments.get(member.id) ?? new Uint8Array();
    }
    this.group.transitionTo("Stable");
    this.answerSyncs(ErrorCode.NONE);
  }

  /** A member left or was expired: its waiting requests are answered and the others rebalance. */
  removeMember(member: Member): void {
    this.detach(member);
    if (this.group.is("Stable", "CompletingRebalance")) this.prepare();
    else this.completeIfAllJoined();
  }

  /** Takes a member out, without rebalancing yet. */
  detach(member: Member): void {
    member.cancelSession?.();
    this.answerJoin(member, joinError(ErrorCode.UNKNOWN_MEMBER_ID, ""));
    this.answerSync(member, ErrorCode.UNKNOWN_MEMBER_ID);
    this.group.remove(member.id);
  }

  /** The member lives: its session begins anew. After `ms` without another sign of life it is expired. */
  expectHeartbeat(member: Member, ms: number = member.sessionTimeoutMs): void {
    member.cancelSession?.();
    member.cancelSession = this.settings.clock.schedule(ms, () => {
      member.cancelSession = undefined;
      // Members that wait for the group are alive by definition: they cannot send anything else meanwhile.
      const waits = !member.isNew && (member.join !== undefined || member.sync !== undefined);
      if (!waits && this.group.members.get(member.id) === member) this.removeMember(member);
    });
  }

  /** An id was handed out with MEMBER_ID_REQUIRED: it must come back within the session timeout. */
  expectPending(memberId: string, sessionTimeoutMs: number): void {
    this.group.pendingJoins.add(memberId);
    const cancel = this.settings.clock.schedule(sessionTimeoutMs, () => this.dropPending(memberId));
    this.pendingSessions.set(memberId, cancel);
  }

  /** Forgets an id that was handed out. */
  dropPending(memberId: string): void {
    this.cancelPendingSession(memberId);
    this.group.remove(memberId);
    this.completeIfAllJoined();
  }

  answerJoin(member: Member, result: JoinResult): void {
    const { join } = member;
    member.join = undefined;
    join?.(result);
  }

  /** Answers the waiting SyncGroup, if any, and lets the member's session begin anew. */
  answerSync(member: Member, errorCode: number): void {
    const { sync } = member;
    if (sync === undefined) return;
    member.sync = undefined;
    sync(this.syncResult(errorCode, member.assignment));
  }

  syncResult(errorCode: number, assignment: Uint8Array): SyncResult {
    const failed = errorCode !== ErrorCode.NONE;
    return {
      errorCode,
      protocolType: failed ? null : (this.group.protocolType ?? null),
      protocolName: failed ? null : (this.group.protocolName ?? null),
      assignment: failed ? new Uint8Array() : assignment,
    };
  }

  /** What JoinGroup answers about the current generation. */
  joinResult(member: Member, extra: Partial<JoinResult> = {}): JoinResult {
    const { group } = this;
    return {
      errorCode: ErrorCode.NONE,
      generationId: group.generation,
      protocolType: group.protocolType ?? null,
      protocolName: group.protocolName ?? null,
      leader: group.leaderId ?? "",
      skipAssignment: false,
      memberId: member.id,
      members: group.leaderId === member.id ? this.currentMembers() : [],
      ...extra,
    };
  }

  currentMembers(): JoinResult["members"] {
    return [...this.group.members.values()].map((member) => ({
      memberId: member.id,
      groupInstanceId: member.instanceId ?? null,
      metadata: metadataOf(member, this.group.protocolName),
    }));
  }

  /** Ends all timers and answers whatever waits; the group is not used afterwards. */
  close(errorCode: number): void {
    this.cancelJoinTimer?.();
    this.stopSyncTimer();
    for (const cancel of this.pendingSessions.values()) cancel();
    this.pendingSessions.clear();
    for (const member of this.group.members.values()) {
      member.cancelSession?.();
      this.answerJoin(member, joinError(errorCode, member.id));
      this.answerSync(member, errorCode);
    }
  }

  private completeJoin(): void {
    const { group } = this;
    this.cancelJoinTimer?.();
    this.cancelJoinTimer = undefined;
    for (const member of group.members.values()) {
      // Static members keep their place until their session ends.
      if (member.join === undefined && member.instanceId === undefined) {
        member.cancelSession?.();
        group.remove(member.id);
      }
    }
    if (group.members.size > 0 && !group.electJoinedLeader()) {
      this.startJoinTimer(group.rebalanceTimeoutMs, () => this.completeJoin());
      return;
    }
    group.nextGeneration();
    if (group.is("Empty")) return;
    for (const member of group.members.values()) group.pendingSyncs.add(member.id);
    this.startSyncTimer(group.rebalanceTimeoutMs, group.generation);
    for (const member of group.members.values()) {
      member.isNew = false;
      this.expectHeartbeat(member);
      this.answerJoin(member, this.joinResult(member));
    }
  }

  /** With a delay of 0 the first rebalance is over at once. */
  private delayInitially(delayMs: number, remainingMs: number): void {
    const { group, settings } = this;
    const complete = (): void => {
      if (group.newMemberAdded && remainingMs !== 0) {
        group.newMemberAdded = false;
        this.delayInitially(Math.min(settings.initialDelayMs, remainingMs), Math.max(remainingMs - delayMs, 0));
      } else {
        this.completeJoin();
      }
    };
    if (delayMs === 0) complete();
    else this.startJoinTimer(delayMs, complete);
  }

  private assignNothing(errorCode: number): void {
    for (const member of this.group.members.values()) member.assignment = new Uint8Array();
    this.answerSyncs(errorCode);
  }

  private answerSyncs(errorCode: number): void {
    for (const member of this.group.members.values()) {
      if (member.sync === undefined) continue;
      this.answerSync(member, errorCode);
      this.expectHeartbeat(member);
    }
  }

  private startJoinTimer(ms: number, then: () => void): void {
    this.cancelJoinTimer?.();
    this.cancelJoinTimer = this.settings.clock.schedule(ms, then);
  }

  /** Members that got their generation but never ask for their assignment are thrown out after the rebalance timeout. */
  private startSyncTimer(ms: number, generation: number): void {
    this.stopSyncTimer();
    this.cancelSyncTimer = this.settings.clock.schedule(ms, () => {
      this.cancelSyncTimer = undefined;
      const { group } = this;
      if (group.generation !== generation || !group.is("CompletingRebalance", "Stable")) return;
      if (group.pendingSyncs.size === 0) return;
      for (const memberId of group.pendingSyncs) {
        const member = group.members.get(memberId);
        if (member !== undefined) this.detach(member);
      }
      this.prepare();
    });
  }

  private stopSyncTimer(): void {
    this.cancelSyncTimer?.();
    this.cancelSyncTimer = undefined;
  }

  private cancelPendingSession(memberId: string): void {
    this.pendingSessions.get(memberId)?.();
    this.pendingSessions.delete(memberId);
  }
}

/** A refused JoinGroup. */
export function joinError(errorCode: number, memberId: string): JoinResult {
  return {
    errorCode,
    generationId: -1,
    protocolType: null,
    protocolName: null,
    leader: "",
    skipAssignment: false,
    memberId,
    members: [],
  };
}
