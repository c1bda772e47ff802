import { ErrorCode } from "../wire/index.ts";
import type { Api } from "./api.ts";
import { CLUSTER_OPERATIONS, NO_OPERATIONS } from "./authorized-operations.ts";

/** The endpoints of brokers, as opposed to those of controllers. */
const BROKERS = 1;

/**
 * DescribeCluster (key 60), versions 0 and 1. Version 1 can ask for the controllers' endpoints, which a broker does not
 * tell: MISMATCHED_ENDPOINT_TYPE.
 */
export const describeCluster: Api<"DescribeCluster"> = {
  name: "DescribeCluster",
  versions: [0, 1],
  handle(request, { cluster, apiVersion }) {
    if (apiVersion >= 1 && request.endpointType !== BROKERS) {
      const errorMessage = `The request was sent to an endpoint of the wrong type: got ${request.endpointType}, but this is a broker.`;
      return { errorCode: ErrorCode.MISMATCHED_ENDPOINT_TYPE, errorMessage, clusterId: "", endpointType: BROKERS };
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
