import { listConfig } from "../topics/topic-configs.ts";
import { ErrorCode, type ResponseInput } from "../wire/index.ts";
import type { Api, RequestContext } from "./api.ts";
import { ledPartition } from "./leadership.ts";

type Answer = NonNullable<NonNullable<ResponseInput<"DeleteRecords">["topics"]>[number]["partitions"]>[number];

/** Up to the high watermark. */
const EVERYTHING = -1n;

/**
 * DeleteRecords (key 21), versions 0 to 2: moves the log start up to an offset; −1 means the high watermark. Above it:
 * OFFSET_OUT_OF_RANGE; below the log start nothing happens. A topic whose cleanup policy is not `delete`:
 * POLICY_VIOLATION. The answer tells the log start.
 */
export const deleteRecords: Api<"DeleteRecords"> = {
  name: "DeleteRecords",
  versions: [0, 2],
  handle(request, context) {
    return {
      topics: request.topics.map(({ name, partitions }) => ({
        name,
        // Of a partition that stands there twice, the last one counts.
        partitions: Array.from(
          new Map(partitions.map(({ partitionIndex, offset }) => [partitionIndex, offset])),
          ([partitionIndex, offset]) => remove(name, partitionIndex, offset, context),
        ),
      })),
    };
  },
};

function remove(name: string, index: number, asked: bigint, context: RequestContext): Answer {
  const refuse = (errorCode: number): Answer => ({ partitionIndex: index, lowWatermark: -1n, errorCode });
  const partition = ledPartition(context, name, index);
  if (typeof partition === "number") return refuse(partition);
  const { log, topic } = partition;
  if (topic.internal) return refuse(ErrorCode.INVALID_TOPIC_EXCEPTION);
  if (!listConfig(topic.configs, "cleanup.policy").includes("delete")) return refuse(ErrorCode.POLICY_VIOLATION);
  const offset = asked === EVERYTHING ? log.logEnd : asked;
  if (offset < 0n || offset > log.logEnd) return refuse(ErrorCode.OFFSET_OUT_OF_RANGE);
  log.deleteBefore(offset);
  return { partitionIndex: index, lowWatermark: log.logStart, errorCode: ErrorCode.NONE };
}
