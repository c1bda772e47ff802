import { resolve } from "node:path";
import { startDeadline } from "@ondash/core";
import { openRecorder, resumeRecording } from "@ondash/harness";
import { connectKafka } from "@ondash/transport";
import { chooseExternalBroker } from "../broker-choice.ts";
import type { Environment } from "../environment.ts";
import { ExitCode, UsageError } from "../exit-code.ts";

/** Options of `ondash record --continue`. */
export interface ContinueOptions {
  readonly brokers: string | undefined;
  readonly kafkaConfig: string | undefined;
  readonly out: string;
  readonly conversationId: string | undefined;
  readonly producersDone: boolean;
  /** Milliseconds. */
  readonly timeout: number;
}

/**
 * Goes on with a recording that was cut off (its recorder was killed): what it holds, and what lies in the log from there
 * to the present ends, become a recording that is whole.
 */
export async function continueRecording(
  file: string,
  options: ContinueOptions,
  environment: Environment,
): Promise<number> {
  const { cwd, stderr, signal } = environment;
  const { out, timeout, conversationId, producersDone } = options;
  const [from, to] = [resolve(cwd, file), resolve(cwd, out)];
  if (from === to || from === `${to}.partial`) {
    throw new UsageError(`--out ${out} would write over ${file}, which is to be continued; choose another name`);
  }
  const { provider, why } = await chooseExternalBroker("record", options, environment);
  using recorder = openRecorder(to);
  using deadline = startDeadline(timeout, { signal });
  await using broker = await provider.start(deadline);
  stderr.write(`ondash: ${broker.description} (${why})\n`);
  await using session = await connectKafka(broker, { deadline, timeoutMs: timeout, signal });
  const { counts } = await resumeRecording(from, {
    session,
    deadline,
    recorder,
    producersDone,
    name: file,
    ...(conversationId === undefined ? {} : { conversations: [conversationId] }),
  });
  const records = `${counts.records} record${counts.records === 1 ? "" : "s"}`;
  stderr.write(`ondash: ${file} continued to the present ends: ${records} → ${out}\n`);
  return ExitCode.passed;
}
