import { inspect } from "node:util";
import { Command, CommanderError, Option } from "commander";
import packageJson from "../package.json" with { type: "json" };
import {
  collectReport,
  collectSetting,
  parseFormat,
  parseFrom,
  parseInteger,
  parsePort,
  parsePositive,
  parseSchema,
  parseSpeed,
  parseTimeout,
  parseUntil,
} from "./arguments.ts";
import type { Environment } from "./environment.ts";
import { ExitCode } from "./exit-code.ts";
import { failureOf } from "./failure.ts";
import type { BrokerFlags, CompatFlags, RecordFlags, ReplayFlags, RunFlags, VerifyFlags } from "./flags.ts";
import type { ReportChoice } from "./report-choice.ts";

/**
 * The `ondash` command.
 * @param argv the arguments after the command's name.
 * @returns the exit code (see `ExitCode`).
 * @throws nothing but the signal's reason, once it has aborted.
 */
export async function main(argv: readonly string[], environment: Environment): Promise<number> {
  let code: number = ExitCode.passed;
  const program = createProgram(environment, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.passed : ExitCode.usage;
    // Whatever failed then, failed because everything was told to end.
    if (environment.signal.aborted) throw environment.signal.reason;
    const failure = failureOf(error);
    environment.stderr.write(`${failure.text}\n`);
    if (environment.env["ONDASH_DEBUG"] === "1") environment.stderr.write(`${inspect(error)}\n`);
    return failure.code;
  }
}

/** Each command loads what it needs when it runs: `ondash check` has no use for a Kafka client. */
function createProgram(environment: Environment, done: (code: number) => void): Command {
  const program = new Command("ondash")
    .description("Scenarios, contract checks and an embedded Kafka for the ONDASH chat events")
    .version(packageJson.version)
    .exitOverride()
    .showHelpAfterError("(--help shows the options)")
    .configureOutput({
      writeOut: (text) => environment.stdout.write(text),
      writeErr: (text) => environment.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, "ondash: ")),
      getOutHelpWidth: () => environment.stdout.columns ?? 100,
      getErrHelpWidth: () => environment.stderr.columns ?? 100,
    })
    .addHelpText(
      "after",
      "\nExit codes: 0 passed, 1 the contract failed, 2 wrong usage or input, 3 infrastructure.\nONDASH_DEBUG=1 prints the stack of an error.",
    );

  program
    .command("run")
    .description("run scenarios against a broker and judge what arrives (none named: all)")
    .argument("[scenario...]", "names in scenarios/, paths or glob patterns")
    .option("--broker <kind>", "auto, embedded, container or external (env ONDASH_BROKER; default: auto)")
    .option("--brokers <list>", "host:port,… of an external Kafka (env KAFKA_BROKERS)")
    .option("--kafka-config <file>", "TLS and SASL of an external Kafka, librdkafka's names (env KAFKA_CONFIG)")
    .option("--schema <version>", "chat.v1, chat.v2 or both (default: the scenario's)", parseSchema)
    .option("--speed <n>", "0: no waits; 1: the scenario's timing", parseSpeed, 0)
    .option("--seed <n>", "of ids and jitter (default: the scenario's, else 42)", parseInteger)
    .option("--set <name=value>", "a scenario parameter; repeatable", collectSetting, {})
    .option("--report <format[=file]>", "terminal or json; repeatable (default: terminal)", collectReport, [])
    .option("--record <file>", "write what is observed as a recording (FILE.partial until it is whole)")
    .option(
      "--timeout <duration>",
      "bound of waiting for Kafka, at start and in each scenario (default: 30s)",
      parseTimeout,
      30_000,
    )
    .option("--no-salt", "on an external Kafka: the same ids in each run")
    .option("--create-topics", "on an external Kafka: create missing topics", false)
    .option("--canary", "send a poisoned turn beside each scenario: if it is not flagged, the run is invalid", false)
    .action(async (scenarios: string[], options: RunFlags) => {
      const { runCommand } = await import("./commands/run.ts");
      const { broker, brokers, kafkaConfig, schema, seed, record, ...rest } = options;
      done(await runCommand(scenarios, { broker, brokers, kafkaConfig, schema, seed, record, ...rest }, environment));
    });

  program
    .command("check")
    .description("judge recordings offline")
    .argument("<recording...>", "*.jsonl files")
    .option("--report <format[=file]>", "terminal or json; repeatable (default: terminal)", collectReport, [])
    .action(async (files: string[], options: { report: ReportChoice[] }) => {
      const { checkCommand } = await import("./commands/check.ts");
      done(await checkCommand(files, options, environment));
    });

  program
    .command("verify")
    .description("hold a real producer to the contract and to a scenario's expectation")
    .requiredOption("--scenario <name>", "a name in scenarios/, or a path")
    .option(
      "--trigger <command>",
      "what makes the producer produce; run by the shell once everything that is sent is seen",
    )
    .option("--broker <kind>", "auto, embedded, container or external (env ONDASH_BROKER; default: auto)")
    .option("--brokers <list>", "host:port,… of the Kafka that the producer writes to (env KAFKA_BROKERS)")
    .option("--kafka-config <file>", "TLS and SASL of an external Kafka, librdkafka's names (env KAFKA_CONFIG)")
    .option("--conversation-id <id>", "judge only this conversation (default: all that is sent from now on)")
    .option("--schema <version>", "chat.v1, chat.v2 or both (default: the scenario's)", parseSchema)
    .option("--set <name=value>", "a scenario parameter; repeatable", collectSetting, {})
    .option("--report <format[=file]>", "terminal or json; repeatable (default: terminal)", collectReport, [])
    .option("--record <file>", "write what is observed as a recording (FILE.partial until it is whole)")
    .option(
      "--timeout <duration>",
      "bound of waiting for Kafka, and then for the turn (default: 30s)",
      parseTimeout,
      30_000,
    )
    .option("--create-topics", "on an external Kafka: create missing topics", false)
    .addHelpText(
      "after",
      "\nThe trigger finds in its environment: ONDASH_BROKERS, ONDASH_SCHEMA, ONDASH_CONVERSATION_ID, ONDASH_PROMPT.",
    )
    .action(async (options: VerifyFlags) => {
      const { verifyCommand } = await import("./commands/verify.ts");
      const { broker, brokers, kafkaConfig, trigger, conversationId, schema, record, ...rest } = options;
      const given = { broker, brokers, kafkaConfig, trigger, conversationId, schema, record };
      done(await verifyCommand({ ...given, ...rest }, environment));
    });

  program
    .command("record")
    .description("record live topics; Ctrl-C is its proper end")
    .requiredOption("--out <file>", "where to (FILE.partial until it is whole)")
    .option("--brokers <list>", "host:port,… (env KAFKA_BROKERS)")
    .option("--kafka-config <file>", "TLS and SASL, librdkafka's names (env KAFKA_CONFIG)")
    .option("--from <where>", "beginning or now", parseFrom, "now")
    .addOption(
      new Option("--continue <recording>", "go on where a FILE.partial was cut off, to what is there now").conflicts([
        "from",
        "until",
        "schema",
        "asScenario",
        "recording",
      ]),
    )
    .option("--until <what>", "end (of what is there now), turn (one has ended), or a duration", parseUntil)
    .option("--schema <version>", "chat.v1, chat.v2 or both (default: those whose topics are there)", parseSchema)
    .option("--conversation-id <id>", "record only this conversation, and of others the offsets")
    .option("--producers-done", "nobody will go on: a turn without an end is recorded as truncated", false)
    .option("--as-scenario", "write a turn as a scenario file instead; --until is turn if not said otherwise", false)
    .option("--recording <file>", "with --as-scenario: a turn of this recording, and no broker")
    .option("--timeout <duration>", "bound of waiting for Kafka, at start and end (default: 30s)", parseTimeout, 30_000)
    .action(async (options: RecordFlags) => {
      const { brokers, kafkaConfig, until, schema, conversationId, recording, continue: cutOff, ...rest } = options;
      if (cutOff !== undefined) {
        const { continueRecording } = await import("./commands/continue-recording.ts");
        done(await continueRecording(cutOff, { brokers, kafkaConfig, conversationId, ...rest }, environment));
        return;
      }
      const { recordCommand } = await import("./commands/record.ts");
      const given = { brokers, kafkaConfig, until, schema, conversationId, recording };
      done(await recordCommand({ ...given, ...rest }, environment));
    });

  program
    .command("replay")
    .description("send the records of a recording again, and print where each went")
    .argument("<recording>", "a *.jsonl file")
    .option("--brokers <list>", "host:port,… (env KAFKA_BROKERS)")
    .option("--kafka-config <file>", "TLS and SASL, librdkafka's names (env KAFKA_CONFIG)")
    .option("--speed <n>", "0: no waits; 1: as far apart as they were", parseSpeed, 0)
    .option("--create-topics", "create missing topics", false)
    .option("--timeout <duration>", "bound of each wait for Kafka (default: 30s)", parseTimeout, 30_000)
    .action(async (file: string, options: ReplayFlags) => {
      const { replayCommand } = await import("./commands/replay.ts");
      const { brokers, kafkaConfig, ...rest } = options;
      done(await replayCommand(file, { brokers, kafkaConfig, ...rest }, environment));
    });

  program
    .command("scenarios")
    .description("list and validate scenario files")
    .argument("[scenario...]", "names in scenarios/, paths or glob patterns")
    .action(async (scenarios: string[]) => {
      const { scenariosCommand } = await import("./commands/scenarios.ts");
      done(await scenariosCommand(scenarios, environment));
    });

  program
    .command("broker")
    .description("run the embedded Kafka; prints `ready host:port,…` when it accepts connections")
    .option("--nodes <n>", "number of nodes, ids 0 …", parsePositive, 1)
    .option("--port <p>", "node i listens on p + i (default: free ports)", parsePort)
    .option("--partitions <n>", "of topics that are created automatically", parsePositive)
    .option("--no-auto-create", "don't create topics automatically")
    .action(async (options: BrokerFlags) => {
      const { brokerCommand } = await import("./commands/broker.ts");
      const { nodes, port, partitions, autoCreate } = options;
      done(await brokerCommand({ nodes, port, partitions, autoCreate }, environment));
    });

  program
    .command("compat")
    .description("which schema change breaks whom, with the smallest message that breaks")
    .option("--proto <dir>", "root of the protobuf module (default: proto/schemas)")
    .option("--against <what>", "baseline, a directory, an image or a git ref (default: baseline)")
    .option("--format <format>", "terminal, json or github", parseFormat, "terminal")
    .option("--seed <n>", "of the witness search (default: 42)", parseInteger)
    .action(async (options: CompatFlags) => {
      const { compatCommand } = await import("./commands/compat.ts");
      const { proto, against, format, seed } = options;
      done(await compatCommand({ proto, against, format, seed }, environment));
    });

  program
    .command("explain")
    .description("print a rule with an example of breach and cure")
    .argument("<rule>", "ORD-04, say")
    .action(async (rule: string) => {
      const { explainCommand } = await import("./commands/explain.ts");
      done(explainCommand(rule, environment));
    });
  return program;
}
