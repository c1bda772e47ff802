import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunResult } from "@ondash/contract";
import { startDeadline } from "@ondash/core";
import { findScenarios, loadScenario, type RunOptions, runScenario } from "@ondash/harness";
import type { Scenario } from "@ondash/scenario";
import {
  type Broker,
  type BrokerProvider,
  type ConnectOptions,
  connectKafka,
  embeddedProvider,
  externalProvider,
  type KafkaSession,
} from "@ondash/transport";

/** The root of the repository. */
export const root: string = join(import.meta.dirname, "../../../..");

/** How long a test waits for Kafka at most. */
export const TIMEOUT_MS = 20_000;

/** A broker with a session on it. */
export interface TestKafka extends AsyncDisposable {
  readonly broker: Broker;
  readonly session: KafkaSession;
  /** Runs a scenario of this repository, by name, or another one. */
  run(wanted: string | Scenario, options?: Partial<RunOptions>): Promise<RunResult>;
}

/** Starts a broker, embedded if not said otherwise. */
export async function startKafka(provider: BrokerProvider = embeddedProvider()): Promise<TestKafka> {
  using deadline = startDeadline(120_000);
  const broker = await provider.start(deadline);
  const kafka = await connect(broker);
  return {
    ...kafka,
    async [Symbol.asyncDispose]() {
      await kafka[Symbol.asyncDispose]();
      await broker[Symbol.asyncDispose]();
    },
  };
}

/** A second connection to a broker, as somebody else would have it: the broker is shared then. */
export async function shareKafka(
  { broker }: Pick<TestKafka, "broker">,
  options: ConnectOptions = {},
): Promise<TestKafka> {
  using deadline = startDeadline(TIMEOUT_MS);
  return connect(await externalProvider({ brokers: broker.bootstrap }).start(deadline), options);
}

async function connect(broker: Broker, connecting: ConnectOptions = {}): Promise<TestKafka> {
  const session = await connectKafka(broker, { timeoutMs: TIMEOUT_MS, ...connecting });
  return {
    broker,
    session,
    run: (wanted, options = {}) =>
      runScenario(typeof wanted === "string" ? scenario(wanted) : wanted, {
        broker,
        session,
        timeoutMs: TIMEOUT_MS,
        ...options,
      }),
    [Symbol.asyncDispose]: async () => session[Symbol.asyncDispose](),
  };
}

/** A scenario of this repository. */
export function scenario(name: string): Scenario {
  const [file = ""] = findScenarios([name], { cwd: root, directory: join(root, "scenarios") });
  return loadScenario(file, root);
}

/** The names of all scenarios of this repository. */
export function scenarioNames(): readonly string[] {
  return findScenarios([], { cwd: root, directory: join(root, "scenarios") }).map(
    (file) => /([^/]+)\.yaml$/.exec(file)?.[1] ?? file,
  );
}

/** A folder that goes with the test. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "ondash-harness-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
