import type { RequestInput } from "@ondash/embedded-kafka/wire";
import { type Dialogue, findCoordinator, makeTopic } from "./dialogue.ts";
import { stableGroup } from "./membership-requests.ts";

export const groupOffsetDialogues: readonly Dialogue[] = [
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
