import { ConfigResourceTypes, type KafkaJSProtocolError } from "kafkajs";
import { expect, it } from "vitest";
import { startFixture } from "./clients.ts";

it("creates, lists, describes and deletes topics", async () => {
  await using fixture = await startFixture();
  const admin = fixture.use(fixture.client.admin());
  await admin.connect();
  expect(await admin.createTopics({ topics: [{ topic: "a", numPartitions: 3 }, { topic: "b" }] })).toBe(true);
  expect(await admin.createTopics({ topics: [{ topic: "a" }] })).toBe(false);
  expect(await admin.listTopics()).toEqual(["a", "b"]);
  const { topics } = await admin.fetchTopicMetadata({ topics: ["a"] });
  expect(topics[0]?.partitions.map(({ partitionId, leader, isr }) => ({ partitionId, leader, isr }))).toEqual(
    [0, 1, 2].map((partitionId) => ({ partitionId, leader: 0, isr: [0] })),
  );
  await admin.deleteTopics({ topics: ["a"] });
  expect(await admin.listTopics()).toEqual(["b"]);
  const impatient = fixture.use(fixture.client.admin({ retry: { retries: 0 } }));
  await impatient.connect();
  const again = impatient.deleteTopics({ topics: ["a"] });
  await expect(again).rejects.toMatchObject({ cause: { type: "UNKNOWN_TOPIC_OR_PARTITION" } });
});

it.each([
  [{ topic: "a/b" }, "INVALID_TOPIC_EXCEPTION"],
  [{ topic: "x", numPartitions: 0 }, "INVALID_PARTITIONS"],
  [{ topic: "x", replicationFactor: 2 }, "INVALID_REPLICATION_FACTOR"],
  [{ topic: "x", configEntries: [{ name: "retention.ms", value: "soon" }] }, "INVALID_CONFIG"],
  [
    { topic: "x", replicaAssignment: [{ partition: 0, replicas: [7] }], numPartitions: -1, replicationFactor: -1 },
    "INVALID_REPLICA_ASSIGNMENT",
  ],
] as const)("refuses to create %j", async (topic, type) => {
  await using fixture = await startFixture();
  const admin = fixture.use(fixture.client.admin());
  await admin.connect();
  const failure = await admin
    .createTopics({ topics: [topic as never] })
    .catch((error: unknown) => error as { errors: KafkaJSProtocolError[] });
  expect(failure).toMatchObject({ errors: [{ type }] });
  expect(await admin.listTopics()).toEqual([]);
});

it("creates nothing when it is only to validate", async () => {
  await using fixture = await startFixture();
  const admin = fixture.use(fixture.client.admin());
  await admin.connect();
  expect(await admin.createTopics({ topics: [{ topic: "a" }], validateOnly: true, waitForLeaders: false })).toBe(true);
  expect(await admin.listTopics()).toEqual([]);
});

it("describes the cluster", async () => {
  await using fixture = await startFixture({ nodes: 3, seed: 7 });
  const admin = fixture.use(fixture.client.admin());
  await admin.connect();
  const { brokers, controller, clusterId } = await admin.describeCluster();
  expect(brokers.map(({ nodeId, host, port }) => `${nodeId} ${host}:${port}`)).toEqual(
    fixture.kafka.brokers.map((broker, id) => `${id} ${broker}`),
  );
  expect(controller).toBe(0);
  expect(clusterId).toBe(fixture.kafka.clusterId);
});

it("describes and alters the settings of topics, and describes those of nodes", async () => {
  await using fixture = await startFixture();
  const admin = fixture.use(fixture.client.admin());
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: "a", configEntries: [{ name: "cleanup.policy", value: "compact" }] }] });
  const describe = async (configNames: string[]): Promise<unknown> => {
    const resources = [{ type: ConfigResourceTypes.TOPIC, name: "a", configNames }];
    const { resources: described } = await admin.describeConfigs({ includeSynonyms: false, resources });
    return described[0]?.configEntries.map(({ configName, configValue, configSource }) => [
      configName,
      configValue,
      configSource,
    ]);
  };
  expect(await describe(["cleanup.policy", "retention.ms"])).toEqual([
    ["cleanup.policy", "compact", 1],
    ["retention.ms", "604800000", 5],
  ]);
  const configEntries = [{ name: "retention.ms", value: "1000" }];
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: "a", configEntries }],
  });
  // AlterConfigs gives exactly the settings named.
  expect(await describe(["cleanup.policy", "retention.ms"])).toEqual([
    ["cleanup.policy", "delete", 5],
    ["retention.ms", "1000", 1],
  ]);
  const resources = [{ type: ConfigResourceTypes.BROKER, name: "0", configNames: ["num.partitions"] }];
  const { resources: nodes } = await admin.describeConfigs({ includeSynonyms: false, resources });
  expect(nodes[0]?.configEntries).toMatchObject([{ configName: "num.partitions", configValue: "1" }]);
});

it("lets a topic grow, but not shrink", async () => {
  await using fixture = await startFixture();
  fixture.kafka.createTopic({ name: "a", partitions: 2 });
  const admin = fixture.use(fixture.client.admin());
  await admin.connect();
  await admin.createPartitions({ topicPartitions: [{ topic: "a", count: 4 }] });
  expect(await admin.fetchTopicOffsets("a")).toHaveLength(4);
  const shrink = admin.createPartitions({ topicPartitions: [{ topic: "a", count: 3 }] });
  await expect(shrink).rejects.toMatchObject({ type: "INVALID_PARTITIONS" });
});

it("deletes records up to an offset", async () => {
  await using fixture = await startFixture();
  fixture.kafka.createTopic({ name: "a" });
  const producer = fixture.use(fixture.client.producer());
  const admin = fixture.use(fixture.client.admin());
  await Promise.all([producer.connect(), admin.connect()]);
  await producer.send({ topic: "a", messages: ["1", "2", "3", "4"].map((value) => ({ value })) });
  const remove = (offset: string): Promise<void> =>
    admin.deleteTopicRecords({ topic: "a", partitions: [{ partition: 0, offset }] });
  // kafkajs wants to have seen the topic before.
  await admin.fetchTopicOffsets("a");
  await remove("3");
  expect(await admin.fetchTopicOffsets("a")).toMatchObject([{ low: "3", high: "4" }]);
  await expect(remove("5")).rejects.toMatchObject({
    cause: { partitions: [{ error: { type: "OFFSET_OUT_OF_RANGE" } }] },
  });
  await remove("-1");
  expect(await admin.fetchTopicOffsets("a")).toMatchObject([{ low: "4", high: "4" }]);
});

it("finds offsets by time, and sets and fetches the offsets of groups", async () => {
  await using fixture = await startFixture();
  fixture.kafka.createTopic({ name: "a" });
  const producer = fixture.use(fixture.client.producer());
  const admin = fixture.use(fixture.client.admin());
  await Promise.all([producer.connect(), admin.connect()]);
  const messages = [1_000, 3_000, 2_000].map((timestamp) => ({ value: "v", timestamp: `${timestamp}` }));
  await producer.send({ topic: "a", messages });
  const at = async (time: number): Promise<string | undefined> =>
    (await admin.fetchTopicOffsetsByTimestamp("a", time))[0]?.offset;
  expect([await at(500), await at(1_001), await at(3_000)]).toEqual(["0", "1", "1"]);
  // kafkajs puts the end where the broker finds nothing.
  expect(await at(3_001)).toBe("3");
  await admin.setOffsets({ groupId: "g", topic: "a", partitions: [{ partition: 0, offset: "2" }] });
  expect(await admin.fetchOffsets({ groupId: "g", topics: ["a"] })).toMatchObject([{ partitions: [{ offset: "2" }] }]);
  expect(await admin.listGroups()).toMatchObject({ groups: [{ groupId: "g" }] });
  await admin.deleteGroups(["g"]);
  expect(await admin.listGroups()).toEqual({ groups: [] });
});
