import { generateKeyPairSync } from "node:crypto";
import { inspect } from "node:util";
import { generate } from "selfsigned";
import { beforeAll, describe, expect, it } from "vitest";
import { isTransportError } from "../error.ts";
import { parseKafkaConfig } from "./kafka-config.ts";

let files: Record<string, string>;
const read = (name: string): string => {
  const text = files[name];
  if (text === undefined) throw new Error(`ENOENT: no such file, open '${name}'`);
  return text;
};
const parse = (...lines: readonly string[]) => parseKafkaConfig(lines.join("\n"), { file: "kafka.properties", read });

beforeAll(async () => {
  const own = await generate([{ name: "commonName", value: "localhost" }]);
  const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  files = {
    "ca.pem": own.cert,
    "client.pem": own.cert,
    "client.key": own.private,
    "other.key": other.export({ type: "pkcs8", format: "pem" }) as string,
    "locked.key": other.export({
      type: "pkcs8",
      format: "pem",
      cipher: "aes-256-cbc",
      passphrase: "open-sesame",
    }) as string,
  };
});

describe("--kafka-config", () => {
  it("needs nothing for plain text", () => {
    expect(parse("# nothing", "", "bootstrap.servers=localhost:9092")).toEqual({ tls: undefined, sasl: undefined });
  });

  it("reads TLS with a CA, a client certificate and its key", () => {
    const { tls, sasl } = parse(
      "security.protocol = SSL",
      "ssl.ca.location=ca.pem",
      "ssl.certificate.location=client.pem",
      "ssl.key.location=client.key",
    );
    expect(sasl).toBeUndefined();
    expect({ ...tls }).toEqual({
      ca: files["ca.pem"],
      cert: files["client.pem"],
      key: files["client.key"],
      passphrase: undefined,
      rejectUnauthorized: true,
      checkHostname: true,
    });
  });

  it("reads PEM that stands in the file itself", () => {
    const inline = (files["ca.pem"] as string).replaceAll("\n", "\\n");
    expect(parse("security.protocol=ssl", `ssl.ca.pem=${inline}`).tls?.ca).toBe(files["ca.pem"]);
  });

  it("reads SASL, under both names of the mechanism, with a password that holds anything", () => {
    const { tls, sasl } = parse(
      "security.protocol=sasl_ssl",
      "sasl.mechanisms=SCRAM-SHA-512",
      "sasl.username=alice",
      "sasl.password=  a=b #c;d\\e  ",
    );
    expect({ ...sasl }).toEqual({ mechanism: "scram-sha-512", username: "alice", password: "a=b #c;d\\e" });
    expect({ ...tls }).toMatchObject({ ca: undefined, rejectUnauthorized: true, checkHostname: true });
  });

  it("reads what turns verification off", () => {
    const off = ["enable.ssl.certificate.verification=false", "ssl.endpoint.identification.algorithm=none"];
    expect(parse("security.protocol=ssl", ...off).tls).toMatchObject({
      rejectUnauthorized: false,
      checkHostname: false,
    });
    expect(parse("security.protocol=ssl", "ssl.endpoint.identification.algorithm=").tls).toMatchObject({
      checkHostname: false,
    });
  });

  it.each([
    [
      ["security.protocoll=ssl"],
      "kafka.properties:1: security.protocoll: is not a known property; did you mean security.protocol?",
    ],
    [
      ["", "completely.unheard.of.thing=1"],
      "kafka.properties:2: completely.unheard.of.thing: is not a known property; known are security.protocol",
    ],
    [
      ["security.protocol=tls"],
      'kafka.properties:1: security.protocol: expected one of plaintext, ssl, sasl_plaintext, sasl_ssl, found "tls"',
    ],
    [["security.protocol"], 'kafka.properties:1: expected "name=value", found no "="'],
    [["=x"], 'kafka.properties:1: expected "name=value", found no name before "="'],
    [
      ["security.protocol=ssl", "security.protocol=ssl"],
      "kafka.properties:2: security.protocol: stands in line 1 already",
    ],
    [
      ["security.protocol=ssl", "ssl.ca.location=gone.pem"],
      "kafka.properties:2: ssl.ca.location: can't read gone.pem: ENOENT",
    ],
    [
      ["security.protocol=ssl", "ssl.ca.location=client.key"],
      "kafka.properties:2: ssl.ca.location: holds no PEM certificate",
    ],
    [
      ["security.protocol=ssl", "ssl.keystore.location=a.p12"],
      "kafka.properties:2: ssl.keystore.location: is not supported; give certificate and key as PEM",
    ],
    [
      ["security.protocol=sasl_ssl", "sasl.kerberos.principal=x"],
      "kafka.properties:2: sasl.kerberos.principal: is not supported; supported mechanisms: PLAIN",
    ],
    [
      ["security.protocol=ssl", "ssl.certificate.location=client.pem"],
      "kafka.properties:2: ssl.certificate.location: a certificate needs its key",
    ],
    [
      ["security.protocol=ssl", "ssl.key.location=client.key"],
      "kafka.properties:2: ssl.key.location: a key needs its certificate",
    ],
    [
      ["security.protocol=ssl", "ssl.certificate.location=client.pem", "ssl.key.location=other.key"],
      "kafka.properties:3: ssl.key.location: this key does not belong to the certificate",
    ],
    [
      ["security.protocol=ssl", "ssl.certificate.location=client.pem", "ssl.key.location=locked.key"],
      "kafka.properties:3: ssl.key.location: holds no PEM private key that can be opened; if it is encrypted, ssl.key.password is missing",
    ],
    [
      ["security.protocol=sasl_plaintext", "sasl.mechanism=GSSAPI", "sasl.username=u", "sasl.password=p"],
      'kafka.properties:2: sasl.mechanism: expected one of plain, scram-sha-256, scram-sha-512, found "GSSAPI"',
    ],
    [
      ["security.protocol=sasl_plaintext", "sasl.mechanism=PLAIN"],
      "kafka.properties:1: security.protocol=sasl_plaintext needs sasl.mechanism, sasl.username and sasl.password",
    ],
    [
      ["sasl.username=u"],
      "kafka.properties:1: sasl.username: has no effect with security.protocol=plaintext; expected sasl_ssl or sasl_plaintext",
    ],
    [
      ["security.protocol=sasl_plaintext", "ssl.ca.location=ca.pem"],
      "kafka.properties:2: ssl.ca.location: has no effect with security.protocol=sasl_plaintext; expected ssl or sasl_ssl",
    ],
  ])("refuses %j", (lines, message) => {
    expect(() => parse(...lines)).toThrow(message);
  });

  it("tells all problems at once, in order of their lines", () => {
    expect(() => parse("security.protokol=ssl", "nonsense", "ssl.ca.lokation=x")).toThrow(
      [
        "[config] kafka.properties:1: security.protokol: is not a known property; did you mean security.protocol?",
        'kafka.properties:2: expected "name=value", found no "="',
        "kafka.properties:3: ssl.ca.lokation: is not a known property; did you mean ssl.ca.location?",
      ].join("\n"),
    );
  });

  it("resolves names relative to the file, where nothing else reads them", () => {
    expect(() =>
      parseKafkaConfig("security.protocol=ssl\nssl.ca.location=ca.pem", { file: "/no/such/dir/k.properties" }),
    ).toThrow(/can't read ca\.pem: .*\/no\/such\/dir\/ca\.pem/);
  });

  const SECRETS = ["hunter2", "open-sesame", "-----BEGIN PRIVATE KEY"];
  it("never lets a secret out in a message", () => {
    for (const lines of [
      ["sasl.pasword=hunter2", "hunter2", "sasl.password=hunter2"],
      ["security.protocol=sasl_ssl", "sasl.mechanism=PLAIN", "sasl.password=hunter2"],
      [
        "security.protocol=ssl",
        "ssl.certificate.location=client.pem",
        "ssl.key.location=locked.key",
        "ssl.key.password=hunter2",
      ],
      ["security.protocol=ssl", `ssl.key.pem=${(files["other.key"] as string).replaceAll("\n", "\\n").slice(0, 60)}`],
    ]) {
      let thrown: unknown;
      try {
        parse(...lines);
      } catch (error) {
        thrown = error;
      }
      expect(isTransportError(thrown)).toBe(true);
      for (const secret of SECRETS) expect(inspect(thrown)).not.toContain(secret);
    }
  });

  it("never lets a secret out of what it returns", () => {
    const security = parse(
      "security.protocol=sasl_ssl",
      "sasl.mechanism=PLAIN",
      "sasl.username=alice",
      "sasl.password=hunter2",
      "ssl.certificate.location=client.pem",
      "ssl.key.location=client.key",
    );
    const printed = [
      JSON.stringify({ security }),
      inspect({ security }, { depth: 9 }),
      inspect(security.sasl, { showHidden: true }),
      ...[security, security.sasl, security.tls].map(String),
      JSON.stringify(security.tls),
    ].join("\n");
    for (const secret of SECRETS) expect(printed).not.toContain(secret);
    expect(security.sasl?.password).toBe("hunter2");
  });
});
