import { offsetForTime, offsetOfMaxTimestamp } from "../log/time-index.ts";
import type { Partition } from "../topics/topic.ts";
import { ErrorCode, type RequestOf, type ResponseInput } from "../wire/index.ts";
import type { Api, RequestContext } from "./api.ts";
import { byTopic } from "./by-topic.ts";
import { ledPartition } from "./leadership.ts";

type Request = RequestOf<"ListOffsets">;
type Wanted = Request["topics"][number]["partitions"][number];
type Answer = NonNullable<NonNullable<ResponseInput<"ListOffsets">["topics"]>[number]["partitions"]>[number];

/** Times that mean something else. */
const LATEST = -1n;
const EARLIEST = -2n;
const MAX_TIMESTAMP = -3n;

/**
 * ListOffsets (key 2), versions 1 to 7.
 *
 * - −2 the log start, −1 the high watermark, or with read_committed (from version 2 on) the last stable offset; −3
 *   (from version 7 on) the record with the largest timestamp.
 * - A time: the first record at or after the log start whose timestamp is not smaller, searched record by record, not
 *   batch by batch; offset and timestamp −1 when there is none.
 * - A partition twice in one request gives INVALID_REQUEST for it, once.
 */
export const listOffsets: Api<"ListOffsets"> = {
  name: "ListOffsets",
  versions: [1, 7],
  handle(request, context) {
    return {
      topics: byTopic(request.topics).map(({ name, partitions }) => ({
        name,
        partitions: Array.from(
          Map.groupBy(partitions, ({ partitionIndex }) => partitionIndex),
          ([partitionIndex, [wanted, ...more]]) =>
            wanted === undefined || more.length > 0
              ? refused(partitionIndex, ErrorCode.INVALID_REQUEST)
              : answer(request, name, wanted, context),
        ),
      })),
    };
  },
};

function answer(request: Request, topic: string, wanted: Wanted, context: RequestContext): Answer {
  const { partitionIndex, timestamp } = wanted;
  const partition = ledPartition(context, topic, partitionIndex, wanted.currentLeaderEpoch);
  if (typeof partition === "number") return refused(partitionIndex, partition);
  const { log } = partition;
  const end = log.endFor(request.isolationLevel === 1 ? "read_committed" : "read_uncommitted");
  const known = timestamp >= 0n || timestamp === LATEST || timestamp === EARLIEST;
  if (!known && !(timestamp === MAX_TIMESTAMP && context.apiVersion >= 7)) {
    return refused(partitionIndex, ErrorCode.UNSUPPORTED_VERSION);
  }
  if (timestamp === LATEST) return found(partition, -1n, end, log.epochs.latest);
  if (timestamp === EARLIEST) return found(partition, -1n, log.logStart, log.epochs.at(log.logStart));
  const record = timestamp === MAX_TIMESTAMP ? offsetOfMaxTimestamp(log) : offsetForTime(log, timestamp);
  if (record === undefined || record.offset >= end) return found(partition, -1n, -1n, -1);
  return found(partition, record.timestamp, record.offset, log.epochs.at(record.offset));
}

function found({ index }: Partition, timestamp: bigint, offset: bigint, leaderEpoch: number): Answer {
  return { partitionIndex: index, errorCode: ErrorCode.NONE, timestamp, offset, leaderEpoch };
}

function refused(partitionIndex: number, errorCode: number): Answer {
  return { partitionIndex, errorCode, timestamp: -1n, offset: -1n, leaderEpoch: -1 };
}
