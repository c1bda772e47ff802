import { ErrorCode } from "../wire/index.ts";
import type { Api } from "./api.ts";
import { groupCoordinatorError } from "./coordinator-check.ts";

/**
 * DeleteGroups (key 42), versions 0 to 2: only groups without members (NON_EMPTY_GROUP); one that does not exist gives
 * GROUP_ID_NOT_FOUND. The commits go with the group.
 */
export const deleteGroups: Api<"DeleteGroups"> = {
  name: "DeleteGroups",
  versions: [0, 2],
  handle(request, context) {
    return {
      results: [...new Set(request.groupsNames)].map((groupId) => {
        const elsewhere = groupCoordinatorError(groupId, context);
        const errorCode = elsewhere === ErrorCode.NONE ? context.cluster.groups.delete(groupId) : elsewhere;
        return { groupId, errorCode };
      }),
    };
  },
};
