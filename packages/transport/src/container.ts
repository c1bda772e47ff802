import { type Deadline, startDeadline } from "@ondash/core";
import {
  type ContainerRuntimeClient,
  GenericContainer,
  getContainerRuntimeClient,
  RandomPortGenerator,
  Wait,
} from "testcontainers";
import { TransportError } from "./error.ts";
import { loadKafkajs } from "./kafkajs/client.ts";
import { timedOut } from "./timed-out.ts";
import type { Broker, BrokerProvider } from "./types.ts";

export interface ContainerOptions {
  /** Default: the environment variable ONDASH_KAFKA_IMAGE, else `apache/kafka:4.3.1`. */
  readonly image?: string;
  /** Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Further settings of the broker, as the image takes them: `KAFKA_MESSAGE_MAX_BYTES`. They win over ours. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * The label of every container started here, with the id of the process: `docker ps --filter label=dev.ondash.broker`
 * lists them.
 */
export const CONTAINER_LABEL = "dev.ondash.broker";

const DEFAULT_IMAGE = "apache/kafka:4.3.1";
/** What Kafka logs when it is ready. */
export const READY_LINE = "Kafka Server started";
/** A port that was free a moment ago may be taken; more than a few times in a row it is something else. */
const PORT_ATTEMPTS = 3;
/** For removing a container when the time is over already. */
const REMOVAL_MS = 10_000;
const MAX_LOG_LINES = 12;

/**
 * Kafka in a container: the image `apache/kafka`, one node in KRaft mode. It is
 * removed with its volumes on disposal, and also when its start fails or is given up.
 *
 * Where no container runtime answers, starting is a TransportError `docker-missing`: it never falls back to anything.
 */
export function containerProvider(options: ContainerOptions = {}): BrokerProvider {
  const image = options.image ?? (options.env ?? process.env)["ONDASH_KAFKA_IMAGE"] ?? DEFAULT_IMAGE;
  return { kind: "container", start: (deadline) => start({ image, settings: options.settings ?? {} }, deadline) };
}

/** Why no container runtime can be used; undefined: one answers. */
export async function dockerProblem(): Promise<string | undefined> {
  try {
    await getContainerRuntimeClient();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

interface Wish {
  readonly image: string;
  readonly settings: Readonly<Record<string, string>>;
}

async function start(wish: Wish, deadline: Deadline): Promise<Broker> {
  loadKafkajs().catch(() => undefined);
  const runtime = await findRuntime(deadline);
  for (let attempt = 1; ; attempt++) {
    const port = await new RandomPortGenerator().generatePort();
    try {
      return await startOn(runtime, wish, port, deadline);
    } catch (error) {
      if (attempt < PORT_ATTEMPTS && isPortTaken(error)) continue;
      throw error;
    }
  }
}

const answering = (): string => "an answer of the container runtime";

async function findRuntime(deadline: Deadline): Promise<ContainerRuntimeClient> {
  const client = getContainerRuntimeClient();
  // Nobody listens to it when the deadline is over already.
  client.catch(() => undefined);
  try {
    return await deadline.race(client, answering);
  } catch (error) {
    if (deadline.signal.aborted) throw timedOut(error, answering);
    const text =
      "no container runtime answers; start Docker (or set DOCKER_HOST), or use the broker in this process: --broker embedded";
    throw new TransportError("docker-missing", text, { cause: error });
  }
}

async function startOn(runtime: ContainerRuntimeClient, wish: Wish, port: number, deadline: Deadline): Promise<Broker> {
  const { image } = wish;
  const { host } = runtime.info.containerRuntime;
  const container = new KafkaContainer(wish, { host, port, deadline });
  const becomingReady = (): string => `"${READY_LINE}" in the log of a container of ${image}`;
  const starting = container.start();
  // When the time is over, the container goes first; only then does its start fail.
  const remove = async (): Promise<void> => {
    const id = container.id;
    if (id !== undefined) await removeContainer(runtime, id);
  };
  try {
    await deadline.race(starting, becomingReady);
  } catch (error) {
    await atMost(REMOVAL_MS, remove());
    // A container that is only being created now is removed by itself, see `containerCreated`.
    if (deadline.signal.aborted) await atMost(REMOVAL_MS, starting);
    if (deadline.signal.aborted) throw timedOut(error, becomingReady);
    throw new TransportError("container-failed", `a container of ${image} did not start: ${tale(error, container)}`, {
      cause: error,
    });
  }
  return {
    kind: "container",
    bootstrap: [`${host}:${port}`],
    security: undefined,
    description: `${image} in a container at ${host}:${port}`,
    ownsTopics: true,
    shared: false,
    [Symbol.asyncDispose]: remove,
  };
}

interface Placement {
  readonly host: string;
  readonly port: number;
  readonly deadline: Deadline;
}

class KafkaContainer extends GenericContainer {
  /** Known as soon as it was created: a start that hangs can be ended. */
  id: string | undefined;
  /** The end of its log. */
  readonly lines: string[] = [];
  readonly #placement: Placement;

  constructor({ image, settings: wanted }: Wish, placement: Placement) {
    super(image);
    const { host, port, deadline } = placement;
    this.#placement = placement;
    this.withLabels({ [CONTAINER_LABEL]: String(process.pid) })
      // The same number inside: clients are sent to the port that they came by.
      .withExposedPorts({ container: port, host: port })
      .withEnvironment({ ...settings(host, port), ...wanted })
      .withLogConsumer((log) => {
        log.on("data", (data: Buffer | string) => {
          const line = String(data).trimEnd();
          // What a Java program dies of stands above its stack.
          if (/^\s+at /.test(line)) return;
          this.lines.push(line);
          if (this.lines.length > MAX_LOG_LINES) this.lines.shift();
        });
      })
      .withStartupTimeout(Math.max(1, deadline.remaining))
      .withWaitStrategy(Wait.forLogMessage(READY_LINE));
  }

  protected override async beforeContainerCreated(): Promise<void> {
    const { host, port, deadline } = this.#placement;
    deadline.signal.throwIfAborted();
    // Docker publishes on all addresses of the machine otherwise.
    if (host === "localhost") {
      this.hostConfig.PortBindings = { [`${port}/tcp`]: [{ HostIp: "127.0.0.1", HostPort: String(port) }] };
    }
  }

  protected override async containerCreated(id: string): Promise<void> {
    this.id = id;
    if (!this.#placement.deadline.signal.aborted) return;
    await removeContainer(await getContainerRuntimeClient(), id);
    throw this.#placement.deadline.signal.reason;
  }
}

/** One node, broker and controller at once. Clients have a listener of their own: the broker talks to itself elsewhere. */
function settings(host: string, port: number): Record<string, string> {
  return {
    KAFKA_NODE_ID: "1",
    KAFKA_PROCESS_ROLES: "broker,controller",
    KAFKA_CONTROLLER_QUORUM_VOTERS: "1@localhost:9093",
    KAFKA_CONTROLLER_LISTENER_NAMES: "CONTROLLER",
    KAFKA_LISTENERS: `PLAINTEXT://:${port},INTERNAL://localhost:9094,CONTROLLER://localhost:9093`,
    KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://${host}:${port},INTERNAL://localhost:9094`,
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: "PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT",
    KAFKA_INTER_BROKER_LISTENER_NAME: "INTERNAL",
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1",
    // With the usual 50 the first request for a coordinator of a fresh broker fails in a way that kafkajs does not retry.
    KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: "1",
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: "1",
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: "1",
    KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS: "1",
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: "0",
  };
}

/** Kills and removes it, with its anonymous volumes. One that is gone already is fine. */
async function removeContainer(runtime: ContainerRuntimeClient, id: string): Promise<void> {
  try {
    await runtime.container.getById(id).remove({ force: true, v: true });
  } catch (error) {
    const status = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
    // 404: gone; 409: somebody else is removing it.
    if (status !== 404 && status !== 409) throw error;
  }
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && /port is already allocated|address already in use/i.test(error.message);
}

/** What the runtime said, and what the container said last. */
function tale(error: unknown, { lines }: KafkaContainer): string {
  const said = error instanceof Error ? error.message : String(error);
  return lines.length === 0 ? said : `${said}; the end of its log:\n${lines.join("\n")}`;
}

/** Waits for something that may fail, but not longer. */
async function atMost(ms: number, promise: Promise<unknown>): Promise<void> {
  using deadline = startDeadline(ms);
  await deadline.race(promise, () => "").catch(() => undefined);
}
