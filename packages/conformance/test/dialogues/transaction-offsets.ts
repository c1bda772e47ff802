import type { RequestInput } from "@ondash/embedded-kafka/wire";
import { KEEP } from "./batches.ts";
import { type Dialogue, findCoordinator, makeTopic } from "./dialogue.ts";
import { add, end, newProducer, type Producer, produceOf } from "./transaction-requests.ts";

export const transactionOffsetDialogues: readonly Dialogue[] = [
  {
    title: "offsets in a transaction",
    api: "TxnOffsetCommit",
    versions: [0, 4],
    async hold(talk, version) {
      const [{ name }, read] = [await makeTopic(talk, "topic", { configs: KEEP }), await makeTopic(talk, "read")];
      const producer = await newProducer(talk);
      const groupId = talk.name("group");
      await findCoordinator(talk, groupId);
      const ask = (
        note: string,
        offset: number,
        body: Partial<RequestInput<"TxnOffsetCommit">> = {},
      ): Promise<unknown> =>
        talk.ask(note, "TxnOffsetCommit", version, {
          ...producer,
          groupId,
          topics: [
            {
              name: read.name,
              partitions: [{ partitionIndex: 0, committedOffset: BigInt(offset), committedMetadata: "m" }],
            },
          ],
          ...body,
        });
      const see = (note: string, requireStable = false): Promise<unknown> =>
        talk.ask(note, "OffsetFetch", 7, {
          groupId,
          topics: [{ name: read.name, partitionIndexes: [0] }],
          requireStable,
        });
      await ask("before the group is added", 1);
      await talk.ask("the group", "AddOffsetsToTxn", Math.min(version, 3), { ...producer, groupId });
      await talk.ask("the group again", "AddOffsetsToTxn", Math.min(version, 3), { ...producer, groupId });
      await ask("one", 5);
      await see("while it is open");
      await see("while it is open, stable offsets only", true);
      await ask("an unknown topic", 5, {
        topics: [{ name: "no-such-topic", partitions: [{ partitionIndex: 0, committedOffset: 1n }] }],
      });
      await ask("another producer", 6, { producerId: producer.producerId + 1_000_000n });
      await ask("a group without a name", 6, { groupId: "" });
      if (version >= 3) {
        await ask("a generation of nobody", 6, { generationId: 4, memberId: "who" });
        await ask("a member of nobody", 6, { generationId: -1, memberId: "who" });
      }
      await add(talk, producer, name);
      await talk.quietly("Produce", 7, produceOf(producer, name, 0));
      await end(talk, producer, true);
      await see("committed");
      await talk.quietly("AddOffsetsToTxn", 1, { ...producer, groupId }, ({ errorCode }) => errorCode);
      await ask("another", 9);
      await add(talk, producer, name);
      await talk.quietly("Produce", 7, produceOf(producer, name, 1));
      await end(talk, producer, false);
      await see("after the abort");
    },
  },
  {
    title: "add offsets to a transaction",
    api: "AddOffsetsToTxn",
    async hold(talk, version) {
      const producer = await newProducer(talk);
      const ask = (note: string, body: Partial<Producer & { groupId: string }> = {}): Promise<unknown> =>
        talk.ask(note, "AddOffsetsToTxn", version, { ...producer, groupId: "some-group", ...body });
      await ask("one");
      await ask("again");
      await ask("a group without a name", { groupId: "" });
      await ask("another producer id", { producerId: producer.producerId + 1_000_000n });
      await ask("another epoch", { producerEpoch: 9 });
      await ask("an unknown transaction", { transactionalId: talk.name("other") });
      await ask("a transaction without a name", { transactionalId: "" });
    },
  },
];
