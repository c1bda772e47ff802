import { brokerConfigs } from "../broker/broker-configs.ts";
import { CONFIG_TYPE_CODES, type ConfigDefinition } from "../topics/config-table.ts";
import { type ConfigOverrides, describeConfigs as describeTopicConfigs } from "../topics/topic-configs.ts";
import { topicNameFault } from "../topics/topic-name.ts";
import { ErrorCode, type RequestOf, type ResponseInput } from "../wire/index.ts";
import type { Api, RequestContext } from "./api.ts";
import { ConfigSource, ResourceType, topicConfigSource } from "./config-source.ts";
import { INVALID_REQUEST_MESSAGE } from "./messages.ts";

type Request = RequestOf<"DescribeConfigs">;
type Answer = NonNullable<ResponseInput<"DescribeConfigs">["results"]>[number];
type Config = NonNullable<Answer["configs"]>[number];

/**
 * DescribeConfigs (key 32), versions 1 to 4, for topics (every setting, with its source) and brokers (those that this
 * broker keeps to). Keys choose some; unknown ones are left out, and no key means all. A topic that does not exist gives
 * UNKNOWN_TOPIC_OR_PARTITION, another node or another type of resource INVALID_REQUEST.
 */
export const describeConfigs: Api<"DescribeConfigs"> = {
  name: "DescribeConfigs",
  versions: [1, 4],
  handle(request, context) {
    return { results: request.resources.map((resource) => describe(resource, request, context)) };
  },
};

function describe(resource: Request["resources"][number], request: Request, context: RequestContext): Answer {
  const { resourceType, resourceName, configurationKeys } = resource;
  const refuse = (errorCode: number, errorMessage: string): Answer => ({
    resourceType,
    resourceName,
    errorCode,
    errorMessage,
    configs: [],
  });
  const configs = find(resource, request.includeSynonyms, context, refuse);
  if (!Array.isArray(configs)) return configs;
  // No keys at all mean every key, like null.
  const keys = configurationKeys ?? [];
  const chosen = keys.length === 0 ? configs : configs.filter(({ name }) => keys.includes(name ?? ""));
  // The empty message is Kafka's.
  return { resourceType, resourceName, errorCode: ErrorCode.NONE, errorMessage: "", configs: chosen };
}

function find(
  { resourceType, resourceName }: Request["resources"][number],
  includeSynonyms: boolean,
  { cluster, node }: RequestContext,
  refuse: (errorCode: number, message: string) => Answer,
): Config[] | Answer {
  switch (resourceType) {
    case ResourceType.TOPIC: {
      const fault = topicNameFault(resourceName);
      if (fault !== undefined) return refuse(ErrorCode.INVALID_TOPIC_EXCEPTION, fault);
      const topic = cluster.topics.get(resourceName);
      if (topic === undefined) {
        return refuse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "");
      }
      return describeTopicConfigs(topic.configs).map(({ definition, value }) =>
        topicEntry(topic.configs, definition, value, includeSynonyms),
      );
    }
    case ResourceType.BROKER: {
      // The empty name stands for the defaults of the cluster, which nobody has set here.
      if (resourceName === "") return [];
      if (!/^-?\d+$/.test(resourceName)) {
        return refuse(ErrorCode.INVALID_REQUEST, `Broker id must be an integer, but it is: ${resourceName}`);
      }
      if (Number(resourceName) !== node.id) {
        const message = `Unexpected broker id, expected ${node.id} or empty string, but received ${resourceName}`;
        return refuse(ErrorCode.INVALID_REQUEST, message);
      }
      return brokerConfigs(cluster.settings, node).map(({ name, type, value, isSet }) => {
        const source = isSet ? ConfigSource.STATIC_BROKER : ConfigSource.DEFAULT;
        const configType = CONFIG_TYPE_CODES[type];
        const synonyms = includeSynonyms ? [{ name, value, source }] : [];
        return {
          name,
          value,
          readOnly: true,
          configSource: source,
          isSensitive: false,
          synonyms,
          configType,
          documentation: null,
        };
      });
    }
    default:
      return refuse(ErrorCode.INVALID_REQUEST, INVALID_REQUEST_MESSAGE);
  }
}

function topicEntry(
  overrides: ConfigOverrides,
  definition: ConfigDefinition,
  value: string,
  includeSynonyms: boolean,
): Config {
  const { name, type, brokerSetting } = definition;
  const configSource = topicConfigSource(overrides, definition);
  const own = configSource === ConfigSource.DEFAULT ? [] : [{ name, value, source: configSource }];
  const inherited =
    brokerSetting === undefined
      ? []
      : [{ name: brokerSetting, value: definition.default, source: ConfigSource.DEFAULT as number }];
  const synonyms = includeSynonyms ? [...own, ...inherited] : [];
  const configType = CONFIG_TYPE_CODES[type];
  return { name, value, readOnly: false, configSource, isSensitive: false, synonyms, configType, documentation: null };
}
