import type { RawConnection, RequestInput } from "@ondash/embedded-kafka/wire";
import { expect } from "vitest";
import { ask, batchOf, type Case, type Context, errorName, findCoordinator, makeTopic, produce } from "../context.ts";

const PROTOCOLS: RequestInput<"JoinGroup">["protocols"] = [{ name: "range", metadata: Uint8Array.of(0, 1) }];

interface Joining {
  readonly memberId?: string;
  readonly sessionTimeoutMs?: number;
  readonly protocolType?: string;
  readonly protocols?: RequestInput<"JoinGroup">["protocols"];
}

async function join(connection: RawConnection, groupId: string, options: Joining = {}) {
  const response = await connection.request("JoinGroup", 5, {
    groupId,
    sessionTimeoutMs: options.sessionTimeoutMs ?? 30_000,
    rebalanceTimeoutMs: 30_000,
    memberId: options.memberId ?? "",
    groupInstanceId: null,
    protocolType: options.protocolType ?? "consumer",
    protocols: options.protocols ?? PROTOCOLS,
  });
  return { ...response, error: errorName(response.errorCode) };
}

/** Joins with the id that the broker gives in the first round (KIP-394). */
async function joinAsNew(connection: RawConnection, groupId: string) {
  const first = await join(connection, groupId);
  expect(first.error).toBe("MEMBER_ID_REQUIRED");
  return join(connection, groupId, { memberId: first.memberId });
}

async function sync(
  connection: RawConnection,
  groupId: string,
  memberId: string,
  generationId: number,
  assign = true,
): Promise<string> {
  const response = await connection.request("SyncGroup", 3, {
    groupId,
    generationId,
    memberId,
    groupInstanceId: null,
    assignments: assign ? [{ memberId, assignment: Uint8Array.of(9) }] : [],
  });
  return errorName(response.errorCode);
}

async function heartbeat(
  connection: RawConnection,
  groupId: string,
  memberId: string,
  generationId: number,
): Promise<string> {
  const { errorCode } = await connection.request("Heartbeat", 3, {
    groupId,
    memberId,
    generationId,
    groupInstanceId: null,
  });
  return errorName(errorCode);
}

async function commit(
  connection: RawConnection,
  groupId: string,
  memberId: string,
  generation: number,
  topic: string,
  offset = 1n,
): Promise<string> {
  const { topics } = await connection.request("OffsetCommit", 7, {
    groupId,
    generationIdOrMemberEpoch: generation,
    memberId,
    groupInstanceId: null,
    topics: [
      {
        name: topic,
        partitions: [
          { partitionIndex: 0, committedOffset: offset, committedLeaderEpoch: -1, committedMetadata: "note" },
        ],
      },
    ],
  });
  return errorName(topics[0]?.partitions[0]?.errorCode ?? -1);
}

/** A group with one member that is stable. */
async function stableGroup(context: Context, connection: RawConnection) {
  const groupId = context.name();
  await findCoordinator(connection, groupId);
  const joined = await joinAsNew(connection, groupId);
  expect([joined.error, joined.leader]).toEqual(["NONE", joined.memberId]);
  expect(await sync(connection, groupId, joined.memberId, joined.generationId)).toBe("NONE");
  return { groupId, memberId: joined.memberId, generationId: joined.generationId };
}

export const groupCases: readonly Case[] = [
  {
    title: "a member joins in two rounds, is the leader, syncs and beats",
    async run(context) {
      const connection = await context.connect();
      const { groupId, memberId, generationId } = await stableGroup(context, connection);
      expect(generationId).toBe(1);
      expect(await heartbeat(connection, groupId, memberId, generationId)).toBe("NONE");
    },
  },
  {
    title: "unknown member: Heartbeat, SyncGroup, JoinGroup, LeaveGroup and OffsetCommit answer UNKNOWN_MEMBER_ID",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection);
      const { groupId, generationId } = await stableGroup(context, connection);
      const stranger = "stranger-1";
      expect(await heartbeat(connection, groupId, stranger, generationId)).toBe("UNKNOWN_MEMBER_ID");
      expect(await sync(connection, groupId, stranger, generationId)).toBe("UNKNOWN_MEMBER_ID");
      expect((await join(connection, groupId, { memberId: stranger })).error).toBe("UNKNOWN_MEMBER_ID");
      expect(await commit(connection, groupId, stranger, generationId, topic)).toBe("UNKNOWN_MEMBER_ID");
      const { errorCode, members } = await connection.request("LeaveGroup", 3, {
        groupId,
        members: [{ memberId: stranger, groupInstanceId: null }],
      });
      expect([errorName(errorCode), errorName(members[0]?.errorCode ?? 0)]).toEqual(["NONE", "UNKNOWN_MEMBER_ID"]);
    },
  },
  {
    title: "illegal generation: Heartbeat, SyncGroup and OffsetCommit answer ILLEGAL_GENERATION",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection);
      const { groupId, memberId, generationId } = await stableGroup(context, connection);
      expect(await heartbeat(connection, groupId, memberId, generationId + 1)).toBe("ILLEGAL_GENERATION");
      expect(await sync(connection, groupId, memberId, generationId + 1)).toBe("ILLEGAL_GENERATION");
      expect(await commit(connection, groupId, memberId, generationId + 1, topic)).toBe("ILLEGAL_GENERATION");
    },
  },
  {
    title:
      "rebalance in progress: a second member's join makes Heartbeat answer REBALANCE_IN_PROGRESS until all rejoin",
    async run(context) {
      const [first, second] = [await context.connect(), await context.connect()];
      const { groupId, memberId, generationId } = await stableGroup(context, first);
      const required = await join(second, groupId);
      expect(required.error).toBe("MEMBER_ID_REQUIRED");
      const joining = join(second, groupId, { memberId: required.memberId });
      // The join waits for the first member; that it has arrived shows in the first member's heartbeat.
      let beat = "NONE";
      for (let i = 0; i < 10_000 && beat === "NONE"; i++)
        beat = await heartbeat(first, groupId, memberId, generationId);
      expect(beat).toBe("REBALANCE_IN_PROGRESS");
      const [one, two] = await Promise.all([join(first, groupId, { memberId }), joining]);
      expect([one.error, two.error]).toEqual(["NONE", "NONE"]);
      expect([one.generationId, two.generationId]).toEqual([generationId + 1, generationId + 1]);
      // One leader, who alone is told of the members.
      const [leader, follower] = one.leader === one.memberId ? [one, two] : [two, one];
      expect([leader.members.length, follower.members.length]).toEqual([2, 0]);
    },
  },
  {
    title: "a session timeout out of bounds is INVALID_SESSION_TIMEOUT; an empty group id is INVALID_GROUP_ID",
    async run(context) {
      const connection = await context.connect();
      const groupId = context.name();
      await findCoordinator(connection, groupId);
      expect((await join(connection, groupId, { sessionTimeoutMs: 10 })).error).toBe("INVALID_SESSION_TIMEOUT");
      expect((await join(connection, groupId, { sessionTimeoutMs: 2_000_000_000 })).error).toBe(
        "INVALID_SESSION_TIMEOUT",
      );
      expect((await join(connection, "")).error).toBe("INVALID_GROUP_ID");
    },
  },
  {
    title: "a member with no protocol in common is INCONSISTENT_GROUP_PROTOCOL",
    async run(context) {
      const connection = await context.connect();
      const { groupId } = await stableGroup(context, connection);
      expect((await join(connection, groupId, { protocolType: "connect" })).error).toBe("INCONSISTENT_GROUP_PROTOCOL");
      const other = [{ name: "sticky", metadata: Uint8Array.of(0) }];
      expect((await join(connection, groupId, { protocols: other })).error).toBe("INCONSISTENT_GROUP_PROTOCOL");
    },
  },
  {
    title: "committed offsets and their metadata come back; an unknown group has none",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection);
      await produce(connection, topic, batchOf(["a"]));
      const { groupId, memberId, generationId } = await stableGroup(context, connection);
      expect(await commit(connection, groupId, memberId, generationId, topic)).toBe("NONE");
      const fetchOffset = async (group: string) => {
        const { topics } = await ask(
          connection,
          "OffsetFetch",
          5,
          { groupId: group, topics: [{ name: topic, partitionIndexes: [0] }] },
          ({ errorCode }) => errorCode,
        );
        const answer = topics[0]?.partitions[0];
        return [Number(answer?.committedOffset), answer?.metadata, errorName(answer?.errorCode ?? -1)];
      };
      expect(await fetchOffset(groupId)).toEqual([1, "note", "NONE"]);
      expect(await fetchOffset(context.name())).toEqual([-1, "", "NONE"]);
    },
  },
  {
    title: "a commit without a generation is for groups without members",
    async run(context) {
      const connection = await context.connect();
      const topic = await makeTopic(context, connection);
      const { groupId } = await stableGroup(context, connection);
      expect(await commit(connection, groupId, "", -1, topic)).toBe("UNKNOWN_MEMBER_ID");
      const alone = context.name();
      await findCoordinator(connection, alone);
      expect(await commit(connection, alone, "", -1, topic)).toBe("NONE");
    },
  },
  {
    title: "DescribeGroups of an unknown group is Dead without an error; of a stable one it names the member",
    async run(context) {
      const connection = await context.connect();
      const { groupId, memberId } = await stableGroup(context, connection);
      const unknown = context.name();
      await findCoordinator(connection, unknown);
      const { groups } = await connection.request("DescribeGroups", 4, { groups: [groupId, unknown] });
      const byId = new Map(groups.map((group) => [group.groupId, group]));
      expect(byId.get(groupId)).toMatchObject({
        errorCode: 0,
        groupState: "Stable",
        protocolType: "consumer",
        protocolData: "range",
      });
      expect(byId.get(groupId)?.members.map((member) => member.memberId)).toEqual([memberId]);
      expect(byId.get(unknown)).toMatchObject({ errorCode: 0, groupState: "Dead" });
    },
  },
  {
    title: "DeleteGroups refuses a group with members (NON_EMPTY_GROUP) and one that is not there (GROUP_ID_NOT_FOUND)",
    async run(context) {
      const connection = await context.connect();
      const { groupId, memberId } = await stableGroup(context, connection);
      const remove = async (group: string): Promise<string> => {
        const { results } = await connection.request("DeleteGroups", 1, { groupsNames: [group] });
        return errorName(results[0]?.errorCode ?? -1);
      };
      expect(await remove(groupId)).toBe("NON_EMPTY_GROUP");
      expect(await remove(context.name())).toBe("GROUP_ID_NOT_FOUND");
      await connection.request("LeaveGroup", 3, { groupId, members: [{ memberId, groupInstanceId: null }] });
      expect(await remove(groupId)).toBe("NONE");
    },
  },
];
