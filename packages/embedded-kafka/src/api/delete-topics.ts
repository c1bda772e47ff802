import { ErrorCode, type ResponseInput } from "../wire/index.ts";
import type { Api, RequestContext } from "./api.ts";
import { ZERO_UUID } from "./uuid.ts";

type Answer = NonNullable<ResponseInput<"DeleteTopics">["responses"]>[number];

/**
 * DeleteTopics (key 20), versions 1 to 6, by name, from version 6 on also by id (UNKNOWN_TOPIC_ID). A topic twice in one
 * request, or by name and id at once, gives INVALID_REQUEST. Commits of the topic go; who waits for it is answered.
 */
export const deleteTopics: Api<"DeleteTopics"> = {
  name: "DeleteTopics",
  versions: [1, 6],
  handle(request, context) {
    const asked =
      context.apiVersion >= 6
        ? request.topics
        : request.topicNames.map((name) => ({ name: name as string | null, topicId: ZERO_UUID }));
    const count = new Map<string, number>();
    for (const topic of asked) count.set(keyOf(topic), (count.get(keyOf(topic)) ?? 0) + 1);
    const answered = new Set<string>();
    const responses: Answer[] = [];
    for (const topic of asked) {
      if ((count.get(keyOf(topic)) ?? 0) === 1) responses.push(remove(topic, context));
      else if (!answered.has(keyOf(topic))) {
        answered.add(keyOf(topic));
        responses.push(refused(topic, ErrorCode.INVALID_REQUEST, "Duplicate topic name."));
      }
    }
    return { responses };
  },
};

function keyOf({ name, topicId }: { name: string | null; topicId: string }): string {
  return name ?? topicId;
}

function remove(asked: { name: string | null; topicId: string }, { cluster }: RequestContext): Answer {
  const { name, topicId } = asked;
  if (name !== null && topicId !== ZERO_UUID) {
    return refused(asked, ErrorCode.INVALID_REQUEST, "You may not specify both topic name and topic id.");
  }
  if (name === null && topicId === ZERO_UUID) {
    return refused(asked, ErrorCode.INVALID_REQUEST, "Neither topic name nor id were specified.");
  }
  const topic = name === null ? cluster.topics.withId(topicId) : cluster.topics.get(name);
  if (topic === undefined) {
    return name === null
      ? refused(asked, ErrorCode.UNKNOWN_TOPIC_ID, "This server does not host this topic ID.")
      : refused(asked, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "This server does not host this topic-partition.");
  }
  cluster.deleteTopic(topic);
  return { name: topic.name, topicId: topic.id, errorCode: ErrorCode.NONE, errorMessage: null };
}

function refused(
  { name, topicId }: { name: string | null; topicId: string },
  errorCode: number,
  errorMessage: string,
): Answer {
  return { name, topicId, errorCode, errorMessage };
}
