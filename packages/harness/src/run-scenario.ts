import type { RunResult } from "@ondash/contract";
import { type Clock, startDeadline, systemClock } from "@ondash/core";
import { type Plan, type PlanOptions, type PlanSchema, plan as planScenario, type Scenario } from "@ondash/scenario";
import type { Broker, KafkaSession } from "@ondash/transport";
import { absentEvents, placeKey } from "./absent-events.ts";
import { planCanary } from "./canary/plan-canary.ts";
import type { CanaryReport } from "./canary/watch-canary.ts";
import { unmetExpectations } from "./expectation.ts";
import { type Observed, observeRun } from "./observe-run.ts";
import type { Recorder } from "./recorder.ts";
import { shellWord } from "./shell-word.ts";
import { placeViolations, type ViolationContext } from "./violations.ts";

/** How a scenario is run. */
export interface RunOptions {
  readonly broker: Broker;
  readonly session: KafkaSession;
  /**
   * Bound of all waiting for the broker, in ms, beside the time that the scenario itself takes at `speed`. The error that
   * ends a run says what was missing.
   */
  readonly timeoutMs: number;
  readonly clock?: Clock;
  /** Ends the run with its reason. */
  readonly signal?: AbortSignal;
  readonly schema?: PlanSchema;
  readonly seed?: number;
  readonly set?: Readonly<Record<string, string>>;
  /** Mixed into the ids; none by default. */
  readonly salt?: string;
  /** 1: the scenario's timing; 0 (default): no waits. */
  readonly speed?: number;
  /** Partitions of topics that are created. Default 8. */
  readonly partitions?: number;
  /** Create missing topics on a broker that is not ours. Default false. */
  readonly createTopics?: boolean;
  /** Closed when the run was observed to its end. */
  readonly recorder?: Recorder;
  /** Keep the timeline. Default true. */
  readonly timeline?: boolean;
  /**
   * Sends a turn beside the scenario that breaks the contract on purpose, and throws unless the checker flags it. The
   * result does not know of it. Default false.
   */
  readonly canary?: boolean;
  /** Told what was wrong with the canary's turn, once it was flagged. */
  readonly onCanary?: (report: CanaryReport) => void;
  /** Told of each record whose fate has become known. */
  readonly onProgress?: (progress: { readonly sent: number; readonly total: number }) => void;
  /** The command that judges the same again, for violations; default: `ondash run` with the scenario's file. */
  readonly replay?: string;
}

/** Partitions of the topics that a run creates. */
export const DEFAULT_PARTITIONS = 8;

/**
 * Emits a scenario on a broker, reads back what arrives, and judges it.
 *
 * Order of things: the topics exist; the collector knows where it starts; the monitor learns the plan; the emitter sends;
 * each time a turn comes to its end or to rest the end offsets are asked for; after the last acknowledgement they are
 * asked for once more and everything below them is read. So the verdict rests on facts and waits for nothing else.
 *
 * @throws ScenarioError for a plan that can't be made; TransportError, EmitterError and CoreError `deadline` when the
 *   broker fails; HarnessError `recording` when the recorder does, `canary` when a poisoned turn was not flagged; the
 *   signal's reason.
 */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<RunResult> {
  const { session, broker, clock = systemClock, timeoutMs, signal, speed = 0 } = options;
  const started = clock.monotonic();
  const wanted = options.partitions ?? DEFAULT_PARTITIONS;
  // Made before anything is asked of the broker: what is wrong with the scenario or its parameters is known at once.
  const draft = planScenario(scenario, planOptions(options, wanted));
  const pace = speed > 0 ? (draft.sends.at(-1)?.at ?? 0) / speed : 0;
  using deadline = startDeadline(timeoutMs + pace, { clock, ...(signal === undefined ? {} : { signal }) });

  // A fault may send a record to a topic that is not among those watched: it must be there to receive it.
  const topics = [...new Set([...draft.topics, ...draft.sends.map(({ record }) => record.topic)])];
  const counts = await deadline.race(
    session.ensureTopics(topics, {
      partitions: wanted,
      create: broker.ownsTopics || options.createTopics === true,
    }),
    () => `the topics ${topics.join(", ")}`,
  );
  // Topics that were there may have another count, even different ones: then KAF-01 is broken, and what can be sent to
  // all of them is judged all the same.
  const partitions = Math.min(...draft.topics.map((topic) => counts[topic] ?? wanted));
  const plan = partitions === wanted ? draft : planScenario(scenario, planOptions(options, partitions));
  const observed = await observeRun(plan, {
    ...(broker.shared ? { onlyOwn: true } : {}),
    ...(options.recorder === undefined ? {} : { recorder: options.recorder }),
    ...(options.canary === true ? { canary: planCanary(plan, options.salt) } : {}),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    session,
    deadline,
    clock,
    speed,
    timeline: options.timeline ?? true,
  });
  if (observed.canary !== undefined) options.onCanary?.(observed.canary);
  const replay = options.replay ?? `ondash run ${shellWord(plan.file)}`;
  return toResult(plan, observed, {
    broker: broker.kind,
    replay,
    durationMs: Math.round(clock.monotonic() - started),
  });
}

function planOptions({ schema, seed, set, salt }: RunOptions, partitions: number): PlanOptions {
  return {
    partitions,
    ...(schema === undefined ? {} : { schema }),
    ...(seed === undefined ? {} : { seed }),
    ...(set === undefined ? {} : { set }),
    ...(salt === undefined ? {} : { salt }),
  };
}

function toResult(
  plan: Plan,
  { judgement, ledger, seen, message }: Observed,
  { broker, replay, durationMs }: Pick<RunResult, "broker" | "durationMs"> & { readonly replay: string },
): RunResult {
  const unmet = unmetExpectations(plan, judgement, message);
  const context = violationContext(plan, ledger, replay);
  const absent = judgement.timeline.length === 0 ? [] : absentEvents(plan, judgement.timeline, ledger, seen);
  return {
    ...judgement,
    schema: judgement.schema ?? plan.schema,
    violations: placeViolations(judgement.violations, context),
    warnings: placeViolations(judgement.warnings, context),
    scenario: plan.scenario,
    file: plan.file,
    broker,
    seed: plan.seed,
    expectation: unmet.length === 0 ? "met" : "not met",
    unmet,
    durationMs,
    ...(plan.title === undefined ? {} : { title: plan.title }),
    ...(plan.prompt === undefined ? {} : { prompt: plan.prompt }),
    ...(absent.length === 0 ? {} : { absent }),
  };
}

function violationContext(plan: Plan, ledger: Observed["ledger"], replay: string): ViolationContext {
  const ofEvent = new Map(
    [...plan.events, ...plan.sends].map(({ eventId, location }) => [eventId, `${location.file}:${location.line}`]),
  );
  const ofRecord = new Map(
    ledger.flatMap((entry) => {
      const location = ofEvent.get(entry.eventId);
      return entry.kind === "ack" && location !== undefined ? [[placeKey(entry), location] as const] : [];
    }),
  );
  return { replay, ofEvent, ofRecord };
}
