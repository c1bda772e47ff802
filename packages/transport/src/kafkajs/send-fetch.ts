import type { Broker } from "kafkajs";
import { TransportError } from "../error.ts";
import { decodeFetchAnswer } from "../fetch/decode-answer.ts";
import type { ByteSharing, FetchedPartition } from "../fetch/fetched.ts";

/** A request as kafkajs' brokers hand it to their connections, with who reads its answer. */
interface ProtocolRequest {
  readonly request: { readonly apiVersion: number };
  readonly response: ResponseDecoder;
}

interface ResponseDecoder {
  /** `clientSideThrottleTime` in ms is what kafkajs looks at: requests are held back for so long (KIP-219). */
  decode(payload: Buffer): { readonly clientSideThrottleTime: number };
  parse(decoded: unknown): unknown;
}

interface ConnectionPool {
  send(request: ProtocolRequest): Promise<unknown>;
}

/**
 * Sends a Fetch as kafkajs does (its choice of version, its connections with their TLS and SASL), and decodes the answer
 * here: see `decodeFetchAnswer`.
 * @throws TransportError `kafkajs` when the installed kafkajs has another shape; what `decodeFetchAnswer` throws.
 */
export async function sendFetch(
  broker: Broker,
  request: Parameters<Broker["fetch"]>[0],
  sharing: ByteSharing,
): Promise<readonly FetchedPartition[]> {
  const pool = (broker as Broker & { readonly connectionPool?: Partial<ConnectionPool> }).connectionPool;
  if (typeof pool?.send !== "function") {
    const what = "the installed kafkajs does not offer connectionPool.send of a broker; expected kafkajs 2.2.4";
    throw new TransportError("kafkajs", what);
  }
  let partitions: readonly FetchedPartition[] | undefined;
  const send: ConnectionPool["send"] = (sent) =>
    (pool as ConnectionPool).send({
      ...sent,
      response: {
        decode(payload) {
          const { apiVersion } = sent.request;
          const answer = decodeFetchAnswer(apiVersion, payload, sharing);
          partitions = answer.partitions;
          // Before version 8 the broker has waited itself.
          return { clientSideThrottleTime: apiVersion >= 8 ? answer.throttleMs : 0 };
        },
        parse: (decoded) => decoded,
      },
    });
  const redirected = Object.create(broker, {
    connectionPool: { value: Object.create(pool, { send: { value: send } }) },
  });
  await (redirected as Broker).fetch(request);
  if (partitions === undefined) throw new TransportError("kafkajs", "kafkajs did not let us decode an answer to Fetch");
  return partitions;
}
