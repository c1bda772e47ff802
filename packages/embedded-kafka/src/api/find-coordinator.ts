import { ErrorCode, type ResponseInput } from "../wire/index.ts";
import type { Api, RequestContext } from "./api.ts";
import { INVALID_REQUEST_MESSAGE } from "./messages.ts";

/** What a key names. */
const GROUP = 0;
const TRANSACTION = 1;
const SHARE_GROUP = 2;

type Answer = NonNullable<ResponseInput<"FindCoordinator">["coordinators"]>[number];

/**
 * FindCoordinator (key 10), versions 0 to 6: which node answers for a group (key type 0) or a transactional id (1);
 * other types give INVALID_REQUEST. From version 4 on for several keys at once. The coordinator is the leader of the
 * key's partition of an internal topic, which comes into being with the first question; unlike a fresh Kafka, which
 * answers COORDINATOR_NOT_AVAILABLE for the second that this takes there.
 */
export const findCoordinator: Api<"FindCoordinator"> = {
  name: "FindCoordinator",
  versions: [0, 6],
  handle(request, context) {
    const keyType = context.apiVersion === 0 ? GROUP : request.keyType;
    if (context.apiVersion >= 4) {
      return { coordinators: request.coordinatorKeys.map((key) => locate(key, keyType, context)) };
    }
    const { errorCode, errorMessage, nodeId, host, port } = locate(request.key, keyType, context);
    return { errorCode, errorMessage, nodeId, host, port };
  },
};

function locate(key: string, keyType: number, { cluster, apiVersion }: RequestContext): Answer {
  if (keyType !== GROUP && keyType !== TRANSACTION) {
    const errorMessage = keyType === SHARE_GROUP && apiVersion >= 4 ? "" : INVALID_REQUEST_MESSAGE;
    return { key, nodeId: -1, host: "", port: -1, errorCode: ErrorCode.INVALID_REQUEST, errorMessage };
  }
  const id = keyType === GROUP ? cluster.groupCoordinator(key) : cluster.transactionCoordinator(key);
  const node = cluster.nodes.find((candidate) => candidate.id === id);
  if (node === undefined) {
    return { key, nodeId: -1, host: "", port: -1, errorCode: ErrorCode.COORDINATOR_NOT_AVAILABLE, errorMessage: "" };
  }
  // The messages of no error are Kafka's.
  const errorMessage = apiVersion >= 4 ? "" : "NONE";
  return { key, nodeId: id, host: node.host, port: node.port, errorCode: ErrorCode.NONE, errorMessage };
}
