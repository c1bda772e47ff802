import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { nearest } from "@ondash/core";
import { TransportError } from "../error.ts";
import type { KafkaSecurity } from "../types.ts";
import {
  IGNORED_PROPERTIES,
  SECURITY_PROPERTIES,
  type SecurityProperty,
  UNSUPPORTED_PROPERTIES,
} from "./known-properties.ts";
import { type Property, readProperties } from "./properties.ts";
import { sealed } from "./sealed.ts";

/** Where a config text comes from. */
export interface KafkaConfigSource {
  /** For messages. */
  readonly file: string;
  /** Reads a file that the config names, as it is written there. Default: UTF-8, relative to the folder of `file`. */
  readonly read?: (name: string) => string;
}

type Found = ReadonlyMap<SecurityProperty, Property>;
type Complain = (property: Property, problem: string) => void;

const PROTOCOLS = ["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"] as const;
const MECHANISMS = ["plain", "scram-sha-256", "scram-sha-512"] as const;

/**
 * Reads a `--kafka-config` file: properties under librdkafka's names, one `name=value` a line. Understood are
 * `SECURITY_PROPERTIES`; `IGNORED_PROPERTIES` are read over; anything else is an error, with the nearest known name.
 * PEM files are read and looked at here, so that a wrong key is told with its line, before any connection.
 *
 * Values never stand in messages (but for those of closed sets, such as `security.protocol`), and the result does not
 * print its secrets.
 *
 * @throws TransportError `config` with all problems, `FILE:LINE: what is wrong` each.
 */
export function parseKafkaConfig(text: string, source: KafkaConfigSource): KafkaSecurity {
  const { file } = source;
  const read = source.read ?? ((name) => readFileSync(resolve(dirname(file), name), "utf8"));
  const problems: { readonly line: number; readonly problem: string }[] = [];
  const complain: Complain = ({ line, name }, problem) => problems.push({ line, problem: `${name}: ${problem}` });

  const { properties, bad } = readProperties(text);
  problems.push(...bad);
  const found = new Map<SecurityProperty, Property>();
  for (const property of properties) {
    const known = SECURITY_PROPERTIES.find((name) => name === property.name);
    if (known === undefined) {
      const problem = unknownProblem(property.name);
      if (problem !== undefined) complain(property, problem);
    } else if (found.has(known)) {
      complain(property, `stands in line ${found.get(known)?.line} already`);
    } else {
      found.set(known, property);
    }
  }

  const protocol = oneOf(found.get("security.protocol"), PROTOCOLS, "plaintext", complain);
  const withTls = protocol === "ssl" || protocol === "sasl_ssl";
  const withSasl = protocol === "sasl_plaintext" || protocol === "sasl_ssl";
  const tls = withTls ? tlsOf(found, read, complain) : undefined;
  const sasl = withSasl ? saslOf(found, complain) : undefined;
  for (const [name, property] of found) {
    const isIdle = (name.includes("ssl.") && !withTls) || (name.startsWith("sasl.") && !withSasl);
    if (isIdle) complain(property, `has no effect with security.protocol=${protocol ?? "(unknown)"}; ${wayOut(name)}`);
  }
  if (withSasl && sasl === undefined && problems.length === 0) {
    problems.push({
      line: found.get("security.protocol")?.line ?? 1,
      problem: `security.protocol=${protocol} needs sasl.mechanism, sasl.username and sasl.password`,
    });
  }
  if (problems.length > 0) {
    const lines = problems
      .toSorted((a, b) => a.line - b.line)
      .map(({ line, problem }) => `${file}:${line}: ${problem}`);
    throw new TransportError("config", lines.join("\n"));
  }
  return sealed({ tls, sasl });
}

function unknownProblem(name: string): string | undefined {
  if (IGNORED_PROPERTIES.includes(name)) return undefined;
  const unsupported = Object.entries(UNSUPPORTED_PROPERTIES).find(([key]) =>
    key.endsWith(".") ? name.startsWith(key) : name === key,
  );
  if (unsupported !== undefined) return `is not supported; ${unsupported[1]}`;
  const meant = nearest(name, [...SECURITY_PROPERTIES, ...IGNORED_PROPERTIES]);
  return meant === undefined
    ? `is not a known property; known are ${SECURITY_PROPERTIES.join(", ")}`
    : `is not a known property; did you mean ${meant}?`;
}

function wayOut(name: SecurityProperty): string {
  return name.startsWith("sasl.") ? "expected sasl_ssl or sasl_plaintext" : "expected ssl or sasl_ssl";
}

function oneOf<T extends string>(
  property: Property | undefined,
  values: readonly T[],
  absent: T,
  complain: Complain,
): T | undefined {
  if (property === undefined) return absent;
  const value = values.find((candidate) => candidate === property.value.toLowerCase());
  if (value === undefined) complain(property, `expected one of ${values.join(", ")}, found "${property.value}"`);
  return value;
}

function tlsOf(found: Found, read: (name: string) => string, complain: Complain): KafkaSecurity["tls"] {
  const pem = (location: SecurityProperty, inline: SecurityProperty): { text: string; from: Property } | undefined => {
    const from = found.get(location) ?? found.get(inline);
    if (from === undefined) return undefined;
    if (from.name === inline) return { text: from.value.replaceAll("\\n", "\n"), from };
    // librdkafka's word for "find the system's CAs".
    if (from.value === "probe") return undefined;
    try {
      return { text: read(from.value), from };
    } catch (error) {
      complain(from, `can't read ${from.value}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
  const ca = pem("ssl.ca.location", "ssl.ca.pem");
  const cert = pem("ssl.certificate.location", "ssl.certificate.pem");
  const key = pem("ssl.key.location", "ssl.key.pem");
  const passphrase = found.get("ssl.key.password");

  if (ca !== undefined) certificateOf(ca, complain);
  const certificate = cert === undefined ? undefined : certificateOf(cert, complain);
  const privateKey = key === undefined ? undefined : privateKeyOf(key, passphrase, complain);
  if (cert !== undefined && key === undefined && !found.has("ssl.key.location")) {
    complain(cert.from, "a certificate needs its key: ssl.key.location");
  }
  if (key !== undefined && cert === undefined && !found.has("ssl.certificate.location")) {
    complain(key.from, "a key needs its certificate: ssl.certificate.location");
  }
  if (
    key !== undefined &&
    certificate !== undefined &&
    privateKey !== undefined &&
    !certificate.checkPrivateKey(privateKey)
  ) {
    complain(key.from, "this key does not belong to the certificate");
  }
  const verification = oneOf(found.get("enable.ssl.certificate.verification"), ["true", "false"], "true", complain);
  const identification = found.get("ssl.endpoint.identification.algorithm");
  return {
    ca: ca?.text,
    cert: cert?.text,
    key: key?.text,
    passphrase: passphrase?.value,
    rejectUnauthorized: verification === "true",
    // Java writes "none" as nothing.
    checkHostname:
      identification?.value !== "" && oneOf(identification, ["https", "none"], "https", complain) === "https",
  };
}

function certificateOf(
  { text, from }: { text: string; from: Property },
  complain: Complain,
): X509Certificate | undefined {
  try {
    return new X509Certificate(text);
  } catch {
    complain(from, "holds no PEM certificate (-----BEGIN CERTIFICATE-----)");
    return undefined;
  }
}

function privateKeyOf(
  { text, from }: { text: string; from: Property },
  passphrase: Property | undefined,
  complain: Complain,
): KeyObject | undefined {
  try {
    return createPrivateKey({ key: text, ...(passphrase === undefined ? {} : { passphrase: passphrase.value }) });
  } catch {
    const hint =
      passphrase === undefined ? "if it is encrypted, ssl.key.password is missing" : "is ssl.key.password right?";
    complain(from, `holds no PEM private key that can be opened; ${hint}`);
    return undefined;
  }
}

function saslOf(found: Found, complain: Complain): KafkaSecurity["sasl"] {
  const mechanism = found.get("sasl.mechanism") ?? found.get("sasl.mechanisms");
  const username = found.get("sasl.username");
  const password = found.get("sasl.password");
  const known = mechanism === undefined ? undefined : oneOf(mechanism, MECHANISMS, "plain", complain);
  if (known === undefined || username === undefined || password === undefined) return undefined;
  return { mechanism: known, username: username.value, password: password.value };
}
