import { ErrorCode } from "../wire/index.ts";
import type { RequestContext } from "./api.ts";

/** NOT_COORDINATOR when another node coordinates the group, else NONE. */
export function groupCoordinatorError(groupId: string, { cluster, node }: RequestContext): number {
  return cluster.groupCoordinator(groupId) === node.id ? ErrorCode.NONE : ErrorCode.NOT_COORDINATOR;
}

/** NOT_COORDINATOR when another node coordinates the transactional id, else NONE. */
export function transactionCoordinatorError(transactionalId: string, { cluster, node }: RequestContext): number {
  return cluster.transactionCoordinator(transactionalId) === node.id ? ErrorCode.NONE : ErrorCode.NOT_COORDINATOR;
}
