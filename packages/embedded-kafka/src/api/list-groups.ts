import { ErrorCode } from "../wire/index.ts";
import type { Api } from "./api.ts";

/** All groups here are of this type (KIP-848's name for them). */
const TYPE = "classic";

/**
 * ListGroups (key 16), versions 0 to 5: the groups that this node coordinates. From version 4 on filtered by state, from
 * 5 on by type; both regardless of case, an empty filter lets everything through.
 */
export const listGroups: Api<"ListGroups"> = {
  name: "ListGroups",
  versions: [0, 5],
  handle(request, { cluster, node, apiVersion }) {
    const states = apiVersion >= 4 ? lowerCase(request.statesFilter) : [];
    const types = apiVersion >= 5 ? lowerCase(request.typesFilter) : [];
    const groups = Array.from(cluster.groups.groups.values(), ({ group }) => group).filter(
      ({ id, state }) => cluster.groupCoordinator(id) === node.id && passes(states, state) && passes(types, TYPE),
    );
    return {
      errorCode: ErrorCode.NONE,
      groups: groups.map(({ id, state, protocolType }) => ({
        groupId: id,
        protocolType: protocolType ?? "",
        groupState: state,
        groupType: TYPE,
      })),
    };
  },
};

/** An empty filter lets everything through. */
function passes(filter: readonly string[], value: string): boolean {
  return filter.length === 0 || filter.includes(value.toLowerCase());
}

function lowerCase(values: readonly string[]): string[] {
  return values.map((value) => value.toLowerCase());
}
