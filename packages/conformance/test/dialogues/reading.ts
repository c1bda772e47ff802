import { STAMP } from "./batches.ts";
import { type Dialogue, makeTopic } from "./dialogue.ts";
import { fetchOf, filledTopic, NOWHERE } from "./record-requests.ts";

export const readingDialogues: readonly Dialogue[] = [
  {
    title: "fetch",
    api: "Fetch",
    async hold(talk, version) {
      const topic = await filledTopic(talk);
      const ask = (note: string, ...args: Parameters<typeof fetchOf>): Promise<unknown> =>
        talk.ask(note, "Fetch", version, fetchOf(...args));
      await ask("from the start of the log", [[topic, { fetchOffset: 1 }]]);
      await ask("inside a batch", [[topic, { fetchOffset: 4 }]]);
      await ask("at the end", [[topic, { fetchOffset: 8 }]]);
      await ask("at the end, waiting a moment", [[topic, { fetchOffset: 8 }]], { maxWaitMs: 20 });
      await ask("for more bytes than there are", [[topic, { fetchOffset: 7 }]], { maxWaitMs: 20, minBytes: 100_000 });
      await ask("beyond the end", [[topic, { fetchOffset: 9 }]]);
      await ask("before the start", [[topic, { fetchOffset: 0 }]]);
      await ask(
        "an unknown topic and a known one",
        [
          [NOWHERE, { fetchOffset: 0 }],
          [topic, { fetchOffset: 7 }],
        ],
        { maxWaitMs: 600_000 },
      );
      await ask("an unknown partition", [[topic, { partition: 9, fetchOffset: 0 }]], { maxWaitMs: 600_000 });
      await ask("partitions in this order: 2, 1, 0", [
        [topic, { partition: 2, fetchOffset: 0 }, { partition: 1, fetchOffset: 0 }, { partition: 0, fetchOffset: 7 }],
      ]);
      await ask("one topic twice", [
        [topic, { fetchOffset: 7 }],
        [topic, { partition: 1, fetchOffset: 0 }],
      ]);
      await ask("one partition twice", [[topic, { fetchOffset: 7 }, { fetchOffset: 6 }]]);
      await ask("few bytes of a partition", [[topic, { fetchOffset: 1, partitionMaxBytes: 1 }]]);
      await ask("few bytes in all", [[topic, { fetchOffset: 7 }, { partition: 1, fetchOffset: 0 }]], { maxBytes: 1 });
      await ask("no bytes", [[topic, { fetchOffset: 7 }]], { maxBytes: 0 });
      await ask("nothing", []);
      await ask("committed records only", [[topic, { fetchOffset: 7 }]], { isolationLevel: 1 });
      await ask("with the leader's epoch", [[topic, { fetchOffset: 7, currentLeaderEpoch: 0 }]]);
      await ask("with an epoch to come", [[topic, { fetchOffset: 7, currentLeaderEpoch: 5 }]], { maxWaitMs: 600_000 });
      await ask("after records of this epoch", [
        [topic, { fetchOffset: 7, currentLeaderEpoch: 0, lastFetchedEpoch: 0 }],
      ]);
      await ask("in a session that is not there", [[topic, { fetchOffset: 7 }]], { sessionId: 77, sessionEpoch: 3 });
      await ask("going on without a session", [[topic, { fetchOffset: 7 }]], { sessionId: 0, sessionEpoch: 3 });
    },
  },
  {
    title: "list offsets",
    api: "ListOffsets",
    async hold(talk, version) {
      const { name } = await filledTopic(talk);
      const empty = await makeTopic(talk, "empty");
      const ask = (
        note: string,
        ...partitions: (readonly [topic: string, timestamp: bigint, partition?: number, epoch?: number])[]
      ): Promise<unknown> =>
        talk.ask(note, "ListOffsets", version, {
          replicaId: -1,
          isolationLevel: 0,
          timeoutMs: 10_000,
          topics: partitions.map(([topic, timestamp, partitionIndex = 0, currentLeaderEpoch = -1]) => ({
            name: topic,
            partitions: [{ partitionIndex, timestamp, currentLeaderEpoch }],
          })),
        });
      await ask("start", [name, -2n]);
      await ask("end", [name, -1n]);
      await ask("start of an empty one", [empty.name, -2n]);
      await ask("one partition twice", [empty.name, -2n], [empty.name, -1n]);
      await ask("greatest time", [name, -3n]);
      await ask("greatest time of an empty one", [empty.name, -3n]);
      for (const timestamp of [-4n, -5n, -6n, -7n]) await ask(`special ${timestamp}`, [name, timestamp]);
      for (const delta of [-1n, 0n, 1n, 2n, 4n, 5n, 6n]) await ask(`time +${delta}`, [name, STAMP + delta]);
      await ask("time 0", [name, 0n]);
      await ask("a time, of an empty one", [empty.name, STAMP]);
      await ask("unknown topic", ["no-such-topic", -1n]);
      await ask("unknown partition", [name, -1n, 9]);
      await ask("another partition", [name, -1n, 1]);
      await ask("epoch 0", [name, -1n, 0, 0]);
      await ask("an epoch to come", [name, -1n, 0, 3]);
    },
  },
  {
    title: "delete records",
    api: "DeleteRecords",
    async hold(talk, version) {
      const topic = await filledTopic(talk);
      const ask = (note: string, offset: number, partitionIndex = 0, name = topic.name): Promise<unknown> =>
        talk.ask(note, "DeleteRecords", version, {
          topics: [{ name, partitions: [{ partitionIndex, offset: BigInt(offset) }] }],
          timeoutMs: 10_000,
        });
      await ask("up to 3", 3);
      await ask("up to 2, which is gone", 2);
      await ask("beyond the end", 99);
      await ask("offset -2", -2);
      await ask("an unknown partition", 1, 9);
      await ask("an unknown topic", 1, 0, "no-such-topic");
      await talk.ask("from the new start, inside a batch", "Fetch", 11, fetchOf([[topic, { fetchOffset: 3 }]]));
      await talk.ask("a time of records that are gone", "ListOffsets", 4, {
        topics: [{ name: topic.name, partitions: [{ partitionIndex: 0, timestamp: STAMP, currentLeaderEpoch: -1 }] }],
      });
      await talk.ask("the greatest time, which is of a record that is gone", "ListOffsets", 7, {
        replicaId: -1,
        topics: [{ name: topic.name, partitions: [{ partitionIndex: 0, timestamp: -3n, currentLeaderEpoch: -1 }] }],
      });
      await ask("all", -1);
      await talk.ask("the end of an emptied log", "Fetch", 11, fetchOf([[topic, { fetchOffset: 8 }]]));
    },
  },
  {
    title: "offset for leader epoch",
    api: "OffsetForLeaderEpoch",
    async hold(talk, version) {
      const { name } = await filledTopic(talk);
      const ask = (
        note: string,
        leaderEpoch: number,
        currentLeaderEpoch = -1,
        partition = 0,
        topic = name,
      ): Promise<unknown> =>
        talk.ask(note, "OffsetForLeaderEpoch", version, {
          replicaId: -1,
          topics: [{ topic, partitions: [{ partition, leaderEpoch, currentLeaderEpoch }] }],
        });
      await ask("epoch 0", 0);
      await ask("epoch 4, to come", 4);
      await ask("epoch -1", -1);
      await ask("current epoch 0", 0, 0);
      await ask("current epoch to come", 0, 4);
      await ask("an empty partition", 0, -1, 2);
      await ask("an unknown partition", 0, -1, 9);
      await ask("an unknown topic", 0, -1, 0, "no-such-topic");
    },
  },
];
