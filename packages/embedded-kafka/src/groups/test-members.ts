import { createManualClock, createRandom, type ManualClock } from "@ondash/core";
import { GroupCoordinator, type GroupSettings } from "./coordinator.ts";
import type { JoinRequest } from "./join.ts";
import type { JoinResult, SyncResult } from "./member.ts";

/** A coordinator on a clock that stands still, for tests of this folder. */
export function testCoordinator(settings: Partial<GroupSettings> = {}): {
  clock: ManualClock;
  groups: GroupCoordinator;
} {
  const clock = createManualClock();
  const groups = new GroupCoordinator({
    clock,
    random: createRandom(1),
    initialRebalanceDelayMs: 0,
    minSessionTimeoutMs: 6_000,
    maxSessionTimeoutMs: 1_800_000,
    maxSize: 100,
    ...settings,
  });
  return { clock, groups };
}

/** A JoinGroup of a plain consumer. */
export function joinRequest(request: Partial<JoinRequest> = {}): JoinRequest {
  return {
    groupId: "g",
    memberId: "",
    instanceId: undefined,
    clientId: "client",
    clientHost: "/127.0.0.1",
    protocolType: "consumer",
    protocols: [{ name: "range", metadata: Uint8Array.of(1) }],
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 60_000,
    requireKnownMemberId: true,
    supportsSkippingAssignment: true,
    ...request,
  };
}

/** Sends a JoinGroup; `results` fills when it is answered. */
export function join(groups: GroupCoordinator, request: Partial<JoinRequest> = {}): JoinResult[] {
  const results: JoinResult[] = [];
  groups.join(joinRequest(request), (result) => results.push(result));
  return results;
}

/** Does the round of MEMBER_ID_REQUIRED, then joins with the id. */
export function joinTwice(
  groups: GroupCoordinator,
  request: Partial<JoinRequest> = {},
): { id: string; results: JoinResult[] } {
  const id = join(groups, request)[0]?.memberId ?? "";
  return { id, results: join(groups, { ...request, memberId: id }) };
}

/** Sends a SyncGroup; `results` fills when it is answered. */
export function sync(
  groups: GroupCoordinator,
  memberId: string,
  generation: number,
  assignments: Readonly<Record<string, number>> = {},
): SyncResult[] {
  const results: SyncResult[] = [];
  groups.sync(
    {
      groupId: "g",
      memberId,
      instanceId: undefined,
      generation,
      protocolType: undefined,
      protocolName: undefined,
      assignments: new Map(Object.entries(assignments).map(([id, value]) => [id, Uint8Array.of(value)])),
    },
    (result) => results.push(result),
  );
  return results;
}

/** A group of two members, Stable, in generation 2. */
export function twoMembers(groups: GroupCoordinator): { leader: string; follower: string } {
  const { id: leader } = joinTwice(groups);
  sync(groups, leader, 1, { [leader]: 1 });
  const { id: follower } = joinTwice(groups);
  join(groups, { memberId: leader });
  sync(groups, follower, 2);
  sync(groups, leader, 2, { [leader]: 1, [follower]: 2 });
  return { leader, follower };
}
