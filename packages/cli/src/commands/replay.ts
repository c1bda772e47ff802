import { resolve } from "node:path";
import { startDeadline } from "@ondash/core";
import { replayRecording } from "@ondash/harness";
import { connectKafka } from "@ondash/transport";
import { chooseExternalBroker } from "../broker-choice.ts";
import type { Environment } from "../environment.ts";
import { ExitCode } from "../exit-code.ts";

/** Options of `ondash replay`. */
export interface ReplayCommandOptions {
  readonly brokers: string | undefined;
  readonly kafkaConfig: string | undefined;
  readonly speed: number;
  readonly createTopics: boolean;
  /** Milliseconds. */
  readonly timeout: number;
}

/** Sends the records of a recording again, and says of each where it went. */
export async function replayCommand(
  file: string,
  options: ReplayCommandOptions,
  environment: Environment,
): Promise<number> {
  const { cwd, stdout, stderr, signal } = environment;
  const { speed, createTopics, timeout } = options;
  const { provider, why } = await chooseExternalBroker("replay", options, environment);
  using starting = startDeadline(timeout, { signal });
  await using broker = await provider.start(starting);
  stderr.write(`ondash: ${broker.description} (${why})\n`);
  await using session = await connectKafka(broker, { deadline: starting, timeoutMs: timeout, signal });
  const { sent } = await replayRecording(resolve(cwd, file), {
    session,
    timeoutMs: timeout,
    speed,
    createTopics,
    signal,
    name: file,
    onSent: (from, to) =>
      stdout.write(`${from.topic}/${from.partition}@${from.offset} -> ${to.topic}/${to.partition}@${to.offset}\n`),
  });
  stderr.write(`ondash: sent ${sent} record${sent === 1 ? "" : "s"} of ${file}\n`);
  return ExitCode.passed;
}
