import { randomUUID } from "node:crypto";
import {
  type ApiName,
  connectRaw,
  encodeRecordBatch,
  errorName,
  type RawConnection,
  type RecordBatchInput,
  type RequestInput,
  type ResponseOf,
} from "@ondash/embedded-kafka/wire";

/** What a case may use: one broker, and names that no other case uses. */
export interface Context {
  readonly host: string;
  readonly port: number;
  /** A name for a topic, group or transaction. */
  name(): string;
  /** A connection of one's own; closed when the case is over. */
  connect(): Promise<RawConnection>;
}

/** One behaviour that the embedded broker and a real Kafka must share. */
export interface Case {
  readonly title: string;
  run(context: Context): Promise<void>;
}

/** A context on a broker at `host:port`, and what ends it. */
export function openContext(bootstrap: string): { readonly context: Context; close(): Promise<void> } {
  const at = bootstrap.lastIndexOf(":");
  const host = bootstrap.slice(0, at);
  const port = Number(bootstrap.slice(at + 1));
  const connections: RawConnection[] = [];
  return {
    context: {
      host,
      port,
      name: () => `c-${randomUUID()}`,
      async connect() {
        const connection = await connectRaw({ host, port, clientId: "conformance" });
        connections.push(connection);
        return connection;
      },
    },
    async close() {
      await Promise.all(connections.map((connection) => connection.close()));
    },
  };
}

/**
 * Asks until the answer is none of "not yet": a real broker takes a moment to elect leaders, to load a coordinator or to
 * write a transaction's markers, and says so. Each question follows the answer before; nothing is waited for but answers.
 */
export async function ask<Api extends ApiName>(
  connection: RawConnection,
  api: Api,
  version: number,
  body: RequestInput<Api>,
  codeOf: (response: ResponseOf<Api>) => number | undefined,
  notYet: readonly string[] = NOT_YET,
): Promise<ResponseOf<Api>> {
  for (let attempt = 0; attempt < 5_000; attempt++) {
    const response = await connection.request(api, version, body);
    if (!notYet.includes(errorName(codeOf(response) ?? 0))) return response;
  }
  throw new Error(`${api}: no final answer after 5000 questions`);
}

const NOT_YET: readonly string[] = [
  "COORDINATOR_LOAD_IN_PROGRESS",
  "COORDINATOR_NOT_AVAILABLE",
  "NOT_COORDINATOR",
  "LEADER_NOT_AVAILABLE",
  "CONCURRENT_TRANSACTIONS",
];

/** Makes a topic and waits until this node leads all of its partitions. */
export async function makeTopic(
  context: Context,
  connection: RawConnection,
  options: { readonly partitions?: number; readonly configs?: Readonly<Record<string, string>> } = {},
): Promise<string> {
  const name = context.name();
  const created = await connection.request("CreateTopics", 5, {
    topics: [
      {
        name,
        numPartitions: options.partitions ?? 1,
        replicationFactor: 1,
        configs: Object.entries(options.configs ?? {}).map(([key, value]) => ({ name: key, value })),
      },
    ],
    timeoutMs: 10_000,
  });
  const code = created.topics[0]?.errorCode ?? 0;
  if (code !== 0) throw new Error(`CreateTopics: ${errorName(code)}`);
  const partitions = Array.from({ length: options.partitions ?? 1 }, (_, partitionIndex) => ({
    partitionIndex,
    timestamp: -1n,
    currentLeaderEpoch: -1,
  }));
  // Metadata names the leader before the leader itself knows: whether it serves the partition is asked of it.
  await ask(
    connection,
    "ListOffsets",
    4,
    { replicaId: -1, topics: [{ name, partitions }] },
    ({ topics }) => topics[0]?.partitions.find(({ errorCode }) => errorCode !== 0)?.errorCode,
    [...NOT_YET, "UNKNOWN_TOPIC_OR_PARTITION", "NOT_LEADER_OR_FOLLOWER"],
  );
  return name;
}

const utf8 = new TextEncoder();

/** A batch of values, as a plain or (with a producer id) idempotent producer sends it. */
export function batchOf(values: readonly string[], options: Omit<RecordBatchInput, "records"> = {}): Uint8Array {
  const baseTimestamp = options.baseTimestamp ?? BigInt(Date.now());
  return encodeRecordBatch({
    ...options,
    baseTimestamp,
    records: values.map((value) => ({ value: utf8.encode(value) })),
  });
}

/** Produces one record set to partition 0 and gives the partition's answer. */
export async function produce(
  connection: RawConnection,
  topic: string,
  records: Uint8Array | null,
  options: {
    readonly partition?: number;
    readonly acks?: number;
    readonly version?: number;
    readonly transactionalId?: string;
  } = {},
): Promise<{ readonly error: string; readonly baseOffset: number; readonly logStartOffset: number }> {
  const { partition = 0, acks = -1, version = 7, transactionalId = null } = options;
  const response = await connection.request("Produce", version, {
    transactionalId,
    acks,
    timeoutMs: 10_000,
    topicData: [{ name: topic, partitionData: [{ index: partition, records }] }],
  });
  const answer = response.responses[0]?.partitionResponses[0];
  if (answer === undefined) throw new Error("Produce: an answer without the partition");
  return {
    error: errorName(answer.errorCode),
    baseOffset: Number(answer.baseOffset),
    logStartOffset: Number(answer.logStartOffset),
  };
}

/** What a Fetch said of one partition. */
export interface Fetched {
  readonly error: string;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly aborted: readonly { readonly producerId: bigint; readonly firstOffset: number }[];
  readonly records: Uint8Array;
}

/** Fetches from one partition. */
export async function fetchFrom(
  connection: RawConnection,
  topic: string,
  offset: number,
  options: {
    readonly partition?: number;
    readonly maxWaitMs?: number;
    readonly minBytes?: number;
    readonly maxBytes?: number;
    readonly partitionMaxBytes?: number;
    readonly isolationLevel?: number;
  } = {},
): Promise<Fetched> {
  const response = await connection.request("Fetch", 11, {
    maxWaitMs: options.maxWaitMs ?? 0,
    minBytes: options.minBytes ?? 1,
    maxBytes: options.maxBytes ?? 1 << 24,
    isolationLevel: options.isolationLevel ?? 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [
      {
        topic,
        partitions: [
          {
            partition: options.partition ?? 0,
            fetchOffset: BigInt(offset),
            partitionMaxBytes: options.partitionMaxBytes ?? 1 << 20,
          },
        ],
      },
    ],
  });
  const answer = response.responses[0]?.partitions[0];
  if (answer === undefined) throw new Error("Fetch: an answer without the partition");
  return {
    error: errorName(answer.errorCode),
    highWatermark: Number(answer.highWatermark),
    lastStableOffset: Number(answer.lastStableOffset),
    aborted: (answer.abortedTransactions ?? []).map(({ producerId, firstOffset }) => ({
      producerId,
      firstOffset: Number(firstOffset),
    })),
    records: answer.records ?? new Uint8Array(0),
  };
}

/** A producer id and epoch. */
export async function newProducer(
  connection: RawConnection,
  transactionalId: string | null = null,
): Promise<{ readonly producerId: bigint; readonly producerEpoch: number }> {
  const response = await ask(
    connection,
    "InitProducerId",
    1,
    { transactionalId, transactionTimeoutMs: 60_000 },
    ({ errorCode }) => errorCode,
  );
  if (response.errorCode !== 0) throw new Error(`InitProducerId: ${errorName(response.errorCode)}`);
  return { producerId: response.producerId, producerEpoch: response.producerEpoch };
}

/** Waits until this node coordinates the group or transaction, and has loaded what it knows of it. */
export async function findCoordinator(connection: RawConnection, key: string, keyType: 0 | 1 = 0): Promise<void> {
  await ask(connection, "FindCoordinator", 2, { key, keyType }, ({ errorCode }) => errorCode);
  if (keyType === 1) return;
  await ask(connection, "DescribeGroups", 4, { groups: [key] }, ({ groups }) => groups[0]?.errorCode);
}

export { errorName };
