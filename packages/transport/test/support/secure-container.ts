import { createPrivateKey } from "node:crypto";
import { generate } from "selfsigned";
import { GenericContainer, RandomPortGenerator, type StartedTestContainer, Wait } from "testcontainers";

/** PEM files, by name, as a `--kafka-config` file names them. */
export type Pems = Readonly<Record<"ca.pem" | "client.pem" | "client.key" | "client-locked.key", string>>;

/** A Kafka that wants TLS and SASL, at one address for each way of it. */
export interface SecureKafka extends AsyncDisposable {
  readonly pems: Pems;
  /** TLS; the certificate is of `localhost`. */
  readonly tls: string;
  /** TLS with a client certificate. */
  readonly mutual: string;
  /** TLS, then SASL. */
  readonly saslOverTls: string;
  /** SASL on a plain connection. */
  readonly sasl: string;
}

/** For the SASL listeners: PLAIN and SCRAM-SHA-512. */
export const USER = { name: "alice", password: "alice=secret #1" } as const;
export const KEY_PASSWORD = "open-sesame";

const CERTIFICATE_FILES = "/tmp/certificates";

/** Starts one, with certificates that are made now. */
export async function startSecureKafka(): Promise<SecureKafka> {
  const ca = await generate([{ name: "commonName", value: "test CA" }], {
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, digitalSignature: true, critical: true },
    ],
  });
  const signed = (name: string): ReturnType<typeof generate> =>
    generate([{ name: "commonName", value: name }], {
      algorithm: "sha256",
      ca: { key: ca.private, cert: ca.cert },
      extensions: [
        { name: "basicConstraints", cA: false },
        { name: "extKeyUsage", serverAuth: true, clientAuth: true },
        { name: "subjectAltName", altNames: [{ type: 2, value: name }] },
      ],
    });
  const server = await signed("localhost");
  const client = await signed("client");
  const locked = createPrivateKey(client.private).export({
    type: "pkcs8",
    format: "pem",
    cipher: "aes-256-cbc",
    passphrase: KEY_PASSWORD,
  });
  const pems: Pems = {
    "ca.pem": ca.cert,
    "client.pem": client.cert,
    "client.key": client.private,
    "client-locked.key": locked.toString(),
  };

  const random = new RandomPortGenerator();
  const ports = {
    // Without "SSL://" in it, at which the image's start script would want Java key stores.
    ENCRYPTED: await random.generatePort(),
    MUTUAL: await random.generatePort(),
    LOGIN: await random.generatePort(),
    BARE: await random.generatePort(),
  };
  const names = Object.entries(ports);
  const container = await new GenericContainer("apache/kafka:4.3.1")
    .withExposedPorts(...names.map(([, port]) => ({ container: port, host: port })))
    .withCopyContentToContainer([
      { content: server.private + server.cert, target: `${CERTIFICATE_FILES}/keystore.pem`, mode: 0o644 },
      { content: ca.cert, target: `${CERTIFICATE_FILES}/truststore.pem`, mode: 0o644 },
    ])
    .withEnvironment({
      KAFKA_NODE_ID: "1",
      KAFKA_PROCESS_ROLES: "broker,controller",
      KAFKA_CONTROLLER_QUORUM_VOTERS: "1@localhost:9093",
      KAFKA_CONTROLLER_LISTENER_NAMES: "CONTROLLER",
      KAFKA_INTER_BROKER_LISTENER_NAME: "INTERNAL",
      KAFKA_LISTENERS: [
        ...names.map(([name, port]) => `${name}://:${port}`),
        "INTERNAL://localhost:9094,CONTROLLER://localhost:9093",
      ].join(","),
      KAFKA_ADVERTISED_LISTENERS: [
        ...names.map(([name, port]) => `${name}://localhost:${port}`),
        "INTERNAL://localhost:9094",
      ].join(","),
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP:
        "ENCRYPTED:SSL,MUTUAL:SSL,LOGIN:SASL_SSL,BARE:SASL_PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT",
      KAFKA_SSL_KEYSTORE_TYPE: "PEM",
      KAFKA_SSL_KEYSTORE_LOCATION: `${CERTIFICATE_FILES}/keystore.pem`,
      KAFKA_SSL_TRUSTSTORE_TYPE: "PEM",
      KAFKA_SSL_TRUSTSTORE_LOCATION: `${CERTIFICATE_FILES}/truststore.pem`,
      KAFKA_LISTENER_NAME_MUTUAL_SSL_CLIENT_AUTH: "required",
      ...saslSettings("LOGIN"),
      ...saslSettings("BARE"),
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1",
      KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: "1",
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: "1",
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: "1",
      KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS: "1",
    })
    .withWaitStrategy(Wait.forLogMessage("Kafka Server started"))
    .start();
  await createScramUser(container);
  const at = (port: number): string => `localhost:${port}`;
  return {
    pems,
    tls: at(ports.ENCRYPTED),
    mutual: at(ports.MUTUAL),
    saslOverTls: at(ports.LOGIN),
    sasl: at(ports.BARE),
    async [Symbol.asyncDispose]() {
      await container.stop({ timeout: 0 });
    },
  };
}

function saslSettings(listener: string): Record<string, string> {
  const prefix = `KAFKA_LISTENER_NAME_${listener}`;
  const quoted = JSON.stringify(USER.password);
  return {
    [`${prefix}_SASL_ENABLED_MECHANISMS`]: "PLAIN,SCRAM-SHA-512",
    [`${prefix}_PLAIN_SASL_JAAS_CONFIG`]: `org.apache.kafka.common.security.plain.PlainLoginModule required user_${USER.name}=${quoted};`,
    [`${prefix}_SCRAM___SHA___512_SASL_JAAS_CONFIG`]:
      "org.apache.kafka.common.security.scram.ScramLoginModule required;",
  };
}

async function createScramUser(container: StartedTestContainer): Promise<void> {
  const command = "/opt/kafka/bin/kafka-configs.sh --bootstrap-server localhost:9094 --alter --entity-type users";
  const { exitCode, output } = await container.exec([
    ...command.split(" "),
    "--entity-name",
    USER.name,
    "--add-config",
    `SCRAM-SHA-512=[password=${USER.password}]`,
  ]);
  if (exitCode !== 0) throw new Error(`kafka-configs.sh: ${output}`);
}
