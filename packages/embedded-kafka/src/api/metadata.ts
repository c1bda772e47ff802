import type { Cluster } from "../broker/cluster.ts";
import type { Topic } from "../topics/topic.ts";
import { isInternalTopic, topicNameFault } from "../topics/topic-name.ts";
import { ErrorCode, type ResponseInput } from "../wire/index.ts";
import type { Api, RequestContext } from "./api.ts";
import { CLUSTER_OPERATIONS, NO_OPERATIONS, TOPIC_OPERATIONS } from "./authorized-operations.ts";
import { ZERO_UUID } from "./uuid.ts";

type TopicAnswer = NonNullable<ResponseInput<"Metadata">["topics"]>[number];

/**
 * Metadata (key 3), versions 0 to 12.
 *
 * - All topics are asked for with an empty list in version 0, with null from version 1 on (where empty means none).
 * - A topic that does not exist is made in the background, if the request (from version 4 on) and the broker allow it:
 *   this first answer says UNKNOWN_TOPIC_OR_PARTITION. A name that is not allowed gives INVALID_TOPIC_EXCEPTION.
 * - Version 12 also takes topic ids; an unknown one gives UNKNOWN_TOPIC_ID. In 10 and 11 an id gives INVALID_REQUEST.
 */
export const metadata: Api<"Metadata"> = {
  name: "Metadata",
  versions: [0, 12],
  handle(request, context) {
    const { cluster, apiVersion } = context;
    const everything = request.topics === null || (apiVersion === 0 && request.topics.length === 0);
    const asked = request.topics ?? [];
    const idTooEarly = apiVersion < 12 && asked.some(({ name, topicId }) => name === null || topicId !== ZERO_UUID);
    const answer = (topic: Topic): TopicAnswer => describe(topic, request.includeTopicAuthorizedOperations);
    let topics: TopicAnswer[];
    if (everything) topics = cluster.topics.all().map(answer);
    else if (idTooEarly) {
      topics = asked.map(({ name, topicId }) => unknown(ErrorCode.INVALID_REQUEST, name ?? "", topicId));
    } else {
      const mayCreate = cluster.settings.autoCreateTopics && (apiVersion < 4 || request.allowAutoTopicCreation);
      topics = asked.map(({ name, topicId }) => {
        const topic = name === null ? cluster.topics.withId(topicId) : cluster.topics.get(name);
        if (topic !== undefined) return answer(topic);
        if (name === null) return unknown(ErrorCode.UNKNOWN_TOPIC_ID, null, topicId);
        return missing(name, mayCreate, context);
      });
    }
    return {
      brokers: cluster.nodes.map(({ id, host, port }) => ({ nodeId: id, host, port, rack: null })),
      clusterId: cluster.clusterId,
      controllerId: cluster.controllerId,
      topics,
      clusterAuthorizedOperations: request.includeClusterAuthorizedOperations ? CLUSTER_OPERATIONS : NO_OPERATIONS,
    };
  },
};

function describe(topic: Topic, includeOperations: boolean): TopicAnswer {
  return {
    errorCode: ErrorCode.NONE,
    name: topic.name,
    topicId: topic.id,
    isInternal: topic.internal,
    partitions: topic.partitions.map(({ index, leader, leaderEpoch, replicas, isr }) => ({
      errorCode: leader < 0 ? ErrorCode.LEADER_NOT_AVAILABLE : ErrorCode.NONE,
      partitionIndex: index,
      leaderId: leader,
      leaderEpoch,
      replicaNodes: [...replicas],
      isrNodes: [...isr],
      offlineReplicas: [],
    })),
    topicAuthorizedOperations: includeOperations ? TOPIC_OPERATIONS : NO_OPERATIONS,
  };
}

function unknown(errorCode: number, name: string | null, topicId: string): TopicAnswer {
  return { errorCode, name, topicId, isInternal: name !== null && isInternalTopic(name), partitions: [] };
}

function missing(name: string, mayCreate: boolean, { cluster }: RequestContext): TopicAnswer {
  if (topicNameFault(name) !== undefined) return unknown(ErrorCode.INVALID_TOPIC_EXCEPTION, name, ZERO_UUID);
  if (!mayCreate) return unknown(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, name, ZERO_UUID);
  queueMicrotask(() => autoCreate(cluster, name));
  return unknown(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, name, ZERO_UUID);
}

/** After the answer, so that the next request finds the topic. A name that collides is never made, silently. */
function autoCreate(cluster: Cluster, name: string): void {
  const plan = cluster.topics.plan({ name, partitions: -1, replicationFactor: -1, assignments: [], configs: [] });
  if (!("errorCode" in plan)) cluster.topics.create(plan);
}
