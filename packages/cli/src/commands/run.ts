import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { startDeadline } from "@ondash/core";
import { findScenarios, loadScenario, openRecorder, runScenario, shellWord } from "@ondash/harness";
import { plan, type Scenario } from "@ondash/scenario";
import { connectKafka } from "@ondash/transport";
import { type BrokerOptions, chooseBroker } from "../broker-choice.ts";
import type { Environment } from "../environment.ts";
import { ExitCode, UsageError } from "../exit-code.ts";
import { createProgress } from "../progress.ts";
import type { ReportChoice } from "../report-choice.ts";
import { openReports } from "../reports.ts";
import { scenarioDirectory } from "../scenario-directory.ts";

/** Options of `ondash run`, parsed by type but not yet against each other. */
export interface RunCommandOptions extends BrokerOptions {
  readonly schema: "chat.v1" | "chat.v2" | "both" | undefined;
  readonly speed: number;
  readonly seed: number | undefined;
  readonly set: Readonly<Record<string, string>>;
  readonly report: readonly ReportChoice[];
  readonly record: string | undefined;
  /** Milliseconds. */
  readonly timeout: number;
  readonly salt: boolean;
  readonly createTopics: boolean;
  readonly canary: boolean;
}

/** A scenario with the settings that are meant for it. */
interface Job {
  readonly scenario: Scenario;
  readonly file: string;
  readonly set: Readonly<Record<string, string>>;
}

/** Runs scenarios one after another on one broker. What can be refused is refused before the broker is started. */
export async function runCommand(
  wanted: readonly string[],
  options: RunCommandOptions,
  environment: Environment,
): Promise<number> {
  const { cwd, stderr, signal } = environment;
  const { timeout, schema, seed, speed, createTopics } = options;
  const files = findScenarios(wanted, { cwd, directory: scenarioDirectory(environment) });
  if (options.record !== undefined && files.length > 1) {
    throw new UsageError(`--record takes the traffic of one scenario, and ${files.length} are to run: name one`);
  }
  const overrides = { ...(schema === undefined ? {} : { schema }), ...(seed === undefined ? {} : { seed }) };
  const jobs = assignSettings(
    files.map((file) => ({ file, scenario: loadScenario(file, cwd) })),
    options.set,
  );
  // A scenario that was read can be planned; with other settings it need not.
  for (const { scenario, set } of jobs) {
    if (Object.keys(set).length > 0 || schema !== undefined) plan(scenario, { ...overrides, set });
  }
  const choice = await chooseBroker(options, environment);
  const reports = openReports(options.report, environment);
  using recorder = options.record === undefined ? undefined : openRecorder(resolve(cwd, options.record));

  const progress = createProgress(stderr, environment.env);
  if (choice.provider.kind === "container") progress.show("starting Kafka in a container");
  using starting = startDeadline(timeout, { signal });
  await using broker = await choice.provider.start(starting);
  progress.clear();
  stderr.write(`ondash: ${broker.description} (${choice.why})\n`);
  await using session = await connectKafka(broker, { deadline: starting, timeoutMs: timeout, signal });

  reports.start(jobs.length);
  let isMet = true;
  for (const [index, { scenario, file, set }] of jobs.entries()) {
    signal.throwIfAborted();
    const result = await runScenario(scenario, {
      ...overrides,
      broker,
      session,
      timeoutMs: timeout,
      signal,
      speed,
      set,
      createTopics,
      canary: options.canary,
      onCanary({ what, rule }) {
        progress.clear();
        stderr.write(`ondash: canary beside ${scenario.name}: ${what}, flagged as ${rule}; it is in no report\n`);
      },
      timeline: reports.showTimeline,
      replay: options.record === undefined ? repeat(file, set, options) : `ondash check ${shellWord(options.record)}`,
      onProgress: ({ sent, total }) =>
        progress.show(`${index + 1}/${jobs.length} ${scenario.name}: ${sent} of ${total} events`),
      ...(broker.shared && options.salt ? { salt: randomUUID() } : {}),
      ...(recorder === undefined ? {} : { recorder }),
    });
    progress.clear();
    isMet &&= result.expectation === "met";
    reports.run(result);
  }
  reports.end();
  return isMet ? ExitCode.passed : ExitCode.failed;
}

/**
 * Of several scenarios each takes the settings that it has a parameter for; one that none of them has is a mistake. A
 * single scenario takes all, and says itself what is wrong with them.
 */
function assignSettings(
  scenarios: readonly Pick<Job, "scenario" | "file">[],
  set: Readonly<Record<string, string>>,
): readonly Job[] {
  if (scenarios.length === 1) return scenarios.map((one) => ({ ...one, set }));
  for (const name of Object.keys(set)) {
    if (scenarios.some(({ scenario }) => name in scenario.params)) continue;
    throw new UsageError(`--set ${name}=…: none of the ${scenarios.length} scenarios has a parameter of that name`);
  }
  return scenarios.map((one) => ({
    ...one,
    set: Object.fromEntries(Object.entries(set).filter(([name]) => name in one.scenario.params)),
  }));
}

/** The command that runs a scenario again in the same way. */
function repeat(file: string, set: Job["set"], { schema, seed }: RunCommandOptions): string {
  return [
    `ondash run ${shellWord(file)}`,
    ...(schema === undefined ? [] : [`--schema ${schema}`]),
    ...(seed === undefined ? [] : [`--seed ${seed}`]),
    ...Object.entries(set).map(([name, value]) => `--set ${shellWord(`${name}=${value}`)}`),
  ].join(" ");
}
