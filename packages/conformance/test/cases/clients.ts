import { CompressionTypes, ConfigResourceTypes, type Kafka } from "kafkajs";
import { expect } from "vitest";
import type { Case, Context } from "../context.ts";
import { collect, openSession } from "../kafkajs-client.ts";

/** A topic that every node knows: kafkajs' own wait for it fails on some brokers. */
async function createTopic(kafka: Kafka, context: Context, numPartitions = 1): Promise<string> {
  const admin = kafka.admin();
  await admin.connect();
  const topic = context.name();
  expect(await admin.createTopics({ topics: [{ topic, numPartitions }], waitForLeaders: true })).toBe(true);
  await admin.disconnect();
  return topic;
}

export const clientCases: readonly Case[] = [
  {
    title: "topics are made, told, described, grown and deleted",
    async run(context) {
      await using session = openSession(context);
      const admin = await session.use(session.kafka.admin());
      const topic = await createTopic(session.kafka, context, 2);
      expect(await admin.createTopics({ topics: [{ topic }] })).toBe(false);
      expect(await admin.listTopics()).toContain(topic);
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      expect(topics[0]?.partitions.map(({ partitionId }) => partitionId).toSorted((a, b) => a - b)).toEqual([0, 1]);
      await admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] });
      const cluster = await admin.describeCluster();
      expect([cluster.brokers.length, cluster.controller === cluster.brokers[0]?.nodeId]).toEqual([1, true]);
      await admin.deleteTopics({ topics: [topic] });
      await expect(admin.fetchTopicOffsets(topic)).rejects.toMatchObject({
        cause: { type: "UNKNOWN_TOPIC_OR_PARTITION" },
      });
    },
  },
  {
    title: "an invalid topic name is refused under Kafka's name for it",
    async run(context) {
      await using session = openSession(context);
      const admin = await session.use(session.kafka.admin());
      await expect(admin.createTopics({ topics: [{ topic: "a b" }] })).rejects.toMatchObject({
        errors: [{ type: "INVALID_TOPIC_EXCEPTION" }],
      });
    },
  },
  {
    title: "a producer gets offsets back with acks 1 and all, nothing with acks 0, and all records arrive in order",
    async run(context) {
      await using session = openSession(context);
      const topic = await createTopic(session.kafka, context);
      const producer = await session.use(session.kafka.producer());
      const send = (value: string, acks: number): Promise<unknown> =>
        producer.send({ topic, acks, messages: [{ value, partition: 0 }] });
      expect(await send("a", -1)).toMatchObject([{ partition: 0, errorCode: 0, baseOffset: "0" }]);
      await send("b", 0);
      expect(await send("c", 1)).toMatchObject([{ baseOffset: "2" }]);
      const consumer = await session.use(session.consumer(context.name()));
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      const received = collect();
      await received.run(consumer);
      expect(await received.until((all) => all.length === 3)).toEqual(["0@0:a", "0@1:b", "0@2:c"]);
    },
  },
  {
    title: "keys, null values, headers and their order, compressed or not, arrive as they were sent",
    async run(context) {
      await using session = openSession(context);
      const topic = await createTopic(session.kafka, context);
      const producer = await session.use(session.kafka.producer());
      for (const compression of [CompressionTypes.None, CompressionTypes.GZIP]) {
        await producer.send({
          topic,
          compression,
          messages: [
            { partition: 0, key: "k", value: null, headers: { b: ["1", "2"], a: "3" }, timestamp: "1700000000000" },
          ],
        });
      }
      const consumer = await session.use(session.consumer(context.name()));
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      const received = collect();
      const seen: object[] = [];
      await received.run(consumer, async ({ message: { key, value, headers, timestamp } }) => {
        seen.push({ key: key?.toString(), value, timestamp, headers: JSON.stringify(headers) });
      });
      await received.until((all) => all.length === 2);
      const bytes = (text: string): object => ({ type: "Buffer", data: [text.charCodeAt(0)] });
      const headers = JSON.stringify({ b: [bytes("1"), bytes("2")], a: bytes("3") });
      const one = { key: "k", value: null, timestamp: "1700000000000", headers };
      expect(seen).toEqual([one, one]);
    },
  },
  {
    title: "the members of a group share the partitions; one who leaves hands its own over",
    async run(context) {
      await using session = openSession(context);
      const topic = await createTopic(session.kafka, context, 4);
      const groupId = context.name();
      const received = collect();
      const assigned = new Map<string, number[]>();
      const changes = new Set<() => void>();
      const until = (isDone: () => boolean): Promise<void> =>
        new Promise((resolve) => {
          const check = (): void => {
            if (!isDone()) return;
            changes.delete(check);
            resolve();
          };
          changes.add(check);
          check();
        });
      const start = async (name: string) => {
        const consumer = session.consumer(groupId);
        consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
          assigned.set(name, payload.memberAssignment[topic] ?? []);
          for (const change of changes) change();
        });
        await session.use(consumer);
        await consumer.subscribe({ topics: [topic], fromBeginning: true });
        await received.run(consumer);
        return consumer;
      };
      const sizes = (): number[] => [...assigned.values()].map((partitions) => partitions.length);
      await start("one");
      await until(() => sizes().join() === "4");
      const two = await start("two");
      await until(() => sizes().join() === "2,2");
      expect([...assigned.values()].flat().toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
      await two.disconnect();
      await until(() => assigned.get("one")?.length === 4);
      const producer = await session.use(session.kafka.producer());
      await producer.send({ topic, messages: [0, 1, 2, 3].map((partition) => ({ value: "v", partition })) });
      const all = await received.until((some) => some.length === 4);
      expect(all.toSorted()).toEqual(["0@0:v", "1@0:v", "2@0:v", "3@0:v"]);
    },
  },
  {
    title: "a group goes on where it committed, and where an admin set its offsets",
    async run(context) {
      await using session = openSession(context);
      const topic = await createTopic(session.kafka, context);
      const groupId = context.name();
      const producer = await session.use(session.kafka.producer());
      await producer.send({ topic, messages: ["a", "b", "c"].map((value) => ({ value, partition: 0 })) });
      const admin = await session.use(session.kafka.admin());
      const consume = async (count: number): Promise<readonly string[]> => {
        const consumer = session.consumer(groupId);
        await consumer.connect();
        await consumer.subscribe({ topics: [topic], fromBeginning: true });
        const received = collect();
        await received.run(consumer);
        const all = await received.until((some) => some.length >= count);
        await consumer.commitOffsets([{ topic, partition: 0, offset: "2", metadata: "mine" }]);
        await consumer.disconnect();
        return all;
      };
      expect(await consume(3)).toEqual(["0@0:a", "0@1:b", "0@2:c"]);
      expect(await admin.fetchOffsets({ groupId, topics: [topic] })).toEqual([
        { topic, partitions: [{ partition: 0, offset: "2", metadata: "mine" }] },
      ]);
      expect(await consume(1)).toEqual(["0@2:c"]);
      await admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: "1" }] });
      expect(await consume(2)).toEqual(["0@1:b", "0@2:c"]);
      expect((await admin.describeGroups([groupId])).groups).toMatchObject([{ groupId, state: "Empty", members: [] }]);
      expect((await admin.listGroups()).groups).toContainEqual({ groupId, protocolType: "consumer" });
      expect(await admin.deleteGroups([groupId])).toMatchObject([{ groupId, errorCode: 0 }]);
    },
  },
  {
    title: "transactions: what is aborted is not seen, what is committed is, and so are its group's offsets",
    async run(context) {
      await using session = openSession(context);
      const topic = await createTopic(session.kafka, context);
      const groupId = context.name();
      const producer = await session.use(
        session.kafka.producer({ transactionalId: context.name(), idempotent: true, maxInFlightRequests: 1 }),
      );
      const run = async (value: string, commit: boolean): Promise<void> => {
        const transaction = await producer.transaction();
        await transaction.send({ topic, messages: [{ value, partition: 0 }] });
        await transaction.sendOffsets({
          consumerGroupId: groupId,
          topics: [{ topic, partitions: [{ partition: 0, offset: commit ? "1" : "7" }] }],
        });
        await (commit ? transaction.commit() : transaction.abort());
      };
      await run("aborted", false);
      await run("committed", true);
      await run("aborted too", false);
      const plain = await session.use(session.kafka.producer({ idempotent: true, maxInFlightRequests: 1 }));
      await plain.send({ topic, messages: [{ value: "plain", partition: 0 }] });
      const consumer = await session.use(session.consumer(context.name()));
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      const received = collect();
      await received.run(consumer);
      // Three records and three markers stand before the plain one.
      expect(await received.until((all) => all.length === 2)).toEqual(["0@2:committed", "0@6:plain"]);
      const admin = await session.use(session.kafka.admin());
      expect(await admin.fetchOffsets({ groupId, topics: [topic] })).toMatchObject([
        { partitions: [{ partition: 0, offset: "1" }] },
      ]);
    },
  },
  {
    title: "an instance that comes back fences the one before",
    async run(context) {
      await using session = openSession(context);
      const topic = await createTopic(session.kafka, context);
      const transactionalId = context.name();
      const open = () =>
        session.use(session.kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 }));
      const old = await open();
      const begun = await old.transaction();
      await begun.send({ topic, messages: [{ value: "old", partition: 0 }] });
      const fresh = await open();
      const transaction = await fresh.transaction();
      await expect(begun.send({ topic, messages: [{ value: "late", partition: 0 }] })).rejects.toMatchObject({
        type: expect.stringMatching(/^(INVALID_PRODUCER_EPOCH|PRODUCER_FENCED)$/),
      });
      await transaction.send({ topic, messages: [{ value: "new", partition: 0 }] });
      await transaction.commit();
      const consumer = await session.use(session.consumer(context.name()));
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      const received = collect();
      await received.run(consumer);
      expect(await received.until((all) => all.length === 1)).toEqual(["0@2:new"]);
    },
  },
  {
    title: "settings are told and changed; records are deleted and found by time",
    async run(context) {
      await using session = openSession(context);
      const topic = await createTopic(session.kafka, context);
      const admin = await session.use(session.kafka.admin());
      const producer = await session.use(session.kafka.producer());
      const now = Date.now();
      await producer.send({
        topic,
        messages: [2_000, 1_000, 0].map((age) => ({ value: "v", partition: 0, timestamp: String(now - age) })),
      });
      expect(await admin.fetchTopicOffsetsByTimestamp(topic, now - 1_500)).toEqual([{ partition: 0, offset: "1" }]);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: "2" }] });
      expect(await admin.fetchTopicOffsets(topic)).toMatchObject([{ partition: 0, low: "2", high: "3" }]);
      await admin.alterConfigs({
        validateOnly: false,
        resources: [
          {
            type: ConfigResourceTypes.TOPIC,
            name: topic,
            configEntries: [{ name: "retention.ms", value: "86400000" }],
          },
        ],
      });
      await expect(
        admin.alterConfigs({
          validateOnly: false,
          resources: [
            { type: ConfigResourceTypes.TOPIC, name: topic, configEntries: [{ name: "retention.ms", value: "soon" }] },
          ],
        }),
      ).rejects.toMatchObject({ type: "INVALID_CONFIG" });
    },
  },
];
