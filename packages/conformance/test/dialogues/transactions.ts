import type { RequestInput } from "@ondash/embedded-kafka/wire";
import { batch, KEEP } from "./batches.ts";
import { type Dialogue, findCoordinator, makeTopic } from "./dialogue.ts";
import { add, addOf, complete, end, fetchOf, newProducer, type Producer, produceOf } from "./transaction-requests.ts";

export const transactionDialogues: readonly Dialogue[] = [
  {
    title: "init producer id",
    api: "InitProducerId",
    async hold(talk, version) {
      const ask = (
        note: string,
        transactionalId: string | null,
        transactionTimeoutMs = 60_000,
        rest = {},
      ): Promise<unknown> =>
        talk.ask(note, "InitProducerId", version, { transactionalId, transactionTimeoutMs, ...rest });
      await talk.quietly(
        "InitProducerId",
        1,
        { transactionalId: null, transactionTimeoutMs: 60_000 },
        ({ errorCode }) => errorCode,
      );
      await ask("without a transaction", null);
      await ask("without a transaction, again", null);
      await ask("without a transaction, a timeout of -1", null, -1);
      await ask("an empty transaction", "");
      const transactionalId = talk.name("transaction");
      await findCoordinator(talk, transactionalId, 1);
      await talk.quietly(
        "InitProducerId",
        1,
        { transactionalId, transactionTimeoutMs: 60_000 },
        ({ errorCode }) => errorCode,
      );
      await ask("a transaction", transactionalId);
      await ask("again", transactionalId);
      await ask("a timeout of 0", talk.name("other"), 0);
      await ask("a timeout of -1", talk.name("other"), -1);
      await ask("a timeout that is too long", talk.name("other"), 900_001);
      if (version >= 3) {
        const mine = await talk.quietly("InitProducerId", 1, { transactionalId, transactionTimeoutMs: 60_000 });
        const { producerId, producerEpoch } = mine;
        await ask("with one's id and epoch", transactionalId, 60_000, { producerId, producerEpoch });
        await ask("with them again", transactionalId, 60_000, { producerId, producerEpoch });
        await ask("with an older epoch", transactionalId, 60_000, { producerId, producerEpoch: 0 });
        await ask("with another id", transactionalId, 60_000, { producerId: producerId + 1_000_000n, producerEpoch });
        await ask("with an epoch alone", transactionalId, 60_000, { producerEpoch });
        await ask("with an id alone", transactionalId, 60_000, { producerId });
        await ask("idempotent, with an id and epoch", null, 60_000, { producerId, producerEpoch });
      }
    },
  },
  {
    title: "add partitions to a transaction",
    api: "AddPartitionsToTxn",
    versions: [0, 3],
    async hold(talk, version) {
      const { name } = await makeTopic(talk, "topic", { partitions: 2 });
      const producer = await newProducer(talk);
      const ask = (note: string, who: Producer, topic = name, partitions = [0]): Promise<unknown> =>
        talk.ask(note, "AddPartitionsToTxn", version, addOf(who, topic, partitions));
      await ask("one", producer);
      await ask("it again, and another", producer, name, [0, 1]);
      await ask("an unknown partition among them", producer, name, [0, 9]);
      await ask("an unknown topic", producer, "no-such-topic");
      await ask("another producer id", { ...producer, producerId: producer.producerId + 1_000_000n });
      await ask("an older epoch", { ...producer, producerEpoch: -1 });
      await ask("an epoch to come", { ...producer, producerEpoch: 9 });
      await ask("an unknown transaction", { ...producer, transactionalId: talk.name("other") });
      await ask("a transaction without a name", { ...producer, transactionalId: "" });
      await ask("nothing", producer, name, []);
    },
  },
  {
    title: "commit and abort",
    api: "EndTxn",
    versions: [0, 4],
    async hold(talk, version) {
      const { name } = await makeTopic(talk, "topic", { configs: KEEP });
      const producer = await newProducer(talk);
      const ask = (note: string, committed: boolean, who: Partial<Producer> = {}): Promise<unknown> =>
        talk.ask(note, "EndTxn", version, { ...producer, ...who, committed });
      await ask("nothing was begun", true);
      await add(talk, producer, name);
      await talk.ask("in the transaction", "Produce", 7, produceOf(producer, name, 0));
      await talk.ask("committed only, while it is open", "Fetch", 11, fetchOf(name, 1));
      await talk.ask("everything, while it is open", "Fetch", 11, fetchOf(name, 0));
      await talk.ask("the end for committed readers", "ListOffsets", 4, {
        replicaId: -1,
        isolationLevel: 1,
        topics: [{ name, partitions: [{ partitionIndex: 0, timestamp: -1n, currentLeaderEpoch: -1 }] }],
      });
      await ask("another producer id", true, { producerId: producer.producerId + 1_000_000n });
      await ask("another epoch", true, { producerEpoch: producer.producerEpoch + 3 });
      await ask("an unknown transaction", true, { transactionalId: talk.name("other") });
      await ask("a transaction without a name", true, { transactionalId: "" });
      await ask("commit", true);
      await complete(talk, producer);
      await ask("commit again", true);
      await ask("abort what is committed", false);
      await add(talk, producer, name);
      await talk.ask("in the second transaction", "Produce", 7, produceOf(producer, name, 1));
      await ask("abort", false);
      await complete(talk, producer);
      await ask("abort again", false);
      await ask("commit what is aborted", true);
      await add(talk, producer, name);
      await talk.ask("in the third transaction", "Produce", 7, produceOf(producer, name, 2));
      await talk.ask("a plain record", "Produce", 7, {
        acks: -1,
        timeoutMs: 10_000,
        topicData: [{ name, partitionData: [{ index: 0, records: batch(["plain"]) }] }],
      });
      await talk.ask("committed only", "Fetch", 11, fetchOf(name, 1));
      await talk.ask("everything", "Fetch", 11, fetchOf(name, 0));
      await talk.ask("of the producer", "DescribeTransactions", 0, { transactionalIds: [producer.transactionalId] });
      await talk.ask("of the partition", "DescribeProducers", 0, { topics: [{ name, partitionIndexes: [0] }] });
      await ask("commit", true);
      await complete(talk, producer);
      await talk.ask("committed only, at the end", "Fetch", 11, fetchOf(name, 1));
      await talk.ask("committed only, from within", "Fetch", 11, fetchOf(name, 1, 3n));
    },
  },
  {
    title: "produce in a transaction",
    api: "Produce",
    versions: [3, 11],
    async hold(talk, version) {
      const [{ name }, other] = [await makeTopic(talk, "topic", { configs: KEEP }), await makeTopic(talk, "other")];
      const producer = await newProducer(talk);
      const ask = (note: string, body: RequestInput<"Produce">): Promise<unknown> =>
        talk.ask(note, "Produce", version, body);
      await ask("before it is begun", produceOf(producer, name, 0));
      await add(talk, producer, name);
      await ask("in it", produceOf(producer, name, 0));
      await ask("in it again, the same", produceOf(producer, name, 0));
      await ask("in it, after a gap", produceOf(producer, name, 4));
      await ask("to a partition that is not in it", produceOf(producer, other.name, 0));
      await ask("without its name", { ...produceOf(producer, name, 1), transactionalId: null });
      await ask("with another name", { ...produceOf(producer, name, 1), transactionalId: talk.name("another") });
      await ask("a plain batch of this producer", produceOf(producer, name, 1, "plain", false));
      await ask(
        "of another producer",
        produceOf({ ...producer, producerId: producer.producerId + 1_000_000n }, name, 0),
      );
      await ask("of an older epoch", produceOf({ ...producer, producerEpoch: -1 }, name, 1));
      await ask("of an epoch to come", produceOf({ ...producer, producerEpoch: 4 }, name, 0));
      await end(talk, producer, true);
      await ask("after its end", produceOf(producer, name, 1));
      await talk.ask("what was appended", "Fetch", 11, fetchOf(name, 0));
    },
  },
  {
    title: "fencing",
    api: "EndTxn",
    versions: [0, 3],
    async hold(talk, version) {
      const { name } = await makeTopic(talk, "topic", { configs: KEEP });
      const { name: groupTopic } = await makeTopic(talk, "group-topic");
      const old = await newProducer(talk);
      await add(talk, old, name);
      await talk.quietly("Produce", 7, produceOf(old, name, 0));
      const { transactionalId } = old;
      // Aborts what is open; the answer is "not yet" until the abort is done.
      const fresh = await talk.quietly(
        "InitProducerId",
        1,
        { transactionalId, transactionTimeoutMs: 60_000 },
        ({ errorCode }) => errorCode,
      );
      const producer: Producer = { transactionalId, producerId: fresh.producerId, producerEpoch: fresh.producerEpoch };
      await talk.ask("of the old one", "EndTxn", version, { ...old, committed: true });
      await talk.ask("of the old one", "AddPartitionsToTxn", version, addOf(old, name));
      const groupId = talk.name("group");
      await talk.ask("of the old one", "AddOffsetsToTxn", version, { ...old, groupId });
      await talk.ask("of the old one", "Produce", 7, produceOf(old, name, 1));
      if (version >= 1) {
        await talk.ask("of the old one", "InitProducerId", version + 2, { ...old, transactionTimeoutMs: 60_000 });
      }
      await add(talk, producer, name);
      await talk.ask("of the new one", "Produce", 7, produceOf(producer, name, 0));
      await talk.ask("of the old one, while the new one is at work", "Produce", 7, produceOf(old, name, 1));
      await end(talk, producer, true);
      await talk.ask("what is committed", "Fetch", 11, fetchOf(name, 1));
      await findCoordinator(talk, groupId);
      await talk.ask("of the old one", "TxnOffsetCommit", Math.min(version, 2), {
        ...old,
        groupId,
        topics: [{ name: groupTopic, partitions: [{ partitionIndex: 0, committedOffset: 1n }] }],
      });
    },
  },
];
