import { createMonitor } from "./monitor.ts";
import type { MonitorOptions } from "./monitor-types.ts";
import type { Observation } from "./observation.ts";
import type { Judgement } from "./run-result.ts";

/**
 * Judges observations that are all there: a recording, a run that is over. The same observations give the judgement that
 * the live monitor gave, but that nothing is given up for being far apart or long ago (`window` is unbounded).
 * @throws ContractError `observation` for observations that can't have been made.
 */
export function judgeObservations(
  observations: Iterable<Observation>,
  options: Omit<MonitorOptions, "window"> = {},
): Judgement {
  const monitor = createMonitor({ ...options, window: Number.POSITIVE_INFINITY });
  for (const observation of observations) monitor.observe(observation);
  return monitor.finish();
}
