import type { Member } from "./member.ts";

/**
 * The states of a classic consumer group, under the names that DescribeGroups and ListGroups use.
 * `Dead` is never stored: a group that does not exist is described as dead.
 */
export type GroupState = "Empty" | "PreparingRebalance" | "CompletingRebalance" | "Stable" | "Dead";

/** From which states a group may come into a state (Kafka's `GroupState.validPreviousStates`). */
const PREVIOUS_STATES: Readonly<Record<GroupState, readonly GroupState[]>> = {
  Empty: ["PreparingRebalance"],
  PreparingRebalance: ["Stable", "CompletingRebalance", "Empty"],
  CompletingRebalance: ["PreparingRebalance"],
  Stable: ["CompletingRebalance"],
  Dead: ["Stable", "PreparingRebalance", "CompletingRebalance", "Empty"],
};

/**
 * Who is in a group, in which state and generation: the data under the coordinator, without timers and answers.
 * Rules: Kafka's `ClassicGroup`.
 */
export class Group {
  readonly id: string;
  state: GroupState = "Empty";
  previousState: GroupState = "Empty";
  generation = 0;
  /** `consumer`, `connect` …; undefined until the first member. It stays when the last member leaves. */
  protocolType: string | undefined;
  /** The protocol (assignor) of the current generation. */
  protocolName: string | undefined;
  leaderId: string | undefined;
  /** Members that joined, by id, oldest first. */
  readonly members: Map<string, Member> = new Map<string, Member>();
  /** Member id by group.instance.id. */
  readonly staticMembers: Map<string, string> = new Map<string, string>();
  /** Ids handed out with MEMBER_ID_REQUIRED that have not come back yet. */
  readonly pendingJoins: Set<string> = new Set<string>();
  /** Members of this generation whose SyncGroup has not come yet. */
  readonly pendingSyncs: Set<string> = new Set<string>();
  /** A member came during the initial rebalance delay: the delay is extended once more. */
  newMemberAdded = false;

  constructor(id: string) {
    this.id = id;
  }

  is(...states: readonly GroupState[]): boolean {
    return states.includes(this.state);
  }

  transitionTo(state: GroupState): void {
    if (!PREVIOUS_STATES[state].includes(this.state)) {
      throw new Error(`group ${this.id} cannot go from ${this.state} to ${state}`);
    }
    this.previousState = this.state;
    this.state = state;
  }

  /** The longest time that any member may take to rejoin. */
  get rebalanceTimeoutMs(): number {
    let longest = 0;
    for (const member of this.members.values()) longest = Math.max(longest, member.rebalanceTimeoutMs);
    return longest;
  }

  /** Every known member waits for its JoinGroup answer, and nobody is expected to come back with a new id. */
  get allMembersJoined(): boolean {
    if (this.pendingJoins.size > 0) return false;
    for (const member of this.members.values()) if (member.join === undefined) return false;
    return true;
  }

  /** Whether a member of this type with these protocols can take part next to those that are here. */
  supports(protocolType: string, protocols: readonly { name: string }[]): boolean {
    if (protocolType === "" || protocols.length === 0) return false;
    if (this.is("Empty") || this.members.size === 0) return true;
    if (this.protocolType !== protocolType) return false;
    const common = this.commonProtocols();
    return protocols.some(({ name }) => common.has(name));
  }

  add(member: Member): void {
    if (this.members.size === 0) this.protocolType = member.protocolType;
    this.leaderId ??= member.id;
    if (member.instanceId !== undefined) this.staticMembers.set(member.instanceId, member.id);
    this.members.set(member.id, member);
    this.pendingJoins.delete(member.id);
  }

  remove(memberId: string): void {
    const member = this.members.get(memberId);
    this.members.delete(memberId);
    this.pendingJoins.delete(memberId);
    this.pendingSyncs.delete(memberId);
    if (member?.instanceId !== undefined && this.staticMembers.get(member.instanceId) === memberId) {
      this.staticMembers.delete(member.instanceId);
    }
    if (this.leaderId === memberId) this.leaderId = this.members.keys().next().value;
  }

  /** Gives the place of a static member to its new incarnation: same metadata and assignment, new id. */
  replaceStatic(old: Member, newId: string): Member {
    const replaced: Member = { ...old, id: newId, join: undefined, sync: undefined };
    // Rebuilt, so that the place in the order stays.
    const entries = [...this.members].map(([id, member]) =>
      id === old.id ? ([newId, replaced] as const) : ([id, member] as const),
    );
    this.members.clear();
    for (const [id, member] of entries) this.members.set(id, member);
    if (old.instanceId !== undefined) this.staticMembers.set(old.instanceId, newId);
    if (this.pendingSyncs.delete(old.id)) this.pendingSyncs.add(newId);
    if (this.leaderId === old.id) this.leaderId = newId;
    return replaced;
  }

  /**
   * Makes sure that the leader is among those who rejoined.
   * @returns false when nobody rejoined.
   */
  electJoinedLeader(): boolean {
    const leader = this.leaderId === undefined ? undefined : this.members.get(this.leaderId);
    if (leader === undefined) return false;
    if (leader.join !== undefined) return true;
    for (const member of this.members.values()) {
      if (member.join !== undefined) {
        this.leaderId = member.id;
        return true;
      }
    }
    return false;
  }

  /** Opens the next generation: Empty without members, else CompletingRebalance with the protocol of most votes. */
  nextGeneration(): void {
    this.generation += 1;
    this.pendingSyncs.clear();
    if (this.members.size === 0) {
      this.protocolName = undefined;
      this.leaderId = undefined;
      this.transitionTo("Empty");
    } else {
      this.protocolName = this.selectProtocol();
      this.transitionTo("CompletingRebalance");
    }
  }

  /** The protocol that all members know and most of them prefer; at a tie the one that was voted for first. */
  selectProtocol(): string | undefined {
    const common = this.commonProtocols();
    const votes = new Map<string, number>();
    for (const member of this.members.values()) {
      const vote = member.protocols.find(({ name }) => common.has(name))?.name;
      if (vote !== undefined) votes.set(vote, (votes.get(vote) ?? 0) + 1);
    }
    let best: string | undefined;
    for (const [name, count] of votes) if (best === undefined || count > (votes.get(best) ?? 0)) best = name;
    return best;
  }

  private commonProtocols(): Set<string> {
    let common: Set<string> | undefined;
    for (const member of this.members.values()) {
      const names = new Set(member.protocols.map(({ name }) => name));
      common = common === undefined ? names : common.intersection(names);
    }
    return common ?? new Set();
  }
}
