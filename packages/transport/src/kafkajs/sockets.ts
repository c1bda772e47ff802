import { connect as connectTcp, isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import type { Clock } from "@ondash/core";
import { formatDuration } from "@ondash/core";
import { type Address, formatAddress } from "../addresses.ts";
import { TransportError } from "../error.ts";

/** What kafkajs asks a socket factory for. */
interface SocketRequest {
  readonly host: string;
  readonly port: number;
  readonly ssl: ConnectionOptions | undefined;
  readonly onConnect: () => void;
}

/** The sockets of one kafkajs client, which end together. */
export interface SocketGroup {
  /** For kafkajs' `brokers` option: `host:port` each, with stand-in names for what its splitting at ":" would break. */
  readonly bootstrap: readonly string[];
  /** For kafkajs' `socketFactory` option. */
  readonly create: (request: SocketRequest) => Socket;
  /** Ends every connection at once and refuses new ones. */
  close(): void;
}

/** All sockets of one session: whether brokers answer is known here, and nowhere else in kafkajs. */
export interface Sockets {
  /** Creates a group for one client. */
  group(): SocketGroup;
  /** Rejects with `unreachable`, `broker-lost` or `auth` when there is no hope left; never resolves. */
  readonly lost: Promise<never>;
  /** Stops watching. */
  close(): void;
}

export interface SocketsOptions {
  /** Whether SASL credentials are at hand: selects a hint. */
  readonly withSasl: boolean;
  readonly addresses: readonly Address[];
  /** For how long every attempt to connect may fail, without any answer meanwhile, in ms. */
  readonly patienceMs: number;
  readonly clock: Clock;
}

/** Verification and handshake errors of Node's TLS: they do not heal by trying again. */
const TLS_FAILURE = /^(?:ERR_(?:TLS|SSL|OSSL)_|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_|INVALID_CA|EPROTO)/;
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  ENOTFOUND: "unknown host",
  EHOSTUNREACH: "host unreachable",
  ENETUNREACH: "network unreachable",
  ETIMEDOUT: "no answer to a connection attempt",
};
const KEEP_ALIVE_MS = 60_000;
/** So many, and no connection that did any better: it is no accident. */
const HANG_UPS = 4;

/** Creates the sockets of one session. */
export function createSockets({ addresses, withSasl, patienceMs, clock }: SocketsOptions): Sockets {
  const lost = Promise.withResolvers<never>();
  // Nobody may be waiting when it happens.
  lost.promise.catch(() => undefined);
  let answered = false;
  let closed = false;
  let isProven = false;
  let hangUps = 0;
  let lastFailure: string | undefined;
  let cancelPatience: (() => void) | undefined;

  const watch: Watch = {
    answered(again) {
      answered = true;
      isProven ||= again;
      cancelPatience?.();
      cancelPatience = undefined;
    },
    hungUp(where, isSecured) {
      if (isProven || ++hangUps < HANG_UPS) return;
      const sasl = "if it wants SASL, name a --kafka-config file with security.protocol and sasl.mechanism";
      const plain = "it does not seem to speak TLS: see security.protocol in the --kafka-config file";
      const hint = isSecured ? (withSasl ? "" : `; ${sasl}`) : `; ${plain}`;
      lost.reject(new TransportError("auth", `the broker at ${where} closes connections at the first request${hint}`));
    },
    failed(reason, where) {
      if (closed) return;
      lastFailure = `${reason} at ${where}`;
      cancelPatience ??= clock.schedule(patienceMs, () => {
        const code = answered ? "broker-lost" : "unreachable";
        const who = answered ? "the broker does not answer any more" : "no broker can be reached";
        lost.reject(new TransportError(code, `${who}: ${lastFailure} (for ${formatDuration(patienceMs)})`));
      });
    },
    refused(error) {
      // Once a broker has answered, a broken handshake is a broken connection like others.
      if (answered) return false;
      lost.reject(error);
      return true;
    },
  };

  return {
    group: () => createGroup(addresses, watch),
    lost: lost.promise,
    close() {
      closed = true;
      cancelPatience?.();
    },
  };
}

interface Watch {
  /** Data came; `again`: on a connection that had brought some before. */
  answered(again: boolean): void;
  /**
   * The broker closed a connection after one answer at most: what a listener does that wants SASL and gets none.
   * `isSecured` is false when the handshake of TLS was not even finished.
   */
  hungUp(where: string, isSecured: boolean): void;
  failed(reason: string, where: string): void;
  /** TLS was refused: for good if this returns true. */
  refused(error: TransportError): boolean;
}

function createGroup(addresses: readonly Address[], watch: Watch): SocketGroup {
  const open = new Set<Socket>();
  let closed = false;
  // kafkajs splits "host:port" at the first colon, so an IPv6 address needs a name without one.
  const standIns = new Map<string, string>();
  const bootstrap = addresses.map(({ host, port }, index) => {
    if (!host.includes(":")) return `${host}:${port}`;
    const name = `bootstrap-${index}.invalid`;
    standIns.set(name, host);
    return `${name}:${port}`;
  });

  const create = ({ host: asked, port, ssl, onConnect }: SocketRequest): Socket => {
    if (closed) throw new Error("the connection was closed by its owner");
    const host = standIns.get(asked) ?? asked;
    const where = formatAddress({ host, port });
    const socket =
      ssl === undefined
        ? connectTcp({ host, port }, onConnect)
        : connectTls({ ...(isIP(host) === 0 ? { servername: host } : {}), ...ssl, host, port }, onConnect);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.setNoDelay(true);
    open.add(socket);
    let answers = 0;
    let isSecured = ssl === undefined;
    socket.once("secureConnect", () => {
      isSecured = true;
    });
    socket.on("data", (chunk: Buffer) => {
      if (answers === 0 && ssl === undefined && isTlsAlert(chunk)) {
        // kafkajs would wait for the 352 MB that it reads out of it.
        const hint = "it speaks TLS: name a --kafka-config file with security.protocol=ssl or sasl_ssl";
        watch.refused(new TransportError("auth", `the broker at ${where} refused a connection without TLS; ${hint}`));
        return;
      }
      answers++;
      watch.answered(answers > 1);
    });
    socket.on("end", () => {
      if (!closed && answers <= 1) watch.hungUp(where, isSecured);
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (closed) return;
      const reason = REASONS[error.code ?? ""] ?? error.message;
      const isHandshake = ssl !== undefined && TLS_FAILURE.test(error.code ?? "");
      const text = `TLS with the broker at ${where} failed: ${reason}`;
      if (isHandshake && watch.refused(new TransportError("auth", text, { cause: error }))) return;
      watch.failed(reason, where);
    });
    socket.on("close", () => {
      open.delete(socket);
      // kafkajs does this each time it disconnects what is closed already, and Node keeps a listener each time.
      socket.unref = () => socket;
    });
    return socket;
  };

  return {
    bootstrap,
    create,
    close() {
      closed = true;
      // With an error, because kafkajs listens to `end` and `error` but not to `close`: its pending requests, and with
      // them its `disconnect()`, would never settle.
      for (const socket of open) socket.destroy(new Error("the connection was closed by its owner"));
    },
  };
}

function isTlsAlert(chunk: Buffer): boolean {
  return chunk[0] === 0x15 && chunk[1] === 0x03;
}
