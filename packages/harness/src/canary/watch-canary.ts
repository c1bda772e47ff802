import { createMonitor, type Observation } from "@ondash/contract";
import { HarnessError } from "../error.ts";
import { belongsTo, withoutRecord } from "../own-records.ts";
import type { CanaryPlan } from "./plan-canary.ts";

/** What became of a run's canary. */
export interface CanaryReport {
  /** What was wrong with its turn. */
  readonly what: string;
  /** The rule that said so. */
  readonly rule: string;
}

/** Keeps the canary's traffic and the run's apart: they share broker, sink, collector and barriers. */
export interface CanaryWatch {
  /** Takes an observation of both. Returned: the same as the run's own checker is to see it. */
  observe(observation: Observation): Observation;
  /** Takes what concerns the canary alone: its ledger. */
  readonly tell: (observation: Observation) => void;
  readonly wantsBarrier: boolean;
  /**
   * Judges the canary's turn, after the end was observed.
   * @throws HarnessError `canary` when it was not flagged as it had to be: then the run proves nothing.
   */
  finish(): CanaryReport;
}

/** Creates the watch. */
export function watchCanary({ plan, poison, rule }: CanaryPlan): CanaryWatch {
  const conversations: ReadonlySet<string> = new Set([plan.conversationId]);
  const monitor = createMonitor();
  return {
    observe(observation) {
      const isOurs = observation.kind === "record" && belongsTo(observation, conversations);
      if (observation.kind !== "record") {
        monitor.observe(observation);
        return observation;
      }
      const other = withoutRecord(observation);
      monitor.observe(isOurs ? observation : other);
      return isOurs ? other : observation;
    },
    tell: (observation) => monitor.observe(observation),
    get wantsBarrier() {
      return monitor.wantsBarrier;
    },
    finish() {
      const judged = monitor
        .finish()
        .violations.filter(({ conversationId }) => conversationId === plan.conversationId)
        .map((violation) => violation.rule);
      const found = [...new Set(judged)].join(", ") || "none";
      if (found === rule) return { what: poison.what, rule };
      throw new HarnessError(
        "canary",
        `the run is invalid: a turn was poisoned on purpose (${poison.what}), which violates ${rule}, and the checker found ${found}; no verdict of this set-up can be trusted until it does`,
      );
    },
  };
}
