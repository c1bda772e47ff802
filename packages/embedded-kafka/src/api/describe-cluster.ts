import { ErrorCode } from "../wire/index.ts";
import type { Api } from "./api.ts";
import { CLUSTER_OPERATIONS, NO_OPERATIONS } from "./authorized-operations.ts";

/** The endpoints of brokers, as opposed to those of controllers. */
const BROKERS = 1;
const CONTROLLERS = 2;

/**
 * DescribeCluster (key 60), versions 0 and 1. Version 1 can ask for the controllers' endpoints, which a broker does not
 * tell: MISMATCHED_ENDPOINT_TYPE; of other types UNSUPPORTED_ENDPOINT_TYPE.
 */
export const describeCluster: Api<"DescribeCluster"> = {
  name: "DescribeCluster",
  versions: [0, 1],
  handle(request, { cluster, apiVersion }) {
    if (apiVersion >= 1 && request.endpointType === CONTROLLERS) {
      const errorMessage =
        "The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER";
      return { errorCode: ErrorCode.MISMATCHED_ENDPOINT_TYPE, errorMessage, clusterId: "", endpointType: BROKERS };
    }
    if (apiVersion >= 1 && request.endpointType !== BROKERS) {
      const errorMessage = `Unsupported endpoint type ${request.endpointType}`;
      return { errorCode: ErrorCode.UNSUPPORTED_ENDPOINT_TYPE, errorMessage, clusterId: "", endpointType: BROKERS };
    }
    return {
      errorCode: ErrorCode.NONE,
      errorMessage: null,
      endpointType: BROKERS,
      clusterId: cluster.clusterId,
      controllerId: cluster.controllerId,
      brokers: cluster.nodes.map(({ id, host, port }) => ({ brokerId: id, host, port, rack: null })),
      clusterAuthorizedOperations: request.includeClusterAuthorizedOperations ? CLUSTER_OPERATIONS : NO_OPERATIONS,
    };
  },
};
