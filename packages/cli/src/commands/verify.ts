import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { startDeadline } from "@ondash/core";
import {
  findScenarios,
  loadScenario,
  openRecorder,
  shellTrigger,
  shellWord,
  type TriggerReport,
  verify,
} from "@ondash/harness";
import { plan } from "@ondash/scenario";
import { connectKafka } from "@ondash/transport";
import { type BrokerOptions, chooseBroker } from "../broker-choice.ts";
import type { Environment } from "../environment.ts";
import { ExitCode, UsageError } from "../exit-code.ts";
import { createProgress } from "../progress.ts";
import type { ReportChoice } from "../report-choice.ts";
import { openReports } from "../reports.ts";
import { scenarioDirectory } from "../scenario-directory.ts";

/** Options of `ondash verify`, parsed by type but not yet against each other. */
export interface VerifyCommandOptions extends BrokerOptions {
  readonly scenario: string;
  readonly trigger: string | undefined;
  readonly conversationId: string | undefined;
  readonly schema: "chat.v1" | "chat.v2" | "both" | undefined;
  readonly set: Readonly<Record<string, string>>;
  readonly report: readonly ReportChoice[];
  readonly record: string | undefined;
  /** Milliseconds. */
  readonly timeout: number;
  readonly createTopics: boolean;
}

/** Judges what a real producer sends. What can be refused is refused before a broker is asked. */
export async function verifyCommand(options: VerifyCommandOptions, environment: Environment): Promise<number> {
  const { cwd, env, stderr, signal } = environment;
  const { timeout, schema, set, conversationId } = options;
  const files = findScenarios([options.scenario], { cwd, directory: scenarioDirectory(environment) });
  const [file, another] = files;
  if (file === undefined || another !== undefined) {
    throw new UsageError(`--scenario ${options.scenario}: expected one scenario, and it stands for ${files.length}`);
  }
  if (options.trigger?.trim() === "") throw new UsageError("--trigger: expected a command for the shell");
  if (conversationId === "") throw new UsageError("--conversation-id: expected an id, got an empty one");
  const scenario = loadScenario(file, cwd);
  plan(scenario, { set, ...(schema === undefined ? {} : { schema }) });
  const choice = await chooseBroker(options, environment);
  if (choice.provider.kind !== "external" && options.trigger === undefined) {
    throw new UsageError(
      "verify needs the brokers that the producer writes to: --brokers host:port,… or KAFKA_BROKERS; or a --trigger, which finds the broker that is started here in $ONDASH_BROKERS",
    );
  }
  const reports = openReports(options.report, environment);
  using recorder = options.record === undefined ? undefined : openRecorder(resolve(cwd, options.record));

  const progress = createProgress(stderr, env);
  if (choice.provider.kind === "container") progress.show("starting Kafka in a container");
  using starting = startDeadline(timeout, { signal });
  await using broker = await choice.provider.start(starting);
  progress.clear();
  stderr.write(`ondash: ${broker.description} (${choice.why})\n`);
  await using session = await connectKafka(broker, { deadline: starting, timeoutMs: timeout, signal });

  reports.start(1);
  const { trigger } = options;
  const verification = await verify(scenario, {
    broker,
    session,
    timeoutMs: timeout,
    signal,
    set,
    createTopics: options.createTopics,
    timeline: reports.showTimeline,
    replay: options.record === undefined ? repeat(file, options) : `ondash check ${shellWord(options.record)}`,
    onReady: (topics) => {
      const next = trigger === undefined ? "waiting for a turn" : `trigger: ${trigger}`;
      stderr.write(`ondash: ready, watching ${topics.join(", ")}; ${next}\n`);
    },
    onProgress: ({ records }) => progress.show(`${scenario.name}: ${records} record${records === 1 ? "" : "s"}`),
    ...(trigger === undefined ? {} : { trigger: shellTrigger(trigger, { cwd, env }) }),
    ...(schema === undefined ? {} : { schema }),
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(recorder === undefined ? {} : { recorder }),
  });
  progress.clear();
  const { result } = verification;
  const isGood = result.verdict === "passed" && result.expectation === "met";
  if (trigger !== undefined && verification.trigger === undefined) {
    stderr.write("ondash: the trigger was not run, since the verdict was certain before\n");
  }
  if (verification.trigger !== undefined) {
    stderr.write(tellTrigger(verification.trigger, verification.why, isGood));
  }
  reports.run(result);
  reports.end();
  return isGood ? ExitCode.passed : ExitCode.failed;
}

/** What is said of the trigger: how it ended, and what it wrote if something is wrong. */
function tellTrigger({ end, output }: TriggerReport, why: "violation" | "over" | "deadline", isGood: boolean): string {
  const fate =
    end === undefined
      ? `was still running and was ended, since ${why === "deadline" ? "the time was over" : "the verdict was certain"}`
      : end.signal === null
        ? `ended with exit code ${end.code}`
        : `was ended by ${end.signal}`;
  if (isGood) return end === undefined ? `ondash: the trigger ${fate}\n` : "";
  const lines = stripVTControlCharacters(output).trimEnd().split("\n");
  const wrote =
    output.trim() === "" ? " and wrote nothing" : `; it wrote\n${lines.map((line) => `  | ${line}`).join("\n")}`;
  return `ondash: the trigger ${fate}${wrote}\n`;
}

/** The command that verifies again in the same way. */
function repeat(file: string, { schema, trigger, conversationId, set }: VerifyCommandOptions): string {
  return [
    `ondash verify --scenario ${shellWord(file)}`,
    ...(schema === undefined ? [] : [`--schema ${schema}`]),
    ...(conversationId === undefined ? [] : [`--conversation-id ${shellWord(conversationId)}`]),
    ...Object.entries(set).map(([name, value]) => `--set ${shellWord(`${name}=${value}`)}`),
    ...(trigger === undefined ? [] : [`--trigger ${shellWord(trigger)}`]),
  ].join(" ");
}
