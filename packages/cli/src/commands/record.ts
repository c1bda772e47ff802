import { renameSync, writeFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { startDeadline } from "@ondash/core";
import { openRecorder, type RecordSummary, type RecordUntil, recordTopics, toScenario } from "@ondash/harness";
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
  /** Milliseconds. */
  readonly timeout: number;
}

/** Records live topics until SIGINT or SIGTERM, which is its proper end, or until what `--until` says. */
export async function recordCommand(options: RecordCommandOptions, environment: Environment): Promise<number> {
  const { cwd, env, stderr, signal } = environment;
  const { out, timeout, schema, conversationId, asScenario } = options;
  if (asScenario && schema === "both") {
    throw new UsageError("--as-scenario writes a turn of one version: --schema chat.v1 or chat.v2");
  }
  const until = options.until ?? (asScenario ? "turn" : "stopped");
  const name = basename(out).replace(/\.ya?ml$/, "");
  if (asScenario && !/^[A-Za-z0-9][\w.-]*$/.test(name)) {
    throw new UsageError(
      `--out ${out}: a scenario is called as its file: letters, digits, hyphens, dots and underscores`,
    );
  }
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
  if (asScenario) {
    const text = toScenario(summary.observations, {
      name,
      ...(schema === undefined || schema === "both" ? {} : { schema }),
      ...(conversationId === undefined ? {} : { conversationId }),
    });
    writeWhole(resolve(cwd, out), out, text);
  }
  stderr.write(`ondash: ${told(summary)} → ${out}\n`);
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
