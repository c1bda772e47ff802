import type { Cluster } from "../broker/cluster.ts";
import type { Topic } from "../topics/topic.ts";
import { isInternalTopic, topicNameFault } from "../topics/topic-name.ts";
import { ErrorCode, type RequestOf, type ResponseInput } from "../wire/index.ts";
import type { Api, RequestContext } from "./api.ts";
import { CLUSTER_OPERATIONS, NO_OPERATIONS, TOPIC_OPERATIONS } from "./authorized-operations.ts";
import { ZERO_UUID } from "./uuid.ts";

type Asked = NonNullable<RequestOf<"Metadata">["topics"]>[number];
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
    const fault = faultOf(asked, apiVersion);
    if (fault !== ErrorCode.NONE) {
      return { topics: asked.map(({ name, topicId }) => unknown(fault, name ?? "", topicId)) };
    }
    const answer = (topic: Topic): TopicAnswer => describe(topic, request.includeTopicAuthorizedOperations);
    const mayCreate = cluster.settings.autoCreateTopics && (apiVersion < 4 || request.allowAutoTopicCreation);
    const one = ({ name, topicId }: Asked): TopicAnswer => {
      const byId = name === null || topicId !== ZERO_UUID;
      const topic = byId ? cluster.topics.withId(topicId) : cluster.topics.get(name);
      if (topic !== undefined) return answer(topic);
      return byId ? unknown(ErrorCode.UNKNOWN_TOPIC_ID, null, topicId) : missing(name, mayCreate, context);
    };
    return {
      brokers: cluster.nodes.map(({ id, host, port }) => ({ nodeId: id, host, port, rack: null })),
      clusterId: cluster.clusterId,
      controllerId: cluster.controllerId,
      topics: everything ? cluster.topics.all().map(answer) : distinct(asked).map(one),
      clusterAuthorizedOperations: request.includeClusterAuthorizedOperations ? CLUSTER_OPERATIONS : NO_OPERATIONS,
    };
  },
};

/** Why the request is refused as a whole. Neither name nor id is something that Kafka stumbles over. */
function faultOf(asked: readonly Asked[], apiVersion: number): number {
  const tooEarly = asked.some(({ name, topicId }) => apiVersion < 12 && (name === null || topicId !== ZERO_UUID));
  if (tooEarly) return ErrorCode.INVALID_REQUEST;
  const nameless = asked.some(({ name, topicId }) => name === null && topicId === ZERO_UUID);
  return nameless ? ErrorCode.UNKNOWN_SERVER_ERROR : ErrorCode.NONE;
}

/** A topic that is asked for twice is answered once. */
function distinct(asked: readonly Asked[]): readonly Asked[] {
  return [...new Map(asked.map((topic) => [`${topic.name} ${topic.topicId}`, topic])).values()];
}

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
