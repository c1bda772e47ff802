import { type BatchRefusal, type BatchRules, checkBatch, findBatch } from "../log/incoming-batch.ts";
import { producerBatch } from "../log/partition-log.ts";
import type { Partition } from "../topics/topic.ts";
import { type ConfigOverrides, configValue, listConfig, longConfig } from "../topics/topic-configs.ts";
import { partitionKey } from "../transactions/transaction.ts";
import {
  BATCH_HEADER_BYTES,
  batchOffsets,
  ErrorCode,
  parseBatchHeader,
  type RequestOf,
  type ResponseInput,
} from "../wire/index.ts";
import type { Api, RequestContext } from "./api.ts";
import { byTopic } from "./by-topic.ts";
import { type LeaderHint, leaderEndpoints, leaderHint } from "./current-leader.ts";
import { ledPartition } from "./leadership.ts";

type Request = RequestOf<"Produce">;
type Answer = NonNullable<NonNullable<ResponseInput<"Produce">["responses"]>[number]["partitionResponses"]>[number];

/** What is refused for other reasons than the batch itself. */
type Refusal = BatchRefusal & { readonly logStart?: bigint };

/**
 * Produce (key 0), versions 3 to 11. ApiVersions tells 0 as the lowest, like Kafka: librdkafka silently drops gzip,
 * snappy and lz4 for brokers that tell 3; a request below 3 ends the connection.
 *
 * - Checked in this order: the partition UNKNOWN_TOPIC_OR_PARTITION; the batch (`findBatch`); acks other than −1, 0 and
 *   1 INVALID_REQUIRED_ACKS; topics of the broker itself INVALID_TOPIC_EXCEPTION; leadership NOT_LEADER_OR_FOLLOWER;
 *   acks=all with fewer in-sync replicas than `min.insync.replicas` NOT_ENOUGH_REPLICAS; the batch again, as the log
 *   sees it (`checkBatch`); the producer's sequence.
 * - A batch that is sent again gets the offset it had, and (a peculiarity of Kafka's) its largest timestamp in the place
 *   of the log append time.
 * - Transactional records without a transactional id: TRANSACTIONAL_ID_AUTHORIZATION_FAILED for the whole request.
 * - A transactional batch whose partition is not in an open transaction: INVALID_TXN_STATE, from version 11 on
 *   TRANSACTION_ABORTABLE (KIP-890).
 * - From version 10 on the wrong node tells who leads, and where (KIP-951).
 * - acks=0 is not answered; an error in it ends the connection.
 */
export const produce: Api<"Produce"> = {
  name: "Produce",
  versions: [3, 11],
  advertisedMin: 0,
  handle(request, context) {
    const { apiVersion } = context;
    const withoutId = request.transactionalId === null && hasTransactionalRecords(request);
    let failed = false;
    const topics = byTopic(request.topicData.map(({ name, partitionData }) => ({ name, partitions: partitionData })));
    const responses = topics.map(({ name, partitions }) => ({
      name,
      partitionResponses: partitions.map(({ index, records }) => {
        const answer = withoutId
          ? refused(index, refuse(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED))
          : append(name, index, records, request, context);
        failed ||= answer.errorCode !== ErrorCode.NONE;
        return answer;
      }),
    }));
    if (request.acks === 0) return failed ? "close" : "no-response";
    return apiVersion < 10 ? { responses } : withLeaders(responses, context);
  },
};

/** Tells who leads the partitions that this node does not, and where it is (KIP-951). */
function withLeaders(
  responses: readonly { name: string; partitionResponses: readonly Answer[] }[],
  context: RequestContext,
): ResponseInput<"Produce"> {
  const hints: (LeaderHint | undefined)[] = [];
  const hinted = responses.map(({ name, partitionResponses }) => ({
    name,
    partitionResponses: partitionResponses.map((answer) => {
      const currentLeader = leaderHint(answer.errorCode ?? 0, name, answer.index ?? -1, context);
      hints.push(currentLeader);
      return currentLeader === undefined ? answer : { ...answer, currentLeader };
    }),
  }));
  return { responses: hinted, nodeEndpoints: leaderEndpoints(hints, context) };
}

function append(
  topic: string,
  index: number,
  records: Uint8Array | null,
  request: Request,
  context: RequestContext,
): Answer {
  const { cluster, apiVersion } = context;
  if (cluster.topics.partition(topic, index) === undefined) {
    return refused(index, refuse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
  }
  const bytes = findBatch(records, apiVersion);
  if ("errorCode" in bytes) return refused(index, bytes);
  const { acks } = request;
  if (acks !== -1 && acks !== 0 && acks !== 1) return refused(index, refuse(ErrorCode.INVALID_REQUIRED_ACKS));
  const partition = ledPartition(context, topic, index);
  if (typeof partition === "number") return refused(index, refuse(partition));
  if (partition.topic.internal) return refused(index, refuse(ErrorCode.INVALID_TOPIC_EXCEPTION));
  const outside = transactionError(partition, bytes, request, context);
  if (outside !== ErrorCode.NONE) {
    if (outside !== ErrorCode.INVALID_TXN_STATE) return refused(index, refuse(outside));
    return apiVersion >= 11
      ? refused(index, refuse(ErrorCode.TRANSACTION_ABORTABLE))
      : refused(index, { ...refuse(outside), message: "Partition was not added to the transaction" });
  }
  return appendTo(partition, bytes, acks, context);
}

function appendTo(partition: Partition, bytes: Uint8Array, acks: number, { cluster }: RequestContext): Answer {
  const { topic, index, log, leaderEpoch } = partition;
  const logStart = log.logStart;
  if (acks === -1 && BigInt(partition.isr.length) < longConfig(topic.configs, "min.insync.replicas")) {
    return refused(index, { ...refuse(ErrorCode.NOT_ENOUGH_REPLICAS), logStart });
  }
  const rules = rulesOf(partition, cluster.clock.now());
  const batch = checkBatch(bytes, rules);
  if ("errorCode" in batch) {
    const known = batch.errorCode !== ErrorCode.CORRUPT_MESSAGE && batch.errorCode !== ErrorCode.MESSAGE_TOO_LARGE;
    return refused(index, known ? { ...batch, logStart } : batch);
  }
  if (batch.producerId >= 0n) {
    const verdict = log.producers.check(producerBatch(batch));
    if (verdict.kind === "refuse") return refused(index, { ...refuse(verdict.errorCode), logStart });
    if (verdict.kind === "duplicate") {
      const { firstOffset, timestamp } = verdict.original;
      return accepted(index, firstOffset, timestamp, logStart);
    }
  }
  const baseOffset = log.append(batch, leaderEpoch);
  return accepted(index, baseOffset, rules.logAppendTime ? rules.now : -1n, logStart);
}

function rulesOf({ topic, index }: Partition, now: number): BatchRules {
  const { configs } = topic;
  return {
    maxBytes: longConfig(configs, "max.message.bytes"),
    compacted: listConfig(configs, "cleanup.policy").includes("compact"),
    logAppendTime: configValue(configs, "message.timestamp.type") === "LogAppendTime",
    compression: compressionOf(configs),
    beforeMaxMs: longConfig(configs, "message.timestamp.before.max.ms"),
    afterMaxMs: longConfig(configs, "message.timestamp.after.max.ms"),
    now: BigInt(Math.trunc(now)),
    partition: `${topic.name}-${index}`,
  };
}

function compressionOf(configs: ConfigOverrides): BatchRules["compression"] {
  const type = configValue(configs, "compression.type");
  return type === "uncompressed" ? "none" : (type as BatchRules["compression"]);
}

/**
 * Whether a transactional batch belongs to an open transaction that has the partition (KIP-890): INVALID_TXN_STATE if
 * not, NOT_ENOUGH_REPLICAS (which clients repeat) while the one before is being ended.
 */
function transactionError(
  partition: Partition,
  bytes: Uint8Array,
  request: Request,
  { cluster }: RequestContext,
): number {
  if (!isTransactional(bytes) || bytes.length < BATCH_HEADER_BYTES) return ErrorCode.NONE;
  const { producerId, producerEpoch, baseSequence } = parseBatchHeader(bytes);
  const known = partition.log.producers.get(producerId);
  if (known?.transactionStart !== undefined && known.epoch === producerEpoch) return ErrorCode.NONE;
  partition.log.producers.attempted(producerId, producerEpoch, baseSequence);
  const key = partitionKey({ topic: partition.topic.name, partition: partition.index });
  const producer = { transactionalId: request.transactionalId ?? "", producerId, producerEpoch };
  const error = cluster.transactions.verify(producer, ({ partitions }) => partitions.has(key));
  switch (error) {
    case ErrorCode.PRODUCER_FENCED:
      return ErrorCode.INVALID_PRODUCER_EPOCH;
    case ErrorCode.CONCURRENT_TRANSACTIONS:
      return ErrorCode.NOT_ENOUGH_REPLICAS;
    default:
      return error;
  }
}

/** Bit 4 of the attributes of any batch, read without judging the batch. */
function hasTransactionalRecords({ topicData }: Request): boolean {
  return topicData.some(({ partitionData }) =>
    partitionData.some(({ records }) => records !== null && isTransactional(records)),
  );
}

function isTransactional(batch: Uint8Array): boolean {
  return batch[batchOffsets.magic] === 2 && ((batch[batchOffsets.attributes + 1] ?? 0) & 0x10) !== 0;
}

function accepted(index: number, baseOffset: bigint, logAppendTimeMs: bigint, logStartOffset: bigint): Answer {
  return {
    index,
    errorCode: ErrorCode.NONE,
    baseOffset,
    logAppendTimeMs,
    logStartOffset,
    recordErrors: [],
    errorMessage: null,
  };
}

function refused(index: number, { errorCode, message, recordErrors, logStart = -1n }: Refusal): Answer {
  return {
    index,
    errorCode,
    baseOffset: -1n,
    logAppendTimeMs: -1n,
    logStartOffset: logStart,
    recordErrors,
    errorMessage: message,
  };
}

function refuse(errorCode: number): BatchRefusal {
  return { errorCode, message: null, recordErrors: [] };
}
