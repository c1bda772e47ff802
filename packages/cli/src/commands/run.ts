import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import type { RunResult } from "@ondash/contract";
import { parseDuration, startDeadline } from "@ondash/core";
import { findScenarios, loadScenario, openRecorder, runScenario, shellWord } from "@ondash/harness";
import { connectKafka } from "@ondash/transport";
import { type BrokerOptions, chooseBroker } from "../broker-choice.ts";
import type { Environment } from "../environment.ts";
import { ExitCode, UsageError } from "../exit-code.ts";
import type { ReportChoice } from "../report-choice.ts";
import { openReports } from "../reports.ts";
import { scenarioDirectory } from "../scenario-directory.ts";

/** Options of `ondash run`, parsed by type but not yet against each other. */
export interface RunCommandOptions extends BrokerOptions {
  readonly schema: "chat.v1" | "chat.v2" | undefined;
  readonly speed: number;
  readonly seed: number | undefined;
  readonly set: Readonly<Record<string, string>>;
  readonly report: readonly ReportChoice[];
  readonly record: string | undefined;
  readonly timeout: string;
  readonly salt: boolean;
  readonly createTopics: boolean;
}

/** Runs scenarios one after another on one broker; each has a deadline of its own. */
export async function runCommand(
  wanted: readonly string[],
  options: RunCommandOptions,
  environment: Environment,
): Promise<number> {
  const { cwd, stderr, signal } = environment;
  const timeout = timeoutOf(options.timeout);
  const files = findScenarios(wanted, { cwd, directory: scenarioDirectory(environment) });
  if (options.record !== undefined && files.length > 1) {
    throw new UsageError(`--record takes the traffic of one scenario, and ${files.length} are to run: name one`);
  }
  // Every file is read before a broker is started: what can be refused at once is.
  const scenarios = files.map((file) => loadScenario(file, cwd));
  const reports = openReports(options.report, environment);
  using recorder = options.record === undefined ? undefined : openRecorder(resolve(cwd, options.record));

  const choice = await chooseBroker(options, environment);
  using starting = startDeadline(timeout, { signal });
  await using broker = await choice.provider.start(starting);
  stderr.write(`ondash: ${broker.description} (${choice.why})\n`);
  await using session = await connectKafka(broker, { deadline: starting, timeoutMs: timeout, signal });

  reports.start(scenarios.length);
  const results: RunResult[] = [];
  for (const [index, scenario] of scenarios.entries()) {
    signal.throwIfAborted();
    if (stderr.isTTY && scenarios.length > 1)
      stderr.write(`ondash: ${index + 1}/${scenarios.length} ${scenario.name}\n`);
    const file = files[index] ?? scenario.file;
    const result = await runScenario(scenario, {
      broker,
      session,
      timeoutMs: timeout,
      signal,
      speed: options.speed,
      set: options.set,
      createTopics: options.createTopics,
      replay: options.record === undefined ? repeat(file, options) : `ondash check ${shellWord(options.record)}`,
      ...(options.schema === undefined ? {} : { schema: options.schema }),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...(broker.shared && options.salt ? { salt: randomUUID() } : {}),
      ...(recorder === undefined ? {} : { recorder }),
    });
    results.push(result);
    reports.run(result);
  }
  reports.end();
  return results.every(({ expectation }) => expectation === "met") ? ExitCode.passed : ExitCode.failed;
}

function timeoutOf(text: string): number {
  const ms = parseDuration(text);
  if (ms <= 0) throw new UsageError(`--timeout ${text}: expected more than no time`);
  return ms;
}

/** The command that runs a scenario again in the same way. */
function repeat(file: string, options: RunCommandOptions): string {
  return [
    `ondash run ${shellWord(file)}`,
    ...(options.schema === undefined ? [] : [`--schema ${options.schema}`]),
    ...(options.seed === undefined ? [] : [`--seed ${options.seed}`]),
    ...Object.entries(options.set).map(([name, value]) => `--set ${shellWord(`${name}=${value}`)}`),
  ].join(" ");
}
