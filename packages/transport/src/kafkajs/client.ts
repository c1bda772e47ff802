import type kafkajsModule from "kafkajs";
import type { Kafka, KafkaConfig, logLevel as LogLevel } from "kafkajs";
import type { KafkaSecurity } from "../types.ts";
import type { SocketGroup } from "./sockets.ts";
import { silenceKafkajsTimerWarning } from "./warnings.ts";

/** kafkajs' module, loaded only when a session is opened. */
export type KafkajsModule = typeof kafkajsModule;

/** One line of kafkajs' log. */
export interface KafkaLogEntry {
  readonly level: "error" | "warn" | "info" | "debug";
  /** The part of kafkajs that speaks: `Connection`. */
  readonly source: string;
  readonly message: string;
}

/** kafkajs with a client of it. */
export interface KafkajsClient {
  readonly kafkajs: KafkajsModule;
  readonly kafka: Kafka;
  /** Ends all its connections at once. */
  close(): void;
}

export interface ClientOptions {
  readonly sockets: SocketGroup;
  readonly security: KafkaSecurity | undefined;
  readonly clientId: string;
  /** Bound on one request in ms. */
  readonly requestTimeoutMs: number;
  readonly onLog: ((entry: KafkaLogEntry) => void) | undefined;
}

/** A connection attempt that hangs must not take the whole bound of an operation: there may be other brokers. */
const LONGEST_CONNECT_MS = 3_000;

/** Starts loading kafkajs (some 50 ms), so that it goes on while a broker starts. */
export async function loadKafkajs(): Promise<KafkajsModule> {
  const { default: kafkajs } = await import("kafkajs");
  return kafkajs;
}

/** Creates a kafkajs client. It retries only a little by itself: the session's guard asks again, and knows when to end. */
export async function createClient(options: ClientOptions): Promise<KafkajsClient> {
  const { sockets, security, onLog } = options;
  const kafkajs = await loadKafkajs();
  silenceKafkajsTimerWarning();
  let closed = false;
  const kafka = new kafkajs.Kafka({
    clientId: options.clientId,
    brokers: [...sockets.bootstrap],
    connectionTimeout: Math.min(options.requestTimeoutMs, LONGEST_CONNECT_MS),
    requestTimeout: options.requestTimeoutMs,
    retry: { retries: 1, initialRetryTime: 20, maxRetryTime: 50 },
    logLevel: onLog === undefined ? kafkajs.logLevel.NOTHING : kafkajs.logLevel.WARN,
    logCreator:
      () =>
      ({ namespace, level, log: { message } }) => {
        // What it says about connections that we have ended is no news, nor is that it retries little: we do.
        if (closed || message.startsWith("Limiting retries")) return;
        onLog?.({ level: levelName(level, kafkajs.logLevel), source: namespace, message });
      },
    // Without TLS kafkajs passes no `ssl`, which its type does not say.
    socketFactory: ({ host, port, ssl, onConnect }) => sockets.create({ host, port, ssl: ssl ?? undefined, onConnect }),
    ...securityConfig(security),
  });
  const close = (): void => {
    closed = true;
    sockets.close();
  };
  return { kafkajs, kafka, close };
}

function securityConfig(security: KafkaSecurity | undefined): Pick<KafkaConfig, "ssl" | "sasl"> {
  const config: Pick<KafkaConfig, "ssl" | "sasl"> = {};
  if (security?.tls !== undefined) {
    const { ca, cert, key, passphrase, rejectUnauthorized, checkHostname } = security.tls;
    config.ssl = {
      rejectUnauthorized,
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(passphrase === undefined ? {} : { passphrase }),
      ...(checkHostname ? {} : { checkServerIdentity: () => undefined }),
    };
  }
  if (security?.sasl !== undefined) {
    const { mechanism, username, password } = security.sasl;
    // One type for each mechanism there, one for all here.
    config.sasl = { mechanism, username, password } as NonNullable<KafkaConfig["sasl"]>;
  }
  return config;
}

function levelName(level: LogLevel, levels: typeof LogLevel): KafkaLogEntry["level"] {
  if (level <= levels.ERROR) return "error";
  if (level <= levels.WARN) return "warn";
  return level <= levels.INFO ? "info" : "debug";
}
