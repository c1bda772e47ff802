import { type AddressInfo, createServer, type Socket } from "node:net";
import type { Broker } from "@ondash/transport";

/** Something that listens where a broker is expected. */
export interface FakeBroker extends AsyncDisposable {
  readonly broker: Broker;
  readonly address: string;
}

/** A server on loopback that does with each connection as it is told. */
export async function fakeBroker(onConnection: (socket: Socket) => void): Promise<FakeBroker> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    onConnection(socket);
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", listening.resolve);
  await listening.promise;
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    address,
    broker: brokerAt(address),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      await closed.promise;
    },
  };
}

/** A broker that somebody else runs, taken on trust. */
export function brokerAt(...bootstrap: readonly string[]): Broker {
  return {
    kind: "external",
    bootstrap,
    security: undefined,
    description: `a fake at ${bootstrap.join(", ")}`,
    ownsTopics: false,
    shared: true,
    async [Symbol.asyncDispose]() {
      // Nothing was started.
    },
  };
}

/** An address at which nothing listens. */
export async function freeAddress(): Promise<string> {
  await using fake = await fakeBroker(() => undefined);
  return fake.address;
}
