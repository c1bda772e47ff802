import { TransportError } from "./error.ts";

/** Where a broker listens. */
export interface Address {
  /** A name or an IP address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

const ADDRESS = /^(?:\[(?<v6>[0-9A-Fa-f:.%]+)\]|(?<host>[^\s:,[\]/]+)):(?<port>\d{1,5})$/;

/**
 * The addresses of a bootstrap list: `host:port` each, IPv6 in brackets.
 * @throws TransportError `config` naming the entry that is malformed, or when there is none.
 */
export function parseAddresses(brokers: readonly string[]): readonly Address[] {
  if (brokers.length === 0) {
    throw new TransportError("config", "no broker address is given: expected host:port, as in localhost:9092");
  }
  return brokers.map((broker) => {
    const groups = ADDRESS.exec(broker.trim())?.groups;
    const host = groups?.["v6"] ?? groups?.["host"];
    const port = Number(groups?.["port"]);
    if (host === undefined || port < 1 || port > 65_535) {
      throw new TransportError(
        "config",
        `"${broker}" is not a broker address: expected host:port, as in localhost:9092 or [::1]:9092`,
      );
    }
    return { host, port };
  });
}

/** `host:port`, IPv6 in brackets. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
