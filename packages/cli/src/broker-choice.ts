import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { BrokerProvider, KafkaSecurity } from "@ondash/transport";
import type { Environment } from "./environment.ts";
import { UsageError } from "./exit-code.ts";

/** The options and variables that choose a broker. */
export interface BrokerOptions {
  readonly broker: string | undefined;
  readonly brokers: string | undefined;
  readonly kafkaConfig: string | undefined;
}

/** A chosen broker, and why it was chosen. */
export interface BrokerChoice {
  readonly provider: BrokerProvider;
  readonly why: string;
}

const KINDS = ["auto", "embedded", "container", "external"] as const;

/**
 * `auto` takes external if brokers are given, else embedded. An option beats its variable (`ONDASH_BROKER`,
 * `KAFKA_BROKERS`, `KAFKA_CONFIG`), and `--brokers` beats `ONDASH_BROKER`.
 */
export async function chooseBroker(options: BrokerOptions, environment: Environment): Promise<BrokerChoice> {
  const { env } = environment;
  const brokers = options.brokers ?? nonEmpty(env["KAFKA_BROKERS"]);
  const from = options.brokers === undefined ? "KAFKA_BROKERS" : "--brokers";
  const asked =
    options.broker ?? (options.brokers === undefined ? nonEmpty(env["ONDASH_BROKER"]) : undefined) ?? "auto";
  const askedBy = options.broker === undefined ? "ONDASH_BROKER" : "--broker";
  const kind = KINDS.find((known) => known === asked);
  if (kind === undefined) throw new UsageError(`${askedBy} ${asked}: expected one of ${KINDS.join(", ")}`);
  if (options.brokers !== undefined && (kind === "embedded" || kind === "container")) {
    throw new UsageError(`--brokers goes with --broker external, not with ${kind}: leave one of them out`);
  }
  const configFile = options.kafkaConfig ?? nonEmpty(env["KAFKA_CONFIG"]);
  if (options.kafkaConfig !== undefined && (brokers === undefined || kind === "embedded" || kind === "container")) {
    throw new UsageError("--kafka-config is for external brokers: name them with --brokers host:port");
  }
  switch (kind) {
    case "container": {
      const { containerProvider } = await import("@ondash/transport/container");
      return { provider: containerProvider(), why: `${askedBy} container` };
    }
    case "external":
    case "auto":
      if (brokers !== undefined) {
        const { externalProvider } = await import("@ondash/transport");
        const security = configFile === undefined ? undefined : await readSecurity(configFile, environment);
        const provider = externalProvider({
          brokers: brokers.split(",").map((address) => address.trim()),
          ...(security === undefined ? {} : { security }),
        });
        return { provider, why: `${from} is given` };
      }
      if (kind === "external") {
        throw new UsageError(`${askedBy} external needs the brokers: --brokers host:port,… or KAFKA_BROKERS`);
      }
      break;
    case "embedded":
      break;
    default:
      throw new UsageError(`no broker kind ${String(kind satisfies never)}`);
  }
  const { embeddedProvider } = await import("@ondash/transport");
  return { provider: embeddedProvider(), why: kind === "auto" ? "no brokers are given" : `${askedBy} embedded` };
}

/** The brokers of a command that has no use for a broker of its own. */
export function chooseExternalBroker(
  command: string,
  { brokers, kafkaConfig }: Omit<BrokerOptions, "broker">,
  environment: Environment,
): Promise<BrokerChoice> {
  if (brokers === undefined && nonEmpty(environment.env["KAFKA_BROKERS"]) === undefined) {
    throw new UsageError(`${command} needs the brokers: --brokers host:port,… or KAFKA_BROKERS`);
  }
  return chooseBroker({ broker: "external", brokers, kafkaConfig }, environment);
}

async function readSecurity(file: string, { cwd }: Environment): Promise<KafkaSecurity> {
  const { parseKafkaConfig } = await import("@ondash/transport");
  const path = resolve(cwd, file);
  return parseKafkaConfig(read(path), { file, read: (name: string) => read(resolve(dirname(path), name)) });
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new UsageError(`can't read ${file}: ${(cause as Error).message}`, { cause });
  }
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === "" ? undefined : text;
}
