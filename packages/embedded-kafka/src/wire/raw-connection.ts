import { connect, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import type { ApiName, RequestInput, ResponseOf } from "./api-name.ts";
import { WireError } from "./error.ts";
import { createFrameDecoder, encodeFrame } from "./frame.ts";
import { decodeResponseHeader, encodeRequestHeader } from "./header.ts";
import { decodeResponse, encodeRequest } from "./message-codec.ts";

/** One socket that speaks the protocol: no retries, no metadata, no opinion. Clients hide error codes; this does not. */
export interface RawConnection extends AsyncDisposable {
  /** Sends a request and gives the decoded response. Rejects with a `WireError` of code `connection` when it closes. */
  request<Api extends ApiName>(api: Api, version: number, body: RequestInput<Api>): Promise<ResponseOf<Api>>;
  /** Sends a request that is not answered (Produce with acks=0). */
  send<Api extends ApiName>(api: Api, version: number, body: RequestInput<Api>): void;
  /** Sends one frame with this payload and gives the next response frame's payload, both undecoded. */
  requestBytes(payload: Uint8Array): Promise<Uint8Array>;
  /** The payload of the next response frame that nobody waits for yet. */
  nextFrame(): Promise<Uint8Array>;
  /** Writes bytes as they are, no frame around them. */
  write(bytes: Uint8Array): void;
  /** Resolves when the other side, or `close`, has ended the connection. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

/** Connects. Rejects with a `WireError` of code `connection`. */
export async function connectRaw(options: {
  readonly host: string;
  readonly port: number;
  readonly clientId?: string;
  readonly tls?: ConnectionOptions;
}): Promise<RawConnection> {
  const { host, port, clientId = "ondash-raw", tls } = options;
  const socket = await open(host, port, tls);
  const frames = createFrameDecoder();
  const waiting: { resolve: (payload: Uint8Array) => void; reject: (error: unknown) => void }[] = [];
  let correlationId = 0;
  let failure: WireError | undefined;
  const fail = (error: WireError): void => {
    failure ??= error;
    for (const wait of waiting.splice(0)) wait.reject(failure);
  };
  const closed = new Promise<void>((resolve) => {
    socket.once("close", () => {
      fail(new WireError("connection", `${host}:${port} closed the connection`));
      resolve();
    });
  });
  socket.on("error", (cause) => fail(new WireError("connection", `${host}:${port}: ${cause.message}`, { cause })));
  socket.on("data", (chunk) => {
    try {
      for (const frame of frames.push(chunk)) waiting.shift()?.resolve(frame);
    } catch (cause) {
      socket.destroy();
      fail(new WireError("frame-size", `${host}:${port} sent no frame`, { cause }));
    }
  });
  // Kafka answers the requests of a connection in their order, so that the oldest wait is the one that is answered.
  const answer = (): Promise<Uint8Array> =>
    failure === undefined
      ? new Promise((resolve, reject) => waiting.push({ resolve, reject }))
      : Promise.reject(failure);
  const frameOf = <Api extends ApiName>(api: Api, version: number, body: RequestInput<Api>): Uint8Array =>
    encodeFrame(encodeRequestHeader(api, version, ++correlationId, clientId), encodeRequest(api, version, body));

  const connection: RawConnection = {
    async request(api, version, body) {
      const frame = frameOf(api, version, body);
      const id = correlationId;
      const response = answer();
      socket.write(frame);
      const payload = await response;
      const header = decodeResponseHeader(api, version, payload);
      if (header.correlationId !== id) {
        throw new WireError("malformed", `correlation id ${header.correlationId}, want ${id}`);
      }
      return decodeResponse(api, version, payload, header.bodyOffset);
    },
    send: (api, version, body) => void socket.write(frameOf(api, version, body)),
    requestBytes(payload) {
      const response = answer();
      socket.write(encodeFrame(payload));
      return response;
    },
    nextFrame: answer,
    write: (bytes) => void socket.write(bytes),
    closed,
    async close() {
      socket.destroy();
      await closed;
    },
    [Symbol.asyncDispose]: () => connection.close(),
  };
  return connection;
}

function open(host: string, port: number, tls: ConnectionOptions | undefined): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = tls === undefined ? connect({ host, port, noDelay: true }) : connectTls({ host, port, ...tls });
    const onError = (cause: Error): void => {
      reject(new WireError("connection", `can't connect to ${host}:${port}: ${cause.message}`, { cause }));
    };
    socket.once("error", onError);
    socket.once(tls === undefined ? "connect" : "secureConnect", () => {
      socket.off("error", onError);
      resolve(socket);
    });
  });
}
