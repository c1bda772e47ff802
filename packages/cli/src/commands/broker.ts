import { startEmbeddedKafka } from "@ondash/embedded-kafka";
import type { Environment } from "../environment.ts";
import { ExitCode } from "../exit-code.ts";

/** Options of `ondash broker`. */
export interface BrokerCommandOptions {
  readonly nodes: number;
  readonly port: number | undefined;
  readonly partitions: number | undefined;
  readonly autoCreate: boolean;
}

/** Runs the embedded Kafka until SIGINT or SIGTERM, and says on stdout when it accepts connections. */
export async function brokerCommand(options: BrokerCommandOptions, { stdout, signal }: Environment): Promise<number> {
  await using kafka = await startEmbeddedKafka({
    nodes: options.nodes,
    autoCreateTopics: options.autoCreate,
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.partitions === undefined ? {} : { partitions: options.partitions }),
  });
  stdout.write(`ready ${kafka.brokers.join(",")}\n`);
  if (!signal.aborted) {
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  }
  return ExitCode.passed;
}
