import type { Socket } from "node:net";
import { createFrameDecoder } from "../wire/index.ts";
import type { Served } from "./dispatch.ts";

/**
 * Serves one client: its requests one after another, each read only when the answer to the one before is written, as
 * Kafka does by muting the channel. So a JoinGroup that waits blocks what comes behind it. Whatever goes wrong ends
 * this connection and nothing else.
 */
export function serveConnection(
  socket: Socket,
  options: {
    readonly maxRequestBytes: number;
    readonly serve: (frame: Uint8Array, signal: AbortSignal) => Promise<Served>;
    /** Called with a defect of the broker itself. */
    readonly onDefect: (error: unknown) => void;
  },
): void {
  const frames = createFrameDecoder({ maxBytes: options.maxRequestBytes });
  const waiting: Uint8Array[] = [];
  const closing = new AbortController();

  const work = async (): Promise<void> => {
    // No data come while it is paused: this runs once at a time.
    socket.pause();
    for (let frame = waiting.shift(); frame !== undefined && !socket.destroyed; frame = waiting.shift()) {
      const served = await options.serve(frame, closing.signal);
      if (served === "close") socket.destroy();
      else if (served !== "no-response") await write(socket, served);
    }
    socket.resume();
  };
  socket.on("data", (chunk: Buffer) => {
    try {
      waiting.push(...frames.push(chunk));
    } catch {
      // No frame: the stream cannot be read any further.
      socket.destroy();
      return;
    }
    if (waiting.length === 0) return;
    work().catch((error: unknown) => {
      options.onDefect(error);
      socket.destroy();
    });
  });
  socket.once("close", () => closing.abort());
}

/** Resolves when the bytes are handed over, or the connection is gone. */
function write(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) resolve();
    else socket.write(bytes, () => resolve());
  });
}
