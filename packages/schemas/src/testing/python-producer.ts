import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generatePythonCode } from "./python-consumer.ts";
import { type ProgramResult, pythonEnvironment, run } from "./python-environment.ts";

const producer = join(import.meta.dirname, "../../python/produce.py");

/** What to publish, and what to do wrong. */
export interface PythonProducerOptions {
  /** `host:port,…` */
  readonly brokers: string;
  /** Default chat.v1. */
  readonly schema?: "chat.v1" | "chat.v2";
  /** Its conversation_id. Default: a new one. */
  readonly conversation?: string;
  /** Its message_id. Default: a new one. */
  readonly message?: string;
  /** Milliseconds before each event. Default 0. */
  readonly gap?: number;
  /** librdkafka's setting. Default `murmur2_random`, which the contract wants; librdkafka's own is `consistent_random`. */
  readonly partitioner?: string;
  /** Misbehaviour, as the program's `--help` explains it. Default none. */
  readonly faults?: readonly ("forget-chart" | "completion-first" | "key-by-message" | "die-half-way")[];
  /** Ends the producer. */
  readonly signal?: AbortSignal;
}

/** What the producer printed, and how it ended. */
export interface PythonProducerResult extends ProgramResult {
  /** A line an acknowledged record, `5 chart bar -> ondash.llm.chart/3@0`. */
  readonly lines: readonly string[];
}

/** The Python producer, ready to be run. Disposing it removes the generated code. */
export interface PythonProducer extends AsyncDisposable {
  /** The program and its arguments, those given last. */
  words(...arguments_: readonly string[]): readonly string[];
  /** The same as a command for a POSIX shell. */
  command(...arguments_: readonly string[]): string;
}

/**
 * Prepares `python/produce.py` for others to run: confluent-kafka, and code generated for one version of the schema.
 * @throws Error when there is no Python environment (see `pythonEnvironment`: ask it first) or protoc fails.
 */
export async function pythonProducer(version: 1 | 2): Promise<PythonProducer> {
  const environment = await pythonEnvironment();
  if (!environment.available) throw new Error(`no Python environment: ${environment.reason}`);
  const { python } = environment;
  const generated = await mkdtemp(join(tmpdir(), "ondash-python-"));
  const remove = (): Promise<void> => rm(generated, { recursive: true, force: true });
  const protoc = await generatePythonCode(generated, version);
  if (protoc.status !== 0) {
    await remove();
    throw new Error(`protoc: exit ${protoc.status}: ${protoc.stderr}`);
  }
  const words: PythonProducer["words"] = (...arguments_) => [python, producer, "--generated", generated, ...arguments_];
  return {
    words,
    command: (...arguments_) =>
      words(...arguments_)
        .map((word) => `'${word.replaceAll("'", `'\\''`)}'`)
        .join(" "),
    [Symbol.asyncDispose]: remove,
  };
}

/**
 * Publishes the sales-chart turn of the schema documents with `python/produce.py`: confluent-kafka, and code generated
 * by `generatePythonCode`. The five topics of the schema must exist. Its `status` is 0 when all was acknowledged, 1 when
 * it died as it was told to.
 * @throws Error when there is no Python environment (see `pythonEnvironment`: ask it first) or protoc fails.
 */
export async function produceWithPython(options: PythonProducerOptions): Promise<PythonProducerResult> {
  const { brokers, schema = "chat.v1", conversation, message, gap, partitioner, faults = [], signal } = options;
  await using prepared = await pythonProducer(schema === "chat.v1" ? 1 : 2);
  const arguments_ = ["--brokers", brokers, "--schema", schema];
  if (conversation !== undefined) arguments_.push("--conversation", conversation);
  if (message !== undefined) arguments_.push("--message", message);
  if (gap !== undefined) arguments_.push("--gap", String(gap / 1000));
  if (partitioner !== undefined) arguments_.push("--partitioner", partitioner);
  arguments_.push(...faults.map((fault) => `--${fault}`));
  const [program = "", ...rest] = prepared.words(...arguments_);
  const result = await run(program, rest, signal === undefined ? {} : { signal });
  return { ...result, lines: result.stdout.split("\n").filter((line) => line !== "") };
}
