import type { ConfigOverrides } from "../topics/topic-configs.ts";
import type { Refusal } from "../topics/topic-registry.ts";
import { ErrorCode } from "../wire/index.ts";
import type { RequestContext } from "./api.ts";
import { ResourceType } from "./config-source.ts";

/** What is asked of a resource, and what is answered. */
interface Resource {
  readonly resourceType: number;
  readonly resourceName: string;
}

/** The answer about a resource. */
export interface AlterAnswer extends Resource {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

/**
 * Changes the settings of a topic (AlterConfigs and IncrementalAlterConfigs alike). A topic that does not exist gives
 * UNKNOWN_TOPIC_OR_PARTITION; the settings of a node are read-only here, which INVALID_REQUEST says.
 */
export function alterTopicConfigs<R extends Resource>(
  resources: readonly R[],
  validateOnly: boolean,
  { cluster }: RequestContext,
  alter: (resource: R, current: ConfigOverrides) => ConfigOverrides | Refusal,
): AlterAnswer[] {
  const keys = resources.map(({ resourceType, resourceName }) => `${resourceType} ${resourceName}`);
  return resources.map((resource, index) => {
    const { resourceType, resourceName } = resource;
    const answer = (errorCode: number, errorMessage: string | null): AlterAnswer => ({
      errorCode,
      errorMessage,
      resourceType,
      resourceName,
    });
    const key = keys[index] ?? "";
    if (keys.indexOf(key) !== keys.lastIndexOf(key)) {
      return answer(ErrorCode.INVALID_REQUEST, "Each resource must appear at most once.");
    }
    if (resourceType === ResourceType.BROKER) {
      return answer(ErrorCode.INVALID_REQUEST, "The settings of this broker cannot be changed while it runs.");
    }
    if (resourceType !== ResourceType.TOPIC) {
      return answer(ErrorCode.INVALID_REQUEST, `Unknown resource type ${resourceType}`);
    }
    const topic = cluster.topics.get(resourceName);
    if (topic === undefined) {
      return answer(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `The topic '${resourceName}' does not exist.`);
    }
    const altered = alter(resource, topic.configs);
    if ("errorCode" in altered) return answer(altered.errorCode, altered.message);
    if (!validateOnly) topic.configs = altered;
    return answer(ErrorCode.NONE, null);
  });
}
