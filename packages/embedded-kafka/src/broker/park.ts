import type { Clock } from "@ondash/core";
import type { PartitionLog } from "../log/partition-log.ts";

/**
 * Waits until `ready()` is true, asked anew after each change of one of the logs; at most `ms` milliseconds, and no
 * longer than `signal` lets it. Nothing is polled.
 */
export function park(options: {
  clock: Clock;
  ms: number;
  logs: Iterable<PartitionLog>;
  signal: AbortSignal;
  ready: () => boolean;
}): Promise<void> {
  const { clock, ms, logs, signal, ready } = options;
  return new Promise((resolve) => {
    const ends: (() => void)[] = [];
    const done = (): void => {
      for (const end of ends) end();
      resolve();
    };
    const look = (): void => {
      if (ready()) done();
    };
    ends.push(clock.schedule(ms, done));
    for (const log of new Set(logs)) ends.push(log.onChange(look));
    signal.addEventListener("abort", done, { once: true });
    ends.push(() => signal.removeEventListener("abort", done));
    if (signal.aborted) done();
  });
}
