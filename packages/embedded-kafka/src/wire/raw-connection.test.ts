import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { createFrameDecoder, encodeFrame } from "./frame.ts";
import { decodeRequestHeader, encodeResponseHeader } from "./header.ts";
import { encodeResponse } from "./message-codec.ts";
import { connectRaw, type RawConnection } from "./raw-connection.ts";

/** A server that does with each frame what the test says. */
async function withServer(
  onFrame: (frame: Uint8Array, socket: Socket) => void,
  test: (connection: RawConnection, port: number) => Promise<void>,
): Promise<void> {
  const server = createServer((socket) => {
    const frames = createFrameDecoder();
    socket.on("data", (chunk) => {
      for (const frame of frames.push(chunk)) onFrame(frame, socket);
    });
    socket.on("error", () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const connection = await connectRaw({ host: "127.0.0.1", port, clientId: "me" });
  try {
    await test(connection, port);
  } finally {
    await connection.close();
    server.close();
  }
}

const heartbeat = { groupId: "g", generationId: 1, memberId: "m" };
const answer = (correlationId: number, errorCode = 0): Uint8Array =>
  encodeFrame(encodeResponseHeader("Heartbeat", 4, correlationId), encodeResponse("Heartbeat", 4, { errorCode }));

describe("a raw connection", () => {
  it("gives each request its answer, in order, however many are under way", async () => {
    await withServer(
      (frame, socket) => {
        const { correlationId, clientId, bodyOffset, headerVersion } = decodeRequestHeader(frame);
        expect({ clientId, headerVersion, bodyOffset }).toEqual({ clientId: "me", headerVersion: 2, bodyOffset: 13 });
        socket.write(answer(correlationId, correlationId));
      },
      async (connection) => {
        const answers = await Promise.all([1, 2, 3].map(() => connection.request("Heartbeat", 4, heartbeat)));
        expect(answers.map(({ errorCode }) => errorCode)).toEqual([1, 2, 3]);
      },
    );
  });

  it("notices an answer to something else", async () => {
    await withServer(
      (_, socket) => socket.write(answer(77)),
      async (connection) => {
        await expect(connection.request("Heartbeat", 4, heartbeat)).rejects.toThrow(
          "[malformed] correlation id 77, want 1",
        );
      },
    );
  });

  it("fails what is under way, and what comes later, when the other side closes", async () => {
    let frames = 0;
    await withServer(
      // A socket that is closed with bytes unread resets the connection, which has another message.
      (_, socket) => {
        if (++frames === 2) socket.destroy();
      },
      async (connection, port) => {
        const message = `[connection] 127.0.0.1:${port} closed the connection`;
        const both = [connection.request("Heartbeat", 4, heartbeat), connection.requestBytes(Uint8Array.of(1))];
        for (const each of await Promise.allSettled(both)) {
          expect(each).toMatchObject({ status: "rejected", reason: { code: "connection", message } });
        }
        await connection.closed;
        await expect(connection.request("Heartbeat", 4, heartbeat)).rejects.toThrow(message);
      },
    );
  });

  it("does not wait for an answer that no one wants, and writes bytes as they are", async () => {
    const seen: number[] = [];
    await withServer(
      (frame, socket) => {
        seen.push(frame.length);
        if (frame.length === 1) socket.write(encodeFrame(Uint8Array.of(9)));
      },
      async (connection) => {
        connection.send("Heartbeat", 4, heartbeat);
        connection.write(Uint8Array.of(0, 0, 0, 2, 1, 1));
        expect([...(await connection.requestBytes(Uint8Array.of(5)))]).toEqual([9]);
        expect(seen).toEqual([23, 2, 1]);
      },
    );
  });

  it("ends when the other side sends no frame", async () => {
    await withServer(
      (_, socket) => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"),
      async (connection) => {
        await expect(connection.request("Heartbeat", 4, heartbeat)).rejects.toThrow("[frame-size]");
        await connection.closed;
      },
    );
  });

  it("says where nothing listens", async () => {
    // No port of those that are given out: a free one may be another process's the moment after.
    await expect(connectRaw({ host: "127.0.0.1", port: 1 })).rejects.toThrow(
      "[connection] can't connect to 127.0.0.1:1: connect ECONNREFUSED",
    );
  });
});
