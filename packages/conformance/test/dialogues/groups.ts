import { errorName, type RequestInput, type ResponseOf } from "@ondash/embedded-kafka/wire";
import { type Dialogue, findCoordinator, makeTopic } from "./dialogue.ts";
import type { Talk } from "./talk.ts";

/** Subscription v0 to no topic, without user data; and an assignment, which the broker does not look into. */
const SUBSCRIPTION = Uint8Array.of(0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff);
const ASSIGNMENT = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 7);

function joinOf(groupId: string, options: Partial<RequestInput<"JoinGroup">> = {}): RequestInput<"JoinGroup"> {
  return {
    groupId,
    sessionTimeoutMs: 30_000,
    rebalanceTimeoutMs: 30_000,
    memberId: "",
    groupInstanceId: null,
    protocolType: "consumer",
    protocols: [{ name: "range", metadata: SUBSCRIPTION }],
    ...options,
  };
}

/** A group of one member, synced; versions in which nothing else matters. */
async function stableGroup(
  talk: Talk,
  label = "group",
): Promise<{ readonly groupId: string; readonly memberId: string }> {
  const groupId = talk.name(label);
  await findCoordinator(talk, groupId);
  const joined = await talk.quietly("JoinGroup", 3, joinOf(groupId), ({ errorCode }) => errorCode);
  if (joined.errorCode !== 0) throw new Error(`JoinGroup: ${errorName(joined.errorCode)}`);
  const { memberId } = joined;
  await talk.quietly("SyncGroup", 2, {
    groupId,
    generationId: 1,
    memberId,
    assignments: [{ memberId, assignment: ASSIGNMENT }],
  });
  return { groupId, memberId };
}

/** Joins in as many rounds as the version needs, writing each down. */
async function join(
  talk: Talk,
  version: number,
  note: string,
  body: RequestInput<"JoinGroup">,
): Promise<ResponseOf<"JoinGroup">> {
  const first = await talk.ask(note, "JoinGroup", version, body);
  if (errorName(first.errorCode) !== "MEMBER_ID_REQUIRED") return first;
  return talk.ask(`${note}, with the id given`, "JoinGroup", version, { ...body, memberId: first.memberId });
}

export const groupDialogues: readonly Dialogue[] = [
  {
    title: "find coordinator",
    api: "FindCoordinator",
    async hold(talk, version) {
      const [group, transaction] = [talk.name("group"), talk.name("transaction")];
      await findCoordinator(talk, group);
      await findCoordinator(talk, transaction, 1);
      const ask = (note: string, keyType: number, ...keys: string[]): Promise<unknown> =>
        talk.ask(note, "FindCoordinator", version, { keyType, key: keys[0] ?? "", coordinatorKeys: keys });
      await ask("of a group", 0, group);
      await ask("of the empty group", 0, "");
      if (version >= 1) {
        await ask("of a transaction", 1, transaction);
        await ask("of the empty transaction", 1, "");
        await ask("of a share group, malformed", 2, "x");
        await ask("of a kind that is not there", 9, "x");
      }
      if (version >= 4) {
        await ask("of two", 0, group, transaction);
        await ask("of none", 0);
        await ask("of one twice", 0, group, group);
      }
    },
  },
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
  {
    title: "describe groups",
    api: "DescribeGroups",
    async hold(talk, version) {
      const { groupId, memberId } = await stableGroup(talk);
      const ask = (note: string, ...groups: string[]): Promise<unknown> =>
        talk.ask(note, "DescribeGroups", version, { groups });
      await ask("a stable and an unknown one", groupId, talk.name("other"));
      await ask("no name", "");
      await ask("none");
      await talk.ask("with what one may do", "DescribeGroups", version, {
        groups: [groupId],
        includeAuthorizedOperations: true,
      });
      await talk.quietly("LeaveGroup", 1, { groupId, memberId });
      await ask("an empty one", groupId);
    },
  },
  {
    title: "list groups",
    api: "ListGroups",
    async hold(talk, version) {
      // Others may have groups on this broker: only answers without any are written down whole.
      if (version < 4) return;
      await talk.ask("in a state that no group has", "ListGroups", version, { statesFilter: ["NoSuchState"] });
      if (version >= 5)
        await talk.ask("of a type that is not there", "ListGroups", version, { typesFilter: ["NoSuchType"] });
    },
  },
  {
    title: "commit and fetch offsets",
    api: "OffsetCommit",
    async hold(talk, version) {
      const { name } = await makeTopic(talk, "topic", { partitions: 2 });
      const { groupId, memberId } = await stableGroup(talk);
      type Commit = readonly [
        topic: string,
        partition: number,
        offset: number,
        metadata: string | null,
        leaderEpoch?: number,
      ];
      const ask = (
        note: string,
        commits: readonly Commit[],
        body: Partial<RequestInput<"OffsetCommit">> = {},
      ): Promise<unknown> =>
        talk.ask(note, "OffsetCommit", version, {
          groupId,
          generationIdOrMemberEpoch: 1,
          memberId,
          topics: commits.map(([topic, partitionIndex, offset, committedMetadata, committedLeaderEpoch = -1]) => ({
            name: topic,
            partitions: [{ partitionIndex, committedOffset: BigInt(offset), committedMetadata, committedLeaderEpoch }],
          })),
          ...body,
        });
      await ask("one", [[name, 0, 5, "m", 3]]);
      await ask("beyond the end of the log", [[name, 0, 999, null]]);
      await ask("a negative offset", [[name, 0, -1, ""]]);
      await ask("known and unknown", [
        [name, 1, 1, ""],
        [name, 9, 1, ""],
        ["no-such-topic", 0, 1, ""],
      ]);
      await ask("much metadata", [[name, 0, 6, "x".repeat(4_096)]]);
      await ask("too much metadata", [[name, 0, 7, "x".repeat(4_097)]]);
      await ask("nothing", []);
      await ask("another generation", [[name, 0, 1, ""]], { generationIdOrMemberEpoch: 2 });
      await ask("no generation", [[name, 0, 1, ""]], { generationIdOrMemberEpoch: -1, memberId: "" });
      await ask("an unknown member", [[name, 0, 1, ""]], { memberId: "who" });
      await ask("an unknown group with a generation", [[name, 0, 1, ""]], { groupId: talk.name("other") });
      await ask("a group without a name", [[name, 0, 1, ""]], {
        groupId: "",
        generationIdOrMemberEpoch: -1,
        memberId: "",
      });
      const simple = talk.name("simple");
      await ask("without membership", [[name, 0, 8, "s"]], {
        groupId: simple,
        generationIdOrMemberEpoch: -1,
        memberId: "",
      });
      await talk.ask("of the group", "OffsetFetch", 5, {
        groupId,
        topics: [
          { name, partitionIndexes: [0, 1, 9] },
          { name: "no-such-topic", partitionIndexes: [0] },
        ],
      });
      await talk.ask("of the simple group", "OffsetFetch", 5, { groupId: simple, topics: null });
      await talk.ask("the simple group", "DescribeGroups", 3, { groups: [simple] });
    },
  },
  {
    title: "fetch offsets",
    api: "OffsetFetch",
    async hold(talk, version) {
      const { name } = await makeTopic(talk, "topic", { partitions: 2 });
      const [groupId, other] = [talk.name("group"), talk.name("other")];
      await findCoordinator(talk, groupId);
      await talk.quietly("OffsetCommit", 6, {
        groupId,
        generationIdOrMemberEpoch: -1,
        topics: [
          {
            name,
            partitions: [{ partitionIndex: 0, committedOffset: 5n, committedMetadata: "m", committedLeaderEpoch: 2 }],
          },
        ],
      });
      const ask = (
        note: string,
        group: string,
        partitions: readonly number[] | null,
        topic = name,
      ): Promise<unknown> => {
        const topics = partitions === null ? null : [{ name: topic, partitionIndexes: partitions }];
        return talk.ask(note, "OffsetFetch", version, {
          groupId: group,
          topics,
          groups: [{ groupId: group, topics }],
          requireStable: true,
        });
      };
      await ask("committed, not committed, unknown", groupId, [0, 1, 9]);
      await ask("an unknown topic", groupId, [0], "no-such-topic");
      await ask("an unknown group", other, [0]);
      await ask("a group without a name", "", [0]);
      if (version >= 2) {
        await ask("all", groupId, null);
        await ask("all of an unknown group", other, null);
      }
      if (version >= 8) {
        await talk.ask("two groups", "OffsetFetch", version, {
          groups: [
            { groupId, topics: [{ name, partitionIndexes: [0] }] },
            { groupId: other, topics: [{ name, partitionIndexes: [0] }] },
          ],
        });
        await talk.ask("no groups", "OffsetFetch", version, { groups: [] });
      }
    },
  },
  {
    title: "delete groups",
    api: "DeleteGroups",
    async hold(talk, version) {
      const { groupId, memberId } = await stableGroup(talk);
      const ask = (note: string, ...groupsNames: string[]): Promise<unknown> =>
        talk.ask(note, "DeleteGroups", version, { groupsNames });
      await ask("with a member", groupId);
      await ask("unknown", talk.name("other"));
      await ask("no name", "");
      await talk.quietly("LeaveGroup", 1, { groupId, memberId });
      await ask("empty", groupId);
      await ask("again", groupId);
      await ask("none");
      await talk.ask("what is left", "DescribeGroups", 3, { groups: [groupId] });
    },
  },
  {
    title: "delete offsets",
    api: "OffsetDelete",
    async hold(talk, version) {
      const { name } = await makeTopic(talk, "topic", { partitions: 2 });
      const { groupId, memberId } = await stableGroup(talk);
      await talk.quietly("OffsetCommit", 6, {
        groupId,
        generationIdOrMemberEpoch: 1,
        memberId,
        topics: [{ name, partitions: [{ partitionIndex: 0, committedOffset: 5n }] }],
      });
      const ask = (note: string, group: string, topic: string, ...partitions: number[]): Promise<unknown> =>
        talk.ask(note, "OffsetDelete", version, {
          groupId: group,
          topics: [{ name: topic, partitions: partitions.map((partitionIndex) => ({ partitionIndex })) }],
        });
      await ask("of a group that does not subscribe to it", groupId, name, 0, 1);
      await talk.ask("what is left", "OffsetFetch", 5, { groupId, topics: null });
      await ask("an unknown partition", groupId, name, 9);
      await ask("an unknown topic", groupId, "no-such-topic", 0);
      await ask("an unknown group", talk.name("other"), name, 0);
      await ask("a group without a name", "", name, 0);
    },
  },
];
