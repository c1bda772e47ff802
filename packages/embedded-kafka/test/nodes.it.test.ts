import { type EmbeddedKafka, startEmbeddedKafka } from "@ondash/embedded-kafka";
import { connectRaw, ErrorCode, encodeRecordBatch, type RawConnection } from "@ondash/embedded-kafka/wire";
import { expect, it } from "vitest";

/** Connections to all nodes of a cluster, by their ids. */
async function connectAll({ brokers }: EmbeddedKafka): Promise<RawConnection[]> {
  return Promise.all(brokers.map((broker) => connectRaw({ host: "127.0.0.1", port: Number(broker.split(":")[1]) })));
}

it("answers for partitions only at their leader, and for records only there", async () => {
  await using kafka = await startEmbeddedKafka({ nodes: 3 });
  kafka.createTopic({ name: "a", replicationFactor: 2 });
  const nodes = await connectAll(kafka);
  const metadata = await nodes[2]?.request("Metadata", 7, { topics: [{ name: "a" }] });
  const partition = metadata?.topics[0]?.partitions[0];
  const records = encodeRecordBatch({ records: [{ value: Uint8Array.of(1) }], baseTimestamp: 1n });
  const codes: number[][] = [];
  for (const node of nodes) {
    const topicData = [{ name: "a", partitionData: [{ index: 0, records }] }];
    const produced = await node.request("Produce", 8, { acks: -1, timeoutMs: 100, topicData });
    const topics = [{ topic: "a", partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 100 }] }];
    const fetched = await node.request("Fetch", 10, { maxWaitMs: 0, minBytes: 1, maxBytes: 100, topics });
    const listed = await node.request("ListOffsets", 5, {
      topics: [{ name: "a", partitions: [{ partitionIndex: 0, timestamp: -1n }] }],
    });
    codes.push([
      produced.responses[0]?.partitionResponses[0]?.errorCode ?? -2,
      fetched.responses[0]?.partitions[0]?.errorCode ?? -2,
      listed.topics[0]?.partitions[0]?.errorCode ?? -2,
    ]);
  }
  const elsewhere = ErrorCode.NOT_LEADER_OR_FOLLOWER;
  expect(codes).toEqual(
    nodes.map((_, id) => (id === partition?.leaderId ? [0, 0, 0] : [elsewhere, elsewhere, elsewhere])),
  );
  expect(partition?.replicaNodes).toHaveLength(2);
  await Promise.all(nodes.map((node) => node.close()));
});

it("lets consumers read from any replica, and tells those who come to the wrong node who leads", async () => {
  await using kafka = await startEmbeddedKafka({ nodes: 3 });
  kafka.createTopic({ name: "a", replicationFactor: 2 });
  const nodes = await connectAll(kafka);
  const metadata = await nodes[0]?.request("Metadata", 12, { topics: [{ name: "a" }] });
  const topicId = metadata?.topics[0]?.topicId ?? "";
  const { leaderId = -1, replicaNodes = [] } = metadata?.topics[0]?.partitions[0] ?? {};
  const answers = await Promise.all(
    nodes.map(async (node) => {
      const partitions = [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 100 }];
      const fetched = await node.request("Fetch", 16, { sessionEpoch: -1, topics: [{ topicId, partitions }] });
      const { errorCode, currentLeader } = fetched.responses[0]?.partitions[0] ?? {};
      return {
        errorCode,
        leader: currentLeader?.leaderId,
        endpoints: fetched.nodeEndpoints.map(({ nodeId }) => nodeId),
      };
    }),
  );
  const replica = { errorCode: ErrorCode.NONE, leader: -1, endpoints: [] };
  const other = { errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER, leader: leaderId, endpoints: [leaderId] };
  expect(answers).toEqual(nodes.map((_, id) => (replicaNodes.includes(id) ? replica : other)));
  const unknown = [{ topicId: "11111111-1111-1111-1111-111111111111", partitions: [{ partition: 0 }] }];
  const failed = await nodes[0]?.request("Fetch", 13, { sessionEpoch: -1, maxWaitMs: 10_000, topics: unknown });
  expect(failed?.responses[0]?.partitions[0]?.errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_ID);
  await Promise.all(nodes.map((node) => node.close()));
});

it("answers for a group or a transactional id only at its coordinator, which every node names alike", async () => {
  await using kafka = await startEmbeddedKafka({ nodes: 3 });
  const nodes = await connectAll(kafka);
  const find = async (keyType: number, key: string): Promise<number[]> =>
    Promise.all(nodes.map(async (node) => (await node.request("FindCoordinator", 2, { keyType, key })).nodeId));
  const groups = await Promise.all(["a", "b", "c", "d", "e", "f", "g"].map((key) => find(0, key)));
  expect(groups.every((ids) => new Set(ids).size === 1)).toBe(true);
  expect(new Set(groups.flat())).toEqual(new Set([0, 1, 2]));

  const coordinator = groups[0]?.[0];
  const beat = (node: RawConnection): Promise<number> =>
    node.request("Heartbeat", 3, { groupId: "a", memberId: "x", generationId: 1 }).then(({ errorCode }) => errorCode);
  expect(await Promise.all(nodes.map(beat))).toEqual(
    nodes.map((_, id) => (id === coordinator ? ErrorCode.UNKNOWN_MEMBER_ID : ErrorCode.NOT_COORDINATOR)),
  );

  const [owner] = await find(1, "tx");
  const init = (node: RawConnection): Promise<number> =>
    node
      .request("InitProducerId", 1, { transactionalId: "tx", transactionTimeoutMs: 1_000 })
      .then(({ errorCode }) => errorCode);
  expect(await Promise.all(nodes.map(init))).toEqual(
    nodes.map((_, id) => (id === owner ? ErrorCode.NONE : ErrorCode.NOT_COORDINATOR)),
  );
  await Promise.all(nodes.map((node) => node.close()));
});

it("gives every node producer ids of its own", async () => {
  await using kafka = await startEmbeddedKafka({ nodes: 2 });
  const nodes = await connectAll(kafka);
  const ids = new Set<bigint>();
  for (let round = 0; round < 5; round++) {
    for (const node of nodes) {
      const { errorCode, producerId } = await node.request("InitProducerId", 4, {
        transactionalId: null,
        transactionTimeoutMs: 1,
      });
      expect(errorCode).toBe(ErrorCode.NONE);
      ids.add(producerId);
    }
  }
  expect(ids.size).toBe(10);
  await Promise.all(nodes.map((node) => node.close()));
});

it("compacts and deletes when it is told to, and not before", async () => {
  await using kafka = await startEmbeddedKafka();
  kafka.createTopic({ name: "kept", configs: { "cleanup.policy": "compact" } });
  kafka.createTopic({ name: "short", configs: { "retention.bytes": "0" } });
  const [node] = await connectAll(kafka);
  for (const value of [1, 2, 3]) {
    const records = encodeRecordBatch({
      records: [{ key: Uint8Array.of(7), value: Uint8Array.of(value) }],
      baseTimestamp: 1n,
    });
    const topicData = ["kept", "short"].map((name) => ({ name, partitionData: [{ index: 0, records }] }));
    await node?.request("Produce", 8, { acks: -1, timeoutMs: 100, topicData });
  }
  const lengths = async (shortStart: bigint): Promise<(number | undefined)[]> => {
    const starts = { kept: 0n, short: shortStart };
    const topics = Object.entries(starts).map(([topic, fetchOffset]) => ({
      topic,
      partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 10_000 }],
    }));
    const fetched = await node?.request("Fetch", 11, { maxWaitMs: 0, minBytes: 1, maxBytes: 10_000, topics });
    return fetched?.responses.map(({ partitions }) => partitions[0]?.records?.length) ?? [];
  };
  const [three = 0] = await lengths(0n);
  expect(await lengths(0n)).toEqual([three, three]);
  kafka.compact();
  kafka.applyRetention();
  expect(await lengths(2n)).toEqual([three / 3, three / 3]);
  expect(() => kafka.compact("nope")).toThrow("UNKNOWN_TOPIC_OR_PARTITION");
  await node?.close();
});
