import { createRequire } from "node:module";
import {
  type ApiName,
  apiKey,
  decodeRecordBatch,
  decodeRequest,
  decodeRequestHeader,
  encodeRecordBatch,
  encodeResponse,
  type RequestInput,
  type ResponseInput,
} from "@ondash/embedded-kafka/wire";
import { describe, expect, it } from "vitest";

// kafkajs' own encoders and decoders: an implementation that shares nothing with ours.
interface Encoded {
  readonly buffer: Buffer;
}
interface Requests {
  readonly [name: string]: {
    readonly versions: readonly (string | number)[];
    protocol(options: { version: number }): (args: unknown) => {
      readonly request: unknown;
      readonly response: { decode(bytes: Buffer): Promise<Record<string, unknown>> };
    };
  };
}
const require = createRequire(import.meta.url);
const { requests } = require("kafkajs/src/protocol/requests") as { requests: Requests };
const createRequest = require("kafkajs/src/protocol/request") as (options: {
  correlationId: number;
  clientId: string;
  request: unknown;
}) => Promise<Encoded>;

/** The versions of an API that kafkajs has and the table too, and what it calls the API. */
function versionsOf(name: string, from: number): number[] {
  return (requests[name]?.versions ?? []).map(Number).filter((version) => version >= from);
}

const metadata = Buffer.from([1, 2, 3]);
const groups = { groupId: "g", memberId: "m", groupInstanceId: "i" };

/** API, first version of the table, kafkajs' arguments, and what we should read. */
const asked: readonly [ApiName, number, object, RequestInput<ApiName>][] = [
  [
    "Fetch",
    4,
    {
      replicaId: -1,
      maxWaitTime: 5,
      minBytes: 1,
      maxBytes: 10,
      isolationLevel: 1,
      topics: [{ topic: "t", partitions: [{ partition: 2, fetchOffset: "9223372036854775807", maxBytes: 7 }] }],
    },
    {
      replicaId: -1,
      maxWaitMs: 5,
      minBytes: 1,
      maxBytes: 10,
      isolationLevel: 1,
      topics: [{ topic: "t", partitions: [{ partition: 2, fetchOffset: 2n ** 63n - 1n, partitionMaxBytes: 7 }] }],
    },
  ],
  [
    "JoinGroup",
    0,
    {
      ...groups,
      sessionTimeout: 1,
      rebalanceTimeout: 2,
      protocolType: "consumer",
      groupProtocols: [{ name: "p", metadata }],
    },
    {
      groupId: "g",
      sessionTimeoutMs: 1,
      memberId: "m",
      protocols: [{ name: "p", metadata: Uint8Array.from(metadata) }],
    },
  ],
  [
    "SyncGroup",
    0,
    { ...groups, generationId: 3, groupAssignment: [{ memberId: "m", memberAssignment: metadata }] },
    { generationId: 3, assignments: [{ memberId: "m", assignment: Uint8Array.from(metadata) }] },
  ],
  ["Heartbeat", 0, { ...groups, groupGenerationId: 9 }, { groupId: "g", generationId: 9, memberId: "m" }],
  [
    "OffsetCommit",
    2,
    {
      ...groups,
      groupGenerationId: 1,
      retentionTime: -1,
      topics: [{ topic: "t", partitions: [{ partition: 0, offset: "5", metadata: "x" }] }],
    },
    {
      groupId: "g",
      generationIdOrMemberEpoch: 1,
      topics: [{ name: "t", partitions: [{ partitionIndex: 0, committedOffset: 5n, committedMetadata: "x" }] }],
    },
  ],
  ["Metadata", 1, { topics: ["a", "b"] }, { topics: [{ name: "a" }, { name: "b" }] }],
  [
    "ListOffsets",
    1,
    {
      replicaId: -1,
      isolationLevel: 1,
      topics: [{ topic: "t", partitions: [{ partition: 1, timestamp: -2 }] }],
    },
    { replicaId: -1, topics: [{ name: "t", partitions: [{ partitionIndex: 1, timestamp: -2n }] }] },
  ],
  [
    "CreateTopics",
    2,
    {
      topics: [{ topic: "t", numPartitions: 3, replicationFactor: 1, configEntries: [{ name: "a", value: "b" }] }],
      validateOnly: true,
      timeout: 6,
    },
    {
      topics: [
        { name: "t", numPartitions: 3, replicationFactor: 1, assignments: [], configs: [{ name: "a", value: "b" }] },
      ],
      validateOnly: true,
      timeoutMs: 6,
    },
  ],
  [
    "EndTxn",
    0,
    { transactionalId: "x", producerId: "4", producerEpoch: 2, transactionResult: true },
    { transactionalId: "x", producerId: 4n, producerEpoch: 2, committed: true },
  ],
];

describe("requests that kafkajs encodes", () => {
  it.each(
    asked.flatMap(([api, from, args, want]) =>
      versionsOf(api, from).map((version) => [api, version, args, want] as const),
    ),
  )("are read: %s v%d", async (api, version, args, want) => {
    const protocol = requests[api]?.protocol({ version });
    const { request } = protocol?.(args) ?? { request: undefined };
    const { buffer } = await createRequest({ correlationId: 77, clientId: "kafkajs", request });
    const frame = Uint8Array.from(buffer.subarray(4));
    const header = decodeRequestHeader(frame);
    expect(header).toMatchObject({
      apiKey: apiKey(api),
      apiVersion: version,
      correlationId: 77,
      clientId: "kafkajs",
      headerVersion: 1,
    });
    expect(decodeRequest(api, version, frame, header.bodyOffset)).toMatchObject(want);
  });
});

/** API, first version, what we encode, what kafkajs should read. */
const answered: readonly [ApiName, number, ResponseInput<ApiName>, object][] = [
  [
    "Metadata",
    1,
    {
      brokers: [{ nodeId: 1, host: "h", port: 2, rack: null }],
      controllerId: 1,
      topics: [
        {
          errorCode: 0,
          name: "t",
          isInternal: true,
          partitions: [{ partitionIndex: 4, leaderId: 1, replicaNodes: [1], isrNodes: [1] }],
        },
      ],
    },
    {
      brokers: [{ nodeId: 1, host: "h", port: 2, rack: null }],
      controllerId: 1,
      topicMetadata: [
        { topic: "t", isInternal: true, partitionMetadata: [{ partitionId: 4, leader: 1, replicas: [1], isr: [1] }] },
      ],
    },
  ],
  [
    "JoinGroup",
    0,
    { generationId: 2, protocolName: "p", leader: "l", memberId: "m", members: [{ memberId: "m", metadata }] },
    {
      generationId: 2,
      groupProtocol: "p",
      leaderId: "l",
      memberId: "m",
      members: [{ memberId: "m", memberMetadata: metadata }],
    },
  ],
  [
    "OffsetFetch",
    1,
    { topics: [{ name: "t", partitions: [{ partitionIndex: 0, committedOffset: -1n, metadata: "", errorCode: 0 }] }] },
    { responses: [{ topic: "t", partitions: [{ partition: 0, offset: "-1", metadata: "", errorCode: 0 }] }] },
  ],
  [
    "Produce",
    3,
    {
      responses: [
        { name: "t", partitionResponses: [{ index: 1, errorCode: 0, baseOffset: 8n, logAppendTimeMs: -1n }] },
      ],
    },
    {
      topics: [{ topicName: "t", partitions: [{ partition: 1, errorCode: 0, baseOffset: "8", logAppendTime: "-1" }] }],
    },
  ],
  [
    "DescribeGroups",
    0,
    {
      groups: [
        { groupId: "g", groupState: "Stable", protocolType: "consumer", members: [{ memberId: "m", clientId: "c" }] },
      ],
    },
    {
      groups: [
        { groupId: "g", state: "Stable", protocolType: "consumer", members: [{ memberId: "m", clientId: "c" }] },
      ],
    },
  ],
  [
    "ApiVersions",
    0,
    { apiKeys: [{ apiKey: 3, minVersion: 1, maxVersion: 2 }] },
    { errorCode: 0, apiVersions: [{ apiKey: 3, minVersion: 1, maxVersion: 2 }] },
  ],
];

describe("responses that we encode", () => {
  it.each(
    answered.flatMap(([api, from, body, want]) =>
      versionsOf(api, from).map((version) => [api, version, body, want] as const),
    ),
  )("are read by kafkajs: %s v%d", async (api, version, body, want) => {
    const protocol = requests[api]?.protocol({ version });
    const decoded = await protocol?.({}).response.decode(Buffer.from(encodeResponse(api, version, body)));
    expect(decoded).toMatchObject(want);
  });

  it("carry batches that kafkajs reads", async () => {
    const records = encodeRecordBatch({
      baseOffset: 40n,
      baseTimestamp: 1_000n,
      records: [
        { key: Buffer.from("k"), value: Buffer.from("v"), headers: [["h", Buffer.from("1")]], timestampDelta: 5n },
        { key: null, value: null },
      ],
    });
    const bytes = encodeResponse("Fetch", 11, {
      responses: [{ topic: "t", partitions: [{ partitionIndex: 0, highWatermark: 42n, records }] }],
    });
    const decoded = await requests["Fetch"]
      ?.protocol({ version: 11 })({ topics: [] })
      .response.decode(Buffer.from(bytes));
    expect(decoded?.["responses"]).toMatchObject([
      {
        topicName: "t",
        partitions: [
          {
            highWatermark: "42",
            messages: [
              {
                offset: "40",
                timestamp: "1005",
                key: Buffer.from("k"),
                value: Buffer.from("v"),
                headers: { h: Buffer.from("1") },
              },
              { offset: "41", timestamp: "1000", key: null, value: null },
            ],
          },
        ],
      },
    ]);
  });
});

describe("batches that kafkajs encodes", () => {
  it.each(versionsOf("Produce", 3))("are read, in Produce v%d", async (version) => {
    const args = {
      acks: -1,
      timeout: 9,
      transactionalId: null,
      producerId: 7,
      producerEpoch: 1,
      compression: 0,
      topicData: [
        {
          topic: "t",
          partitions: [
            {
              partition: 1,
              firstSequence: 3,
              messages: [
                { key: "k", value: "v", headers: { a: ["1", "2"], b: "3" }, timestamp: 1_000 },
                { key: null, value: null, timestamp: 1_007 },
              ],
            },
          ],
        },
      ],
    };
    const { request } = requests["Produce"]?.protocol({ version })(args) ?? { request: undefined };
    const { buffer } = await createRequest({ correlationId: 1, clientId: "kafkajs", request });
    const frame = Uint8Array.from(buffer.subarray(4));
    const { acks, topicData } = decodeRequest("Produce", version, frame, decodeRequestHeader(frame).bodyOffset);
    expect(acks).toBe(-1);
    const sent = topicData[0]?.partitionData[0]?.records ?? new Uint8Array(0);
    const { header, records } = decodeRecordBatch(sent);
    expect(header).toMatchObject({
      producerId: 7n,
      producerEpoch: 1,
      baseSequence: 3,
      baseTimestamp: 1_000n,
      maxTimestamp: 1_007n,
      lastOffsetDelta: 1,
    });
    const text = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString());
    expect(
      records.map(({ key, value, headers }) => [
        text(key),
        text(value),
        headers.map(([name, each]) => [name, text(each)]),
      ]),
    ).toEqual([
      [
        "k",
        "v",
        [
          ["a", "1"],
          ["a", "2"],
          ["b", "3"],
        ],
      ],
      [null, null, []],
    ]);
  });
});
