import { createRandom, type Random } from "@ondash/core";
import { errorName, type RequestInput } from "@ondash/embedded-kafka/wire";
import { batch, KEEP, STAMP } from "./batches.ts";
import { type Dialogue, findCoordinator, LEADER_NOT_AVAILABLE, makeTopic } from "./dialogue.ts";
import type { Talk } from "./talk.ts";

/** Of 150 schedules of 120 steps that were held, those that once found a difference. */
const SEEDS: readonly number[] = [2, 6, 7, 9, 10, 26, 78, 105, 114, 125];
const STEPS = 75;
const PARTITIONS = 2;

/** A producer as its client sees it: what it would send next, whether or not the broker agrees. */
interface Producer {
  readonly transactionalId: string | null;
  producerId: bigint;
  producerEpoch: number;
  /** Next sequence number, by partition. */
  readonly next: number[];
  /** The last batches that it sent, to send one of them again. */
  readonly sent: { readonly partition: number; readonly baseSequence: number; readonly values: readonly string[] }[];
}

interface World {
  readonly talk: Talk;
  readonly random: Random;
  readonly topic: string;
  readonly groupId: string;
  readonly plain: readonly Producer[];
  readonly transactional: readonly Producer[];
}

type Action = (world: World) => Promise<void>;

const pick = <T>(random: Random, list: readonly T[]): T => list[random.int(0, list.length - 1)] as T;

function valuesOf(random: Random): string[] {
  return Array.from({ length: random.int(1, 3) }, () => "v".repeat(random.int(1, 40)));
}

function produceOf(
  topic: string,
  partition: number,
  records: Uint8Array,
  transactionalId: string | null,
): RequestInput<"Produce"> {
  return {
    transactionalId,
    acks: -1,
    timeoutMs: 10_000,
    topicData: [{ name: topic, partitionData: [{ index: partition, records }] }],
  };
}

/** Sends a batch as the producer would, or as one that has lost its way: again, after a gap, in another epoch. */
async function send(world: World, producer: Producer): Promise<void> {
  const { talk, random, topic } = world;
  const transactional = producer.transactionalId !== null;
  const partition = random.int(0, PARTITIONS - 1);
  const manner = pick(random, ["next", "next", "next", "next", "again", "gap", "older epoch", "newer epoch"] as const);
  const before = manner === "again" && producer.sent.length > 0 ? pick(random, producer.sent) : undefined;
  const values = before?.values ?? valuesOf(random);
  const at = before?.partition ?? partition;
  const baseSequence = before?.baseSequence ?? (producer.next[at] ?? 0) + (manner === "gap" ? 2 : 0);
  const step = manner === "older epoch" ? -1 : manner === "newer epoch" ? 1 : 0;
  const producerEpoch = Math.max(0, producer.producerEpoch + step);
  const { producerId } = producer;
  const records = batch(values, {
    producerId,
    producerEpoch,
    baseSequence,
    transactional,
    baseTimestamp: time(random),
  });
  const note = `${manner}, sequence ${baseSequence}, epoch ${producerEpoch}, partition ${at}`;
  const { responses } = await talk.ask(note, "Produce", 7, produceOf(topic, at, records, producer.transactionalId));
  if (responses[0]?.partitionResponses[0]?.errorCode !== 0 || before !== undefined) return;
  if (producerEpoch !== producer.producerEpoch) producer.next.fill(0);
  producer.producerEpoch = producerEpoch;
  producer.next[at] = baseSequence + values.length;
  producer.sent.push({ partition: at, baseSequence, values });
  if (producer.sent.length > 7) producer.sent.shift();
}

const time = (random: Random): bigint => STAMP + BigInt(random.int(0, 50));

/** Asks for the producer's id and epoch, which aborts what it has open. */
async function init(talk: Talk, producer: Producer): Promise<void> {
  const { transactionalId } = producer;
  const body = { transactionalId, transactionTimeoutMs: 60_000 };
  const answer = await talk.quietly("InitProducerId", 1, body, ({ errorCode }) => errorCode);
  if (answer.errorCode !== 0) throw new Error(`InitProducerId: ${errorName(answer.errorCode)}`);
  producer.producerId = answer.producerId;
  producer.producerEpoch = answer.producerEpoch;
  producer.next.fill(0);
  producer.sent.length = 0;
}

/** Waits until no markers of the transaction are outstanding. */
async function settle(talk: Talk, { transactionalId }: Producer): Promise<void> {
  const body = { transactionalIds: [transactionalId ?? ""] };
  await talk.quietly("DescribeTransactions", 0, body, ({ transactionStates }) =>
    transactionStates[0]?.transactionState.startsWith("Prepare") === true ? LEADER_NOT_AVAILABLE : 0,
  );
}

const actions: readonly Action[] = [
  async ({ talk, random, topic }) => {
    const partition = random.int(0, PARTITIONS - 1);
    const records = batch(valuesOf(random), { baseTimestamp: time(random) });
    await talk.ask(`plain, partition ${partition}`, "Produce", 7, produceOf(topic, partition, records, null));
  },
  (world) => send(world, pick(world.random, world.plain)),
  (world) => send(world, pick(world.random, world.plain)),
  (world) => send(world, pick(world.random, world.transactional)),
  (world) => send(world, pick(world.random, world.transactional)),
  async ({ talk, random, topic, transactional }) => {
    const producer = pick(random, transactional);
    const partitions = pick(random, [[0], [1], [0, 1]]);
    await talk.ask(`partitions ${partitions.join()}`, "AddPartitionsToTxn", 1, {
      v3AndBelowTransactionalId: producer.transactionalId ?? "",
      v3AndBelowProducerId: producer.producerId,
      v3AndBelowProducerEpoch: producer.producerEpoch,
      v3AndBelowTopics: [{ name: topic, partitions }],
    });
  },
  async ({ talk, random, transactional }) => {
    const producer = pick(random, transactional);
    const committed = random.int(0, 1) === 1;
    const { transactionalId, producerId, producerEpoch } = producer;
    await talk.ask(committed ? "commit" : "abort", "EndTxn", 1, {
      transactionalId: transactionalId ?? "",
      producerId,
      producerEpoch,
      committed,
    });
    await settle(talk, producer);
  },
  async ({ talk, random, transactional }) => {
    if (random.int(0, 2) === 0) await init(talk, pick(random, transactional));
  },
  async ({ talk, random, transactional, groupId }) => {
    const { transactionalId, producerId, producerEpoch } = pick(random, transactional);
    await talk.ask("the group", "AddOffsetsToTxn", 1, {
      transactionalId: transactionalId ?? "",
      producerId,
      producerEpoch,
      groupId,
    });
  },
  async ({ talk, random, transactional, groupId, topic }) => {
    const { transactionalId, producerId, producerEpoch } = pick(random, transactional);
    const offset = random.int(0, 99);
    await talk.ask(`offset ${offset}`, "TxnOffsetCommit", 2, {
      transactionalId: transactionalId ?? "",
      producerId,
      producerEpoch,
      groupId,
      topics: [{ name: topic, partitions: [{ partitionIndex: random.int(0, 1), committedOffset: BigInt(offset) }] }],
    });
  },
  async ({ talk, random, groupId, topic }) => {
    const offset = random.int(0, 99);
    await talk.ask(`offset ${offset}`, "OffsetCommit", 6, {
      groupId,
      generationIdOrMemberEpoch: -1,
      topics: [{ name: topic, partitions: [{ partitionIndex: random.int(0, 1), committedOffset: BigInt(offset) }] }],
    });
  },
  async ({ talk, random, groupId, topic }) => {
    const requireStable = random.int(0, 1) === 1;
    const body = { groupId, topics: [{ name: topic, partitionIndexes: [0, 1] }], requireStable };
    await talk.ask(requireStable ? "stable" : "any", "OffsetFetch", 7, body);
  },
  (world) => fetch(world),
  (world) => fetch(world),
  async ({ talk, random, topic }) => {
    const timestamp = pick(random, [-1n, -2n, time(random)]);
    const isolationLevel = random.int(0, 1);
    await talk.ask(`${timestamp}, isolation ${isolationLevel}`, "ListOffsets", 7, {
      replicaId: -1,
      isolationLevel,
      topics: [
        {
          name: topic,
          partitions: Array.from({ length: PARTITIONS }, (_, partitionIndex) => ({
            partitionIndex,
            timestamp,
            currentLeaderEpoch: -1,
          })),
        },
      ],
    });
  },
  async ({ talk, random, topic }) => {
    if (random.int(0, 3) > 0) return;
    const [partitionIndex, offset] = [random.int(0, PARTITIONS - 1), random.int(-1, 25)];
    await talk.ask(`partition ${partitionIndex}, offset ${offset}`, "DeleteRecords", 1, {
      topics: [{ name: topic, partitions: [{ partitionIndex, offset: BigInt(offset) }] }],
      timeoutMs: 10_000,
    });
  },
];

async function fetch({ talk, random, topic }: World): Promise<void> {
  const isolationLevel = random.int(0, 1);
  const wanted = [0, 1].map((partition) => ({
    partition,
    fetchOffset: BigInt(random.int(0, 30)),
    partitionMaxBytes: pick(random, [100, 300, 1 << 20]),
  }));
  const note = wanted.map(({ fetchOffset, partitionMaxBytes }) => `${fetchOffset} (${partitionMaxBytes})`).join();
  await talk.ask(`from ${note}, isolation ${isolationLevel}`, "Fetch", 11, {
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: pick(random, [150, 1 << 20]),
    isolationLevel,
    sessionEpoch: -1,
    topics: [{ topic, partitions: wanted }],
  });
}

async function hold(talk: Talk, seed: number): Promise<void> {
  const random = createRandom(seed);
  const { name: topic } = await makeTopic(talk, "topic", { partitions: PARTITIONS, configs: KEEP });
  const groupId = talk.name("group");
  await findCoordinator(talk, groupId);
  const producers = [null, null, talk.name("one"), talk.name("two")].map(
    (transactionalId): Producer => ({ transactionalId, producerId: -1n, producerEpoch: -1, next: [0, 0], sent: [] }),
  );
  for (const producer of producers) {
    if (producer.transactionalId !== null) await findCoordinator(talk, producer.transactionalId, 1);
    await init(talk, producer);
  }
  const plain = producers.filter(({ transactionalId }) => transactionalId === null);
  const transactional = producers.filter(({ transactionalId }) => transactionalId !== null);
  const world: World = { talk, random, topic, groupId, plain, transactional };
  for (let step = 0; step < STEPS; step++) await pick(random, actions)(world);
  // At the end nothing is open, and everything is looked at.
  for (const producer of transactional) await init(talk, producer);
  for (const isolationLevel of [0, 1]) {
    await talk.ask(`everything, isolation ${isolationLevel}`, "Fetch", 11, {
      maxWaitMs: 0,
      maxBytes: 1 << 20,
      isolationLevel,
      sessionEpoch: -1,
      topics: [
        { topic, partitions: [0, 1].map((partition) => ({ partition, fetchOffset: 0n, partitionMaxBytes: 1 << 20 })) },
      ],
    });
  }
}

/** Seeded schedules of everything that can happen to two partitions; the same on every broker. */
export const scheduleDialogues: readonly Dialogue[] = SEEDS.map((seed) => ({
  title: `schedule ${seed}`,
  api: "Produce",
  versions: [7, 7],
  hold: (talk) => hold(talk, seed),
}));
