import type { Socket } from "node:net";
import type { Cluster } from "../broker/cluster.ts";
import { serveConnection } from "./connection.ts";
import { dispatch } from "./dispatch.ts";

/** One node of the cluster, as the server of its connections. */
export interface BrokerServer {
  /** Serves a connection. */
  accept(socket: Socket): void;
}

/** Makes the server of node `id`. */
export function createBrokerServer(cluster: Cluster, id: number): BrokerServer {
  return {
    accept(socket) {
      const clientHost = `/${socket.remoteAddress ?? ""}`;
      serveConnection(socket, {
        maxRequestBytes: cluster.settings.maxRequestBytes,
        serve(frame, signal) {
          const node = cluster.nodes[id];
          return node === undefined ? Promise.resolve("close") : dispatch(frame, { cluster, node, clientHost, signal });
        },
        onDefect: (error) => {
          process.emitWarning(error instanceof Error ? error : new Error(String(error)), "EmbeddedKafkaDefect");
        },
      });
    },
  };
}
