import { describe, expect, it } from "vitest";
import { ErrorCode } from "../wire/index.ts";
import { join, joinTwice, sync, testCoordinator, twoMembers } from "./test-members.ts";

const beat = (
  memberId: string,
  generation: number,
): Parameters<ReturnType<typeof testCoordinator>["groups"]["heartbeat"]>[0] => ({
  groupId: "g",
  memberId,
  instanceId: undefined,
  generation,
});

describe("JoinGroup", () => {
  it("hands an id out first, then makes the first member the leader of generation 1", () => {
    const { groups } = testCoordinator();
    const [first] = join(groups);
    expect(first?.errorCode).toBe(ErrorCode.MEMBER_ID_REQUIRED);
    expect(first?.memberId).toMatch(/^client-[0-9a-f]{8}-[0-9a-f]{4}-4/);
    const [second] = join(groups, { memberId: first?.memberId ?? "" });
    expect(second).toMatchObject({ errorCode: 0, generationId: 1, leader: first?.memberId, protocolName: "range" });
    expect(second?.members).toHaveLength(1);
    expect(groups.stateOf("g")).toBe("CompletingRebalance");
  });

  it("lets older clients join without that round", () => {
    const { groups } = testCoordinator();
    expect(join(groups, { requireKnownMemberId: false })[0]).toMatchObject({ errorCode: 0, generationId: 1 });
  });

  it("waits for all known members before it opens the next generation", () => {
    const { groups } = testCoordinator();
    const { leader, follower } = twoMembers(groups);
    expect(groups.stateOf("g")).toBe("Stable");
    const { results } = joinTwice(groups);
    expect(results).toEqual([]);
    expect(groups.heartbeat(beat(leader, 2))).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
    join(groups, { memberId: leader });
    expect(results).toEqual([]);
    join(groups, { memberId: follower });
    expect(results[0]).toMatchObject({ errorCode: 0, generationId: 3, leader, members: [] });
  });

  it("goes on without those who do not rejoin within the rebalance timeout", async () => {
    const { groups, clock } = testCoordinator();
    const { leader } = twoMembers(groups);
    const again = join(groups, { memberId: leader });
    expect(again).toEqual([]);
    await clock.advance(9_000);
    groups.heartbeat(beat(leader, 2));
    await clock.advance(60_000);
    expect(again[0]).toMatchObject({ errorCode: 0, generationId: 3 });
    expect(again[0]?.members).toHaveLength(1);
  });

  it("waits for the initial delay, and once more for each that came meanwhile", async () => {
    const { groups, clock } = testCoordinator({ initialRebalanceDelayMs: 3_000 });
    const first = joinTwice(groups).results;
    await clock.advance(2_000);
    const second = joinTwice(groups).results;
    await clock.advance(1_500);
    expect([first, second]).toEqual([[], []]);
    await clock.advance(2_500);
    expect([first[0]?.generationId, second[0]?.generationId]).toEqual([1, 1]);
  });

  it("cancels waiting syncs when somebody joins in CompletingRebalance", () => {
    const { groups } = testCoordinator();
    const { id: leader } = joinTwice(groups);
    sync(groups, leader, 1, {});
    const { id: follower } = joinTwice(groups);
    join(groups, { memberId: leader });
    const waiting = sync(groups, follower, 2);
    expect(waiting).toEqual([]);
    joinTwice(groups);
    expect(waiting[0]?.errorCode).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
  });

  it("rebalances for a leader that rejoins, not for a follower with the same metadata", () => {
    const { groups } = testCoordinator();
    const { leader, follower } = twoMembers(groups);
    expect(join(groups, { memberId: follower })[0]).toMatchObject({ errorCode: 0, generationId: 2 });
    expect(groups.stateOf("g")).toBe("Stable");
    expect(join(groups, { memberId: leader })).toEqual([]);
    expect(groups.stateOf("g")).toBe("PreparingRebalance");
  });

  it("rebalances for a follower whose metadata changed", () => {
    const { groups } = testCoordinator();
    const { follower } = twoMembers(groups);
    join(groups, { memberId: follower, protocols: [{ name: "range", metadata: Uint8Array.of(9) }] });
    expect(groups.stateOf("g")).toBe("PreparingRebalance");
  });

  it.each([
    ["an empty group id", { groupId: "" }, "INVALID_GROUP_ID"],
    ["a session timeout too short", { sessionTimeoutMs: 5_999 }, "INVALID_SESSION_TIMEOUT"],
    ["a session timeout too long", { sessionTimeoutMs: 1_800_001 }, "INVALID_SESSION_TIMEOUT"],
    ["no protocol", { protocols: [] }, "INCONSISTENT_GROUP_PROTOCOL"],
    ["no protocol type", { protocolType: "" }, "INCONSISTENT_GROUP_PROTOCOL"],
    ["an id nobody gave", { memberId: "x" }, "UNKNOWN_MEMBER_ID"],
  ] as const)("refuses %s", (_, request, error) => {
    const { groups } = testCoordinator();
    expect(join(groups, request)[0]?.errorCode).toBe(ErrorCode[error]);
  });

  it("refuses members that have no protocol in common with the group", () => {
    const { groups } = testCoordinator();
    twoMembers(groups);
    const protocols = [{ name: "other", metadata: Uint8Array.of(1) }];
    expect(join(groups, { protocols })[0]?.errorCode).toBe(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    expect(join(groups, { protocolType: "connect" })[0]?.errorCode).toBe(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
  });

  it("refuses more members than the group may have", () => {
    const { groups } = testCoordinator({ maxSize: 2 });
    twoMembers(groups);
    expect(join(groups)[0]?.errorCode).toBe(ErrorCode.GROUP_MAX_SIZE_REACHED);
  });
});

describe("SyncGroup", () => {
  it("gives everybody what the leader says", () => {
    const { groups } = testCoordinator();
    const { leader, follower } = twoMembers(groups);
    expect(sync(groups, follower, 2)[0]?.assignment).toEqual(Uint8Array.of(2));
    expect(sync(groups, leader, 2)[0]?.assignment).toEqual(Uint8Array.of(1));
  });

  it("refuses another generation, strangers, and a group under way", () => {
    const { groups } = testCoordinator();
    const { leader } = twoMembers(groups);
    expect(sync(groups, leader, 1)[0]?.errorCode).toBe(ErrorCode.ILLEGAL_GENERATION);
    expect(sync(groups, "x", 2)[0]?.errorCode).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
    join(groups, { memberId: leader });
    expect(sync(groups, leader, 2)[0]?.errorCode).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
  });

  it("throws those out who never ask for their assignment", async () => {
    const { groups, clock } = testCoordinator();
    const { id: leader } = joinTwice(groups, { rebalanceTimeoutMs: 20_000 });
    sync(groups, leader, 1, {});
    const { id: follower } = joinTwice(groups, { rebalanceTimeoutMs: 20_000, sessionTimeoutMs: 30_000 });
    join(groups, { memberId: leader, rebalanceTimeoutMs: 20_000, sessionTimeoutMs: 30_000 });
    sync(groups, leader, 2, {});
    await clock.advance(20_000);
    expect(groups.groups.get("g")?.group.members.has(follower)).toBe(false);
    expect(groups.stateOf("g")).toBe("PreparingRebalance");
  });
});

describe("sessions", () => {
  it("expire a silent member and rebalance; the last one leaves the group empty", async () => {
    const { groups, clock } = testCoordinator();
    const { leader, follower } = twoMembers(groups);
    await clock.advance(9_000);
    expect(groups.heartbeat(beat(leader, 2))).toBe(ErrorCode.NONE);
    await clock.advance(9_000);
    expect(groups.heartbeat(beat(follower, 2))).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
    expect(groups.heartbeat(beat(leader, 2))).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
    await clock.advance(10_000);
    expect(groups.stateOf("g")).toBe("Empty");
    expect(groups.groups.get("g")?.group.generation).toBe(3);
  });

  it("expire an id that was handed out and never used", async () => {
    const { groups, clock } = testCoordinator();
    const id = join(groups)[0]?.memberId ?? "";
    await clock.advance(10_000);
    expect(join(groups, { memberId: id })[0]?.errorCode).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
    expect(clock.pending).toBe(0);
  });

  it("spare members that wait for a rebalance", async () => {
    const { groups, clock } = testCoordinator();
    const { leader, follower } = twoMembers(groups);
    const waiting = join(groups, { memberId: leader });
    for (let round = 0; round < 5; round++) {
      await clock.advance(9_000);
      expect(groups.heartbeat(beat(follower, 2))).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
    }
    expect(groups.groups.get("g")?.group.members.has(leader)).toBe(true);
    await clock.advance(10_000);
    expect(waiting[0]).toMatchObject({ generationId: 3, leader });
  });
});

describe("LeaveGroup", () => {
  it("takes a member out and rebalances the others", () => {
    const { groups } = testCoordinator();
    const { leader, follower } = twoMembers(groups);
    expect(groups.leave("g", [{ memberId: leader, instanceId: undefined }])).toEqual([ErrorCode.NONE]);
    expect(groups.stateOf("g")).toBe("PreparingRebalance");
    expect(join(groups, { memberId: follower })[0]).toMatchObject({ generationId: 3, leader: follower });
  });

  it("leaves an empty group behind the last one, and answers for strangers", () => {
    const { groups } = testCoordinator();
    const { leader, follower } = twoMembers(groups);
    const codes = groups.leave(
      "g",
      [leader, "x", follower].map((memberId) => ({ memberId, instanceId: undefined })),
    );
    expect(codes).toEqual([ErrorCode.NONE, ErrorCode.UNKNOWN_MEMBER_ID, ErrorCode.NONE]);
    expect(groups.stateOf("g")).toBe("Empty");
    expect(groups.leave("other", [{ memberId: "x", instanceId: undefined }])).toEqual([ErrorCode.UNKNOWN_MEMBER_ID]);
  });
});

describe("static members", () => {
  const instanceId = "i1";

  it("come back under a new id without a rebalance, and fence the old one", () => {
    const { groups } = testCoordinator();
    const old = join(groups, { instanceId })[0];
    sync(groups, old?.memberId ?? "", 1, {});
    const [back] = join(groups, { instanceId });
    expect(back).toMatchObject({ errorCode: 0, generationId: 1, skipAssignment: true, leader: back?.memberId });
    expect(back?.memberId).not.toBe(old?.memberId);
    expect(groups.stateOf("g")).toBe("Stable");
    const stale = { groupId: "g", memberId: old?.memberId ?? "", instanceId, generation: 1 };
    expect(groups.heartbeat(stale)).toBe(ErrorCode.FENCED_INSTANCE_ID);
  });

  it("are told that the old id leads, when they cannot skip the assignment", () => {
    const { groups } = testCoordinator();
    const old = join(groups, { instanceId })[0];
    sync(groups, old?.memberId ?? "", 1, {});
    const [back] = join(groups, { instanceId, supportsSkippingAssignment: false });
    expect(back).toMatchObject({ leader: old?.memberId, skipAssignment: false, members: [] });
  });

  it("can be removed by instance id alone", () => {
    const { groups } = testCoordinator();
    const member = join(groups, { instanceId })[0];
    sync(groups, member?.memberId ?? "", 1, {});
    expect(groups.leave("g", [{ memberId: "", instanceId }])).toEqual([ErrorCode.NONE]);
    expect(groups.stateOf("g")).toBe("Empty");
  });
});

describe("commits", () => {
  const start = { transactional: false, missingGroup: ErrorCode.ILLEGAL_GENERATION };

  it("are taken from outside only while the group is empty", () => {
    const { groups } = testCoordinator();
    expect(groups.startCommit(beat("", -1), start)).toMatchObject({ group: { id: "g" } });
    twoMembers(groups);
    expect(groups.startCommit(beat("", -1), start)).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
  });

  it("are taken from members of the current generation", () => {
    const { groups } = testCoordinator();
    expect(groups.startCommit(beat("x", 1), start)).toBe(ErrorCode.ILLEGAL_GENERATION);
    const { leader } = twoMembers(groups);
    expect(groups.startCommit(beat(leader, 2), start)).toMatchObject({ group: { id: "g" } });
    expect(groups.startCommit(beat(leader, 1), start)).toBe(ErrorCode.ILLEGAL_GENERATION);
    expect(groups.startCommit(beat("x", 2), start)).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
  });

  it("are put off between JoinGroup and SyncGroup", () => {
    const { groups } = testCoordinator();
    const { id } = joinTwice(groups);
    expect(groups.startCommit(beat(id, 1), start)).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
  });
});

describe("DeleteGroups", () => {
  it("deletes empty groups only", () => {
    const { groups } = testCoordinator();
    const { leader, follower } = twoMembers(groups);
    expect(groups.delete("g")).toBe(ErrorCode.NON_EMPTY_GROUP);
    groups.leave(
      "g",
      [leader, follower].map((memberId) => ({ memberId, instanceId: undefined })),
    );
    expect(groups.delete("g")).toBe(ErrorCode.NONE);
    expect(groups.delete("g")).toBe(ErrorCode.GROUP_ID_NOT_FOUND);
    expect(groups.stateOf("g")).toBe("Dead");
  });
});

describe("close", () => {
  it("leaves no timer, and answers who waits", () => {
    const { groups, clock } = testCoordinator();
    const { leader } = twoMembers(groups);
    const waiting = join(groups, { memberId: leader });
    join(groups);
    groups.close();
    expect(waiting[0]?.errorCode).toBe(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    expect(clock.pending).toBe(0);
  });
});
