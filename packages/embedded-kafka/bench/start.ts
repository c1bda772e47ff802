/**
 * How long an embedded Kafka takes to accept connections, and to be gone again: `node bench/start.ts [rounds]`.
 * The first start is told apart: it also warms the code up.
 */
import { startEmbeddedKafka } from "@ondash/embedded-kafka";

const rounds = Number(process.argv[2] ?? 50);
const starts: number[] = [];
const closes: number[] = [];
for (let round = 0; round < rounds; round++) {
  const before = performance.now();
  const kafka = await startEmbeddedKafka();
  const started = performance.now();
  await kafka.close();
  starts.push(started - before);
  closes.push(performance.now() - started);
}

const milliseconds = (values: readonly number[], share: number): string => {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(2);
};
process.stdout.write(
  `first start ${milliseconds(starts.slice(0, 1), 0)} ms, then ${starts.length - 1}: ` +
    `start median ${milliseconds(starts.slice(1), 0.5)}, 95 % ${milliseconds(starts.slice(1), 0.95)}, ` +
    `close median ${milliseconds(closes, 0.5)} ms\n`,
);
