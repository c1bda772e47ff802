import { errorName, type RequestInput } from "@ondash/embedded-kafka/wire";
import { batch, KEEP } from "./batches.ts";
import { type Dialogue, findCoordinator, LEADER_NOT_AVAILABLE, makeTopic } from "./dialogue.ts";
import type { Talk } from "./talk.ts";

interface Producer {
  readonly transactionalId: string;
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/** A transactional producer, as an old client makes it. */
async function newProducer(talk: Talk, label = "transaction"): Promise<Producer> {
  const transactionalId = talk.name(label);
  await findCoordinator(talk, transactionalId, 1);
  const { producerId, producerEpoch } = await talk.quietly(
    "InitProducerId",
    1,
    { transactionalId, transactionTimeoutMs: 60_000 },
    ({ errorCode }) => errorCode,
  );
  return { transactionalId, producerId, producerEpoch };
}

function addOf(
  producer: Producer,
  name: string,
  partitions: readonly number[] = [0],
): RequestInput<"AddPartitionsToTxn"> {
  return {
    v3AndBelowTransactionalId: producer.transactionalId,
    v3AndBelowProducerId: producer.producerId,
    v3AndBelowProducerEpoch: producer.producerEpoch,
    v3AndBelowTopics: [{ name, partitions }],
  };
}

/** Adds partition 0 of the topic, once the transaction before has ended. */
async function add(talk: Talk, producer: Producer, name: string): Promise<void> {
  const { resultsByTopicV3AndBelow: results } = await talk.quietly(
    "AddPartitionsToTxn",
    1,
    addOf(producer, name),
    (answer) => answer.resultsByTopicV3AndBelow[0]?.resultsByPartition[0]?.partitionErrorCode,
  );
  const code = results[0]?.resultsByPartition[0]?.partitionErrorCode ?? -1;
  if (code !== 0) throw new Error(`AddPartitionsToTxn: ${errorName(code)}`);
}

function produceOf(
  producer: Producer,
  name: string,
  baseSequence: number,
  value = "t",
  transactional = true,
): RequestInput<"Produce"> {
  const { transactionalId, producerId, producerEpoch } = producer;
  const records = batch([value], { producerId, producerEpoch, baseSequence, transactional });
  return {
    transactionalId: transactional ? transactionalId : null,
    acks: -1,
    timeoutMs: 10_000,
    topicData: [{ name, partitionData: [{ index: 0, records }] }],
  };
}

function fetchOf(topic: string, isolationLevel: 0 | 1, fetchOffset = 0n): RequestInput<"Fetch"> {
  return {
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 1 << 20,
    isolationLevel,
    sessionEpoch: -1,
    topics: [{ topic, partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 1 << 20 }] }],
  };
}

/** Waits until the markers of a transaction are written: EndTxn is answered before. */
async function complete(talk: Talk, { transactionalId }: Producer): Promise<void> {
  await talk.quietly("DescribeTransactions", 0, { transactionalIds: [transactionalId] }, ({ transactionStates }) =>
    transactionStates[0]?.transactionState.startsWith("Complete") === true ? 0 : LEADER_NOT_AVAILABLE,
  );
}

/** Ends the transaction and waits for its markers. */
async function end(talk: Talk, producer: Producer, committed: boolean): Promise<void> {
  await talk.quietly("EndTxn", 1, { ...producer, committed });
  await complete(talk, producer);
}

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
  {
    title: "describe transactions",
    api: "DescribeTransactions",
    async hold(talk, version) {
      const producer = await newProducer(talk);
      const ask = (note: string, ...transactionalIds: string[]): Promise<unknown> =>
        talk.ask(note, "DescribeTransactions", version, { transactionalIds });
      await ask("a new and an unknown one", producer.transactionalId, talk.name("other"));
      await ask("no name", "");
      await ask("none");
    },
  },
  {
    title: "list transactions",
    api: "ListTransactions",
    async hold(talk, version) {
      const producer = await newProducer(talk);
      await talk.ask("of the producer", "ListTransactions", version, { producerIdFilters: [producer.producerId] });
      await talk.ask("of an unknown producer", "ListTransactions", version, { producerIdFilters: [9_999_999n] });
      await talk.ask("in an unknown state", "ListTransactions", version, {
        stateFilters: ["NoSuchState"],
        producerIdFilters: [producer.producerId],
      });
      await talk.ask("that are ongoing", "ListTransactions", version, {
        stateFilters: ["Ongoing"],
        producerIdFilters: [producer.producerId],
      });
    },
  },
];
