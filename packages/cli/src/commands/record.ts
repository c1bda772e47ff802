import { renameSync, writeFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { Observation } from "@ondash/contract";
import { startDeadline } from "@ondash/core";
import {
  openRecorder,
  type RecordSummary,
  type RecordUntil,
  readRecording,
  recordTopics,
  type ToScenarioOptions,
  toScenario,
} from "@ondash/harness";
import { connectKafka } from "@ondash/transport";
import { chooseExternalBroker } from "../broker-choice.ts";
import type { Environment } from "../environment.ts";
import { ExitCode, UsageError } from "../exit-code.ts";
import { createProgress } from "../progress.ts";

/** Options of `ondash record`, parsed by type but not yet against each other. */
export interface RecordCommandOptions {
  readonly brokers: string | undefined;
  readonly kafkaConfig: string | undefined;
  readonly out: string;
  readonly from: "beginning" | "now";
  readonly until: Exclude<RecordUntil, "stopped"> | undefined;
  readonly schema: "chat.v1" | "chat.v2" | "both" | undefined;
  readonly conversationId: string | undefined;
  readonly producersDone: boolean;
  readonly asScenario: boolean;
  /** A recording to make a scenario of, instead of live topics. */
  readonly recording: string | undefined;
  /** Milliseconds. */
  readonly timeout: number;
}

/** Records live topics until SIGINT or SIGTERM, which is its proper end, or until what `--until` says. */
export async function recordCommand(options: RecordCommandOptions, environment: Environment): Promise<number> {
  const { cwd, env, stderr, signal } = environment;
  const { out, timeout, schema, conversationId, asScenario } = options;
  const scenario = asScenario ? scenarioOptions(options) : undefined;
  if (options.recording !== undefined) return await convert(options.recording, scenario, options, environment);
  const until = options.until ?? (asScenario ? "turn" : "stopped");
  const { provider, why } = await chooseExternalBroker("record", options, environment);
  using recorder = asScenario ? undefined : openRecorder(resolve(cwd, out));

  using starting = startDeadline(timeout, { signal });
  await using broker = await provider.start(starting);
  stderr.write(`ondash: ${broker.description} (${why})\n`);
  // The signal is the recording's proper end, not the session's.
  await using session = await connectKafka(broker, { deadline: starting, timeoutMs: timeout });
  const progress = createProgress(stderr, env);
  const summary = await recordTopics({
    session,
    timeoutMs: timeout,
    from: options.from,
    until,
    stop: signal,
    producersDone: options.producersDone,
    keep: asScenario,
    onReady: (topics) => stderr.write(`ondash: ready, recording ${topics.join(", ")}; ${untilWhen(until)}\n`),
    onProgress: ({ records }) => progress.show(plural(records)),
    ...(schema === undefined ? {} : { schema }),
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(recorder === undefined ? {} : { recorder }),
  });
  progress.clear();
  if (scenario !== undefined) writeWhole(resolve(cwd, out), out, toScenario(summary.observations, scenario));
  stderr.write(`ondash: ${told(summary)} → ${out}\n`);
  return ExitCode.passed;
}

/** How the scenario is made; what can be refused is refused before anything is recorded. */
function scenarioOptions({ out, schema, conversationId }: RecordCommandOptions): ToScenarioOptions {
  if (schema === "both") {
    throw new UsageError("--as-scenario writes a turn of one version: --schema chat.v1 or chat.v2");
  }
  const name = basename(out).replace(/\.ya?ml$/, "");
  if (!/^[A-Za-z0-9][\w.-]*$/.test(name)) {
    throw new UsageError(
      `--out ${out}: a scenario is called as its file: letters, digits, hyphens, dots and underscores`,
    );
  }
  return {
    name,
    ...(schema === undefined ? {} : { schema }),
    ...(conversationId === undefined ? {} : { conversationId }),
  };
}

/** A scenario of a turn that was recorded before. */
async function convert(
  recording: string,
  scenario: ToScenarioOptions | undefined,
  { out, brokers, from, until }: RecordCommandOptions,
  { cwd, stderr }: Environment,
): Promise<number> {
  if (scenario === undefined) throw new UsageError("--recording goes with --as-scenario: a recording is one already");
  if (brokers !== undefined || until !== undefined || from !== "now") {
    throw new UsageError("--recording takes what was recorded: leave --brokers, --from and --until out");
  }
  const observations: Observation[] = [];
  for await (const one of readRecording(resolve(cwd, recording), recording)) observations.push(one);
  writeWhole(resolve(cwd, out), out, toScenario(observations, scenario));
  stderr.write(`ondash: a turn of ${recording} → ${out}\n`);
  return ExitCode.passed;
}

function untilWhen(until: RecordUntil): string {
  if (until === "stopped") return "Ctrl-C ends it";
  if (until === "end") return "until everything is read that is there now";
  return until === "turn" ? "until a turn has ended" : `for ${until} ms`;
}

function plural(records: number): string {
  return `${records} record${records === 1 ? "" : "s"}`;
}

function told({ records, scanned }: RecordSummary): string {
  return records === scanned ? plural(records) : `${plural(records)} of ${scanned}`;
}

/** The file carries its name only once it is whole. */
function writeWhole(path: string, name: string, text: string): void {
  try {
    writeFileSync(`${path}.partial`, text);
    renameSync(`${path}.partial`, path);
  } catch (cause) {
    throw new UsageError(`can't write ${name}: ${(cause as Error).message}`, { cause });
  }
}
