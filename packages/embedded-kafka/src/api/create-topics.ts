import { describeConfigs } from "../topics/topic-configs.ts";
import { MAX_NEW_PARTITIONS, type NewTopic, type TopicPlan } from "../topics/topic-registry.ts";
import { ErrorCode, type RequestOf, type ResponseInput } from "../wire/index.ts";
import type { Api, RequestContext } from "./api.ts";
import { topicConfigSource } from "./config-source.ts";
import { ZERO_UUID } from "./uuid.ts";

type Request = RequestOf<"CreateTopics">;
type Answer = NonNullable<ResponseInput<"CreateTopics">["topics"]>[number];

/**
 * CreateTopics (key 19), versions 2 to 7, at any node (the others pass it on to the controller).
 *
 * - Checked, in this order: a name twice in the request INVALID_REQUEST; the name INVALID_TOPIC_EXCEPTION; it exists
 *   TOPIC_ALREADY_EXISTS; the settings INVALID_CONFIG; assignments INVALID_REQUEST or INVALID_REPLICA_ASSIGNMENT;
 *   numbers INVALID_PARTITIONS and INVALID_REPLICATION_FACTOR.
 * - `validateOnly` answers the same and makes nothing.
 * - From version 5 on the answer tells partitions, replication factor and all settings; from 7 on the topic id.
 */
export const createTopics: Api<"CreateTopics"> = {
  name: "CreateTopics",
  versions: [2, 7],
  handle(request, context) {
    const names = request.topics.map(({ name }) => name);
    const tooMany = request.topics.reduce((sum, topic) => sum + partitionsOf(topic), 0) > MAX_NEW_PARTITIONS;
    const seen = new Set<string>();
    const topics: Answer[] = [];
    for (const topic of request.topics) {
      if (names.indexOf(topic.name) !== names.lastIndexOf(topic.name)) {
        if (seen.has(topic.name)) continue;
        seen.add(topic.name);
        topics.push(refused(topic.name, ErrorCode.INVALID_REQUEST, "Duplicate topic name."));
      } else if (tooMany) {
        const message = "Excessively large number of partitions per request.";
        topics.push(refused(topic.name, ErrorCode.POLICY_VIOLATION, message));
      } else {
        topics.push(create(topic, request.validateOnly, context));
      }
    }
    return { topics };
  },
};

function partitionsOf({ numPartitions, assignments }: Request["topics"][number]): number {
  return assignments.length > 0 ? assignments.length : Math.max(numPartitions, 1);
}

function create(topic: Request["topics"][number], validateOnly: boolean, { cluster }: RequestContext): Answer {
  const wanted: NewTopic = {
    name: topic.name,
    partitions: topic.numPartitions,
    replicationFactor: topic.replicationFactor,
    assignments: topic.assignments.map(({ partitionIndex, brokerIds }) => ({
      partition: partitionIndex,
      replicas: brokerIds,
    })),
    configs: topic.configs,
  };
  const plan = cluster.topics.plan(wanted);
  if ("errorCode" in plan) return refused(topic.name, plan.errorCode, plan.message);
  if (!validateOnly) cluster.topics.create(plan);
  return made(plan);
}

function made(plan: TopicPlan): Answer {
  return {
    name: plan.name,
    topicId: plan.id,
    errorCode: ErrorCode.NONE,
    errorMessage: null,
    numPartitions: plan.replicas.length,
    replicationFactor: plan.replicas[0]?.length ?? -1,
    configs: describeConfigs(plan.configs).map(({ definition, value }) => ({
      name: definition.name,
      value,
      readOnly: false,
      configSource: topicConfigSource(plan.configs, definition),
      isSensitive: false,
    })),
  };
}

function refused(name: string, errorCode: number, errorMessage: string | null): Answer {
  return { name, topicId: ZERO_UUID, errorCode, errorMessage, configs: [] };
}
