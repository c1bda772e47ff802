import { AlterOperation, alterConfigs as alter } from "../topics/alter-configs.ts";
import { alterTopicConfigs } from "./alter-topic-configs.ts";
import type { Api } from "./api.ts";

/**
 * AlterConfigs (key 33), versions 0 to 2: gives a topic exactly these settings; all others go back to their defaults.
 */
export const alterConfigs: Api<"AlterConfigs"> = {
  name: "AlterConfigs",
  versions: [0, 2],
  handle(request, context) {
    const responses = alterTopicConfigs(request.resources, request.validateOnly, context, ({ configs }) =>
      alter(
        new Map(),
        configs.map(({ name, value }) => ({ name, value, operation: AlterOperation.SET })),
      ),
    );
    return { responses };
  },
};
