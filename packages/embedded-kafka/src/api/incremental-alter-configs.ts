import { alterConfigs } from "../topics/alter-configs.ts";
import { alterTopicConfigs } from "./alter-topic-configs.ts";
import type { Api } from "./api.ts";

/**
 * IncrementalAlterConfigs (key 44), versions 0 and 1: sets or deletes single settings of a topic, appends to or
 * subtracts from those that are lists; the others stay.
 */
export const incrementalAlterConfigs: Api<"IncrementalAlterConfigs"> = {
  name: "IncrementalAlterConfigs",
  versions: [0, 1],
  handle(request, context) {
    const responses = alterTopicConfigs(request.resources, request.validateOnly, context, ({ configs }, current) =>
      alterConfigs(
        current,
        configs.map(({ name, value, configOperation }) => ({ name, value, operation: configOperation })),
      ),
    );
    return { responses };
  },
};
