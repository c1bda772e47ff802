import { createServer, type Server, type Socket } from "node:net";
import { EmbeddedKafkaError } from "../error.ts";

/** A listening socket and the connections that came through it. */
export interface Listener {
  readonly port: number;
  /** Stops listening and ends every connection; resolves when all of them are gone. */
  close(): Promise<void>;
}

/**
 * Listens on `host:port` (port 0: a free one).
 * Throws an `EmbeddedKafkaError` of code `port-in-use` or `listen`.
 */
export async function listen(host: string, port: number, onConnection: (socket: Socket) => void): Promise<Listener> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    // The other side went away: 'close' follows.
    socket.on("error", () => socket.destroy());
    onConnection(socket);
  });
  const bound = await bind(server, host, port);
  return {
    port: bound,
    close: () =>
      new Promise((resolve) => {
        // Called when the last connection is gone, too.
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function bind(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE"
          ? new EmbeddedKafkaError(
              "port-in-use",
              `port ${port} of ${host} is taken: choose another, or none for a free one`,
              {
                cause: error,
              },
            )
          : new EmbeddedKafkaError("listen", `cannot listen on ${host}:${port}: ${error.message}`, { cause: error }),
      );
    });
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      if (address === null || typeof address === "string")
        reject(new EmbeddedKafkaError("listen", `${host} is not TCP`));
      else resolve(address.port);
    });
  });
}
