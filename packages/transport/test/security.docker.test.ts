import { inspect } from "node:util";
import { startDeadline } from "@ondash/core";
import {
  connectKafka,
  externalProvider,
  isTransportError,
  type KafkaLogEntry,
  type KafkaSession,
  parseKafkaConfig,
} from "@ondash/transport";
import { describeWithDocker } from "@ondash/transport/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { expectAccounted, keep } from "./support/collected.ts";
import { KEY_PASSWORD, type SecureKafka, startSecureKafka, USER } from "./support/secure-container.ts";
import { textRecord, topicName } from "./support/topic-name.ts";

describeWithDocker("TLS and SASL, by a --kafka-config file", () => {
  let kafka: SecureKafka;
  const logged: KafkaLogEntry[] = [];
  const thrown: unknown[] = [];

  beforeAll(async () => {
    kafka = await startSecureKafka();
  });
  afterAll(async () => {
    await kafka[Symbol.asyncDispose]();
  });

  async function connect(address: string, ...config: readonly string[]): Promise<KafkaSession> {
    const security = parseKafkaConfig(config.join("\n"), {
      file: "kafka.properties",
      read: (name) => kafka.pems[name as keyof typeof kafka.pems],
    });
    using deadline = startDeadline(15_000);
    const broker = await externalProvider({ brokers: [address], security }).start(deadline);
    return connectKafka(broker, { deadline, onLog: (entry) => logged.push(entry) });
  }

  /** There and back again, over every kind of connection that a session makes. */
  async function expectToWork(address: string, ...config: readonly string[]): Promise<void> {
    await using session = await connect(address, ...config);
    const topic = topicName("secure");
    await session.ensureTopics([topic], { partitions: 2, create: true });
    await using kept = await keep(session, [topic]);
    await using sink = await session.openSink();
    expect(await sink.send(textRecord(topic, "hello", 1))).toMatchObject({ status: "acknowledged" });
    expectAccounted(kept, await kept.barrier());
    expect(kept.values(topic, 1)).toEqual(["hello"]);
  }

  /** Why it fails: when connecting, or, since some listeners refuse only then, at the first request. */
  async function failureOf(address: string, ...config: readonly string[]): Promise<string> {
    try {
      await using session = await connect(address, ...config);
      await session.ensureTopics([topicName("refused")], { partitions: 1, create: true });
    } catch (error) {
      thrown.push(error);
      expect(isTransportError(error)).toBe(true);
      return (error as Error).message;
    }
    return "nothing failed";
  }

  const TLS = ["security.protocol=ssl", "ssl.ca.location=ca.pem"];
  const PASSWORD = `sasl.password=${USER.password}`;

  it("connects with TLS and a CA of one's own", async () => {
    await expectToWork(kafka.tls, ...TLS);
  });

  it("refuses a broker whose CA is unknown, unless verification is off", async () => {
    expect(await failureOf(kafka.tls, "security.protocol=ssl")).toMatch(
      /^\[auth\] TLS with the broker at localhost:\d+ failed: .*(certificate|self-signed)/,
    );
    await expectToWork(kafka.tls, "security.protocol=ssl", "enable.ssl.certificate.verification=false");
  });

  it("refuses a broker of another name, unless names are not looked at", async () => {
    const byNumber = kafka.tls.replace("localhost", "127.0.0.1");
    expect(await failureOf(byNumber, ...TLS)).toMatch(
      /^\[auth\] TLS with the broker at 127\.0\.0\.1:\d+ failed: .*127\.0\.0\.1/,
    );
    await expectToWork(byNumber, ...TLS, "ssl.endpoint.identification.algorithm=none");
  });

  it("shows a client certificate where one is wanted, its key encrypted or not", async () => {
    const certificate = "ssl.certificate.location=client.pem";
    await expectToWork(kafka.mutual, ...TLS, certificate, "ssl.key.location=client.key");
    const locked = ["ssl.key.location=client-locked.key", `ssl.key.password=${KEY_PASSWORD}`];
    await expectToWork(kafka.mutual, ...TLS, certificate, ...locked);
    expect(await failureOf(kafka.mutual, ...TLS)).toMatch(/^\[auth\] TLS with the broker at localhost:\d+ failed: /);
  });

  it.each(["PLAIN", "SCRAM-SHA-512"])("logs in by %s, over TLS and without", async (mechanism) => {
    const sasl = [`sasl.mechanism=${mechanism}`, `sasl.username=${USER.name}`, PASSWORD];
    await expectToWork(kafka.saslOverTls, "security.protocol=sasl_ssl", "ssl.ca.location=ca.pem", ...sasl);
    await expectToWork(kafka.sasl, "security.protocol=sasl_plaintext", ...sasl);
  });

  it.each(["PLAIN", "SCRAM-SHA-512"])("is told of wrong credentials by %s", async (mechanism) => {
    const wrong = [`sasl.mechanism=${mechanism}`, `sasl.username=${USER.name}`, "sasl.password=wrong password"];
    expect(await failureOf(kafka.sasl, "security.protocol=sasl_plaintext", ...wrong)).toMatch(
      /^\[auth\] .*[Aa]uthentication failed/,
    );
  });

  it("is told of a mechanism that the broker does not have", async () => {
    const other = ["sasl.mechanism=SCRAM-SHA-256", `sasl.username=${USER.name}`, PASSWORD];
    expect(await failureOf(kafka.sasl, "security.protocol=sasl_plaintext", ...other)).toMatch(
      /^\[auth\] .*UNSUPPORTED_SASL_MECHANISM/,
    );
  });

  it("is told of a listener that wants more than it gets, with the way out", async () => {
    expect(await failureOf(kafka.tls)).toMatch(/^\[auth\] .* name a --kafka-config file/);
    expect(await failureOf(kafka.sasl)).toMatch(/^\[auth\] .* if it wants SASL, name a --kafka-config file/);
    expect(await failureOf(kafka.saslOverTls, ...TLS)).toMatch(/^\[auth\] .* if it wants SASL/);
  });

  it("is told of a listener that does not speak TLS", async () => {
    expect(await failureOf(kafka.sasl, ...TLS)).toMatch(/^\[(auth|unreachable)\] .*TLS/);
  });

  it("never lets a secret out, whatever was tried above", () => {
    expect(logged.length).toBeGreaterThan(0);
    expect(thrown.length).toBeGreaterThan(0);
    const printed = inspect([logged, thrown], {
      depth: 9,
      showHidden: true,
      maxStringLength: null,
      maxArrayLength: null,
    });
    for (const secret of [USER.password, "wrong password", KEY_PASSWORD, "-----BEGIN PRIVATE KEY"]) {
      expect(printed).not.toContain(secret);
    }
  });
});
