import { errorName, type RequestInput, type ResponseOf } from "@ondash/embedded-kafka/wire";
import { type Dialogue, findCoordinator } from "./dialogue.ts";
import { ASSIGNMENT, join, joinOf, SUBSCRIPTION, stableGroup } from "./membership-requests.ts";
import type { Talk } from "./talk.ts";

export const membershipDialogues: readonly Dialogue[] = [
  {
    title: "join, sync, beat, leave",
    api: "JoinGroup",
    async hold(talk, version) {
      const groupId = talk.name("group");
      await findCoordinator(talk, groupId);
      const { memberId } = await join(talk, version, "as the first", joinOf(groupId));
      await talk.ask("before the sync", "Heartbeat", 3, { groupId, generationId: 1, memberId });
      await talk.ask("as the leader", "SyncGroup", Math.min(version, 5), {
        groupId,
        generationId: 1,
        memberId,
        protocolType: "consumer",
        protocolName: "range",
        assignments: [{ memberId, assignment: ASSIGNMENT }],
      });
      await talk.ask("after the sync", "Heartbeat", 3, { groupId, generationId: 1, memberId });
      await join(talk, version, "again, as the leader", joinOf(groupId, { memberId }));
      await talk.ask("stable once more", "SyncGroup", 3, {
        groupId,
        generationId: 2,
        memberId,
        assignments: [{ memberId, assignment: ASSIGNMENT }],
      });
      await join(talk, version, "with a member id that is not there", joinOf(groupId, { memberId: "who" }));
      await join(talk, version, "with another protocol type", joinOf(groupId, { protocolType: "connect" }));
      await join(
        talk,
        version,
        "with no protocol in common",
        joinOf(groupId, { protocols: [{ name: "other", metadata: SUBSCRIPTION }] }),
      );
      await join(talk, version, "without protocols", joinOf(groupId, { protocols: [] }));
      await join(talk, version, "without protocols, a new group", joinOf(talk.name("other"), { protocols: [] }));
      await join(
        talk,
        version,
        "without a protocol type, a new group",
        joinOf(talk.name("other"), { protocolType: "" }),
      );
      await join(talk, version, "a session that is too short", joinOf(groupId, { sessionTimeoutMs: 5_999 }));
      await join(talk, version, "a session that is too long", joinOf(groupId, { sessionTimeoutMs: 1_800_001 }));
      await join(talk, version, "a group without a name", joinOf(""));
      await join(talk, version, "a new group, with a member id", joinOf(talk.name("other"), { memberId: "who" }));
    },
  },
  {
    title: "two members",
    api: "JoinGroup",
    async hold(talk, version) {
      const groupId = talk.name("group");
      await findCoordinator(talk, groupId);
      const other = await talk.another();
      const { memberId } = await join(talk, version, "the first", joinOf(groupId));
      const sync = (who: Talk, generationId: number, id: string, ...ids: string[]): Promise<ResponseOf<"SyncGroup">> =>
        who.quietly("SyncGroup", 3, {
          groupId,
          generationId,
          memberId: id,
          assignments: ids.map((each) => ({ memberId: each, assignment: ASSIGNMENT })),
        });
      await sync(talk, 1, memberId, memberId);
      const knows = version >= 4 ? (await other.ask("the second", "JoinGroup", version, joinOf(groupId))).memberId : "";
      // It waits for the first to join again, who learns of it by a heartbeat.
      const waiting = other.quietly("JoinGroup", version, joinOf(groupId, { memberId: knows }));
      const beat = { groupId, generationId: 1, memberId };
      await talk.quietly("Heartbeat", 3, beat, ({ errorCode }) =>
        errorName(errorCode) === "REBALANCE_IN_PROGRESS" ? 0 : 5,
      );
      await talk.ask("of the first, while the second waits", "Heartbeat", 3, beat);
      await talk.ask("of the first, while the second waits", "OffsetCommit", 7, {
        groupId,
        generationIdOrMemberEpoch: 1,
        memberId,
        topics: [],
      });
      await talk.ask("while the second waits", "DescribeGroups", 3, { groups: [groupId] });
      await talk.ask("of the old generation, while the second waits", "SyncGroup", 3, {
        groupId,
        generationId: 1,
        memberId,
      });
      await talk.ask("the first again", "JoinGroup", version, joinOf(groupId, { memberId }));
      const second = await waiting;
      await other.ask("while the leader's assignment is missing", "OffsetCommit", 7, {
        groupId,
        generationIdOrMemberEpoch: 2,
        memberId: second.memberId,
        topics: [],
      });
      await other.ask("of the old generation", "Heartbeat", 3, { groupId, generationId: 1, memberId: second.memberId });
      const [one, two] = await Promise.all([sync(other, 2, second.memberId), sync(talk, 2, memberId, second.memberId)]);
      const given = (answer: ResponseOf<"SyncGroup">): string =>
        `${errorName(answer.errorCode)} ${answer.assignment.length}`;
      if (given(one) !== "NONE 10" || given(two) !== "NONE 0")
        throw new Error(`assigned: ${given(one)}, ${given(two)}`);
      await other.ask(
        "as the follower, unchanged",
        "JoinGroup",
        version,
        joinOf(groupId, { memberId: second.memberId }),
      );
      await talk.ask("stable", "DescribeGroups", 3, { groups: [groupId] });
      await other.ask("the second leaves", "LeaveGroup", 1, { groupId, memberId: second.memberId });
      await talk.ask("of the first", "Heartbeat", 3, { groupId, generationId: 2, memberId });
      await talk.ask("of the one who left", "Heartbeat", 3, { groupId, generationId: 2, memberId: second.memberId });
      await talk.ask("the first, alone", "JoinGroup", version, joinOf(groupId, { memberId }));
    },
  },
  {
    title: "static members",
    api: "JoinGroup",
    versions: [5, 99],
    async hold(talk, version) {
      const groupId = talk.name("group");
      await findCoordinator(talk, groupId);
      const instance = { groupInstanceId: "one" };
      const { memberId } = await talk.ask("the first", "JoinGroup", version, joinOf(groupId, instance));
      await talk.ask("its sync", "SyncGroup", 3, {
        groupId,
        generationId: 1,
        memberId,
        ...instance,
        assignments: [{ memberId, assignment: ASSIGNMENT }],
      });
      const back = await talk.ask("the same instance, restarted", "JoinGroup", version, joinOf(groupId, instance));
      await talk.ask("of the one before", "Heartbeat", 3, { groupId, generationId: 1, memberId, ...instance });
      await talk.ask("of the one before, without its instance", "Heartbeat", 3, { groupId, generationId: 1, memberId });
      await talk.ask("of an unknown instance", "Heartbeat", 3, {
        groupId,
        generationId: 1,
        memberId,
        groupInstanceId: "two",
      });
      await talk.ask("of the new one", "Heartbeat", 3, {
        groupId,
        generationId: back.generationId,
        memberId: back.memberId,
        ...instance,
      });
      await talk.ask("the one before joins", "JoinGroup", version, joinOf(groupId, { ...instance, memberId }));
      await talk.ask("the new one syncs", "SyncGroup", 3, {
        groupId,
        generationId: back.generationId,
        memberId: back.memberId,
        ...instance,
        assignments: [{ memberId: back.memberId, assignment: ASSIGNMENT }],
      });
      await talk.ask("one commits as the one before", "OffsetCommit", 7, {
        groupId,
        generationIdOrMemberEpoch: back.generationId,
        memberId,
        ...instance,
        topics: [{ name: "no-such-topic", partitions: [{ partitionIndex: 0, committedOffset: 1n }] }],
      });
      await talk.ask("by its instance alone", "LeaveGroup", 3, {
        groupId,
        members: [{ memberId: "", groupInstanceId: "one" }],
      });
      await talk.ask("what is left", "DescribeGroups", 4, { groups: [groupId] });
    },
  },
  {
    title: "sync",
    api: "SyncGroup",
    async hold(talk, version) {
      const { groupId, memberId } = await stableGroup(talk);
      const ask = (note: string, body: Partial<RequestInput<"SyncGroup">>): Promise<unknown> =>
        talk.ask(note, "SyncGroup", version, {
          groupId,
          generationId: 1,
          memberId,
          protocolType: "consumer",
          protocolName: "range",
          ...body,
        });
      await ask("stable", {});
      await ask("another generation", { generationId: 2 });
      await ask("an unknown member", { memberId: "who" });
      await ask("an unknown group", { groupId: talk.name("other") });
      await ask("no group", { groupId: "" });
      if (version >= 5) {
        await ask("another protocol", { protocolName: "other" });
        await ask("another protocol type", { protocolType: "connect" });
        await ask("no protocol", { protocolType: null, protocolName: null });
      }
    },
  },
  {
    title: "heartbeat",
    api: "Heartbeat",
    async hold(talk, version) {
      const { groupId, memberId } = await stableGroup(talk);
      const ask = (note: string, body: Partial<RequestInput<"Heartbeat">>): Promise<unknown> =>
        talk.ask(note, "Heartbeat", version, { groupId, generationId: 1, memberId, ...body });
      await ask("stable", {});
      await ask("a generation to come", { generationId: 2 });
      await ask("generation -1", { generationId: -1 });
      await ask("an unknown member", { memberId: "who" });
      await ask("no member", { memberId: "" });
      await ask("an unknown group", { groupId: talk.name("other") });
      await ask("no group", { groupId: "" });
    },
  },
  {
    title: "leave",
    api: "LeaveGroup",
    async hold(talk, version) {
      const { groupId, memberId } = await stableGroup(talk);
      const ask = (note: string, id: string, group = groupId): Promise<unknown> =>
        talk.ask(note, "LeaveGroup", version, {
          groupId: group,
          memberId: id,
          members: [{ memberId: id, reason: "enough" }],
        });
      await ask("an unknown member", "who");
      await ask("an unknown group", memberId, talk.name("other"));
      await ask("no group", memberId, "");
      if (version >= 3) {
        await talk.ask("an unknown instance", "LeaveGroup", version, {
          groupId,
          members: [{ memberId, groupInstanceId: "x" }],
        });
        await talk.ask("nobody", "LeaveGroup", version, { groupId, members: [] });
      }
      await ask("the member", memberId);
      await ask("the member again", memberId);
      await talk.ask("what is left", "DescribeGroups", 3, { groups: [groupId] });
    },
  },
];
