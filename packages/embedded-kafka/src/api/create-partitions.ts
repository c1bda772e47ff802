import { addPartition } from "../topics/topic.ts";
import { ErrorCode, type RequestOf, type ResponseInput } from "../wire/index.ts";
import type { Api, RequestContext } from "./api.ts";

type Wanted = RequestOf<"CreatePartitions">["topics"][number];
type Answer = NonNullable<ResponseInput<"CreatePartitions">["results"]>[number];

/**
 * CreatePartitions (key 37), versions 0 to 3: lets a topic grow to `count` partitions; not more than it has gives
 * INVALID_PARTITIONS. Assignments, if given, are those of the new partitions. A topic twice: INVALID_REQUEST.
 */
export const createPartitions: Api<"CreatePartitions"> = {
  name: "CreatePartitions",
  versions: [0, 3],
  handle(request, context) {
    const names = request.topics.map(({ name }) => name);
    const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
    return {
      results: [
        ...Array.from(twice, (name) => ({
          name,
          errorCode: ErrorCode.INVALID_REQUEST,
          errorMessage: "Duplicate topic name.",
        })),
        ...request.topics
          .filter(({ name }) => !twice.has(name))
          .map((wanted) => grow(wanted, request.validateOnly, context)),
      ],
    };
  },
};

function grow({ name, count, assignments }: Wanted, validateOnly: boolean, { cluster }: RequestContext): Answer {
  const topic = cluster.topics.get(name);
  if (topic === undefined) return { name, errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, errorMessage: null };
  const plan = cluster.topics.planGrowth(topic, count, assignments?.map(({ brokerIds }) => brokerIds) ?? null);
  if ("errorCode" in plan) return { name, errorCode: plan.errorCode, errorMessage: plan.message };
  if (!validateOnly) for (const replicas of plan.replicas) addPartition(topic, replicas);
  return { name, errorCode: ErrorCode.NONE, errorMessage: null };
}
