import { randomUUID } from "node:crypto";
import { judgeObservations, type RunResult } from "@ondash/contract";
import { type Clock, formatDuration, isCoreError, startDeadline, systemClock } from "@ondash/core";
import { type Plan, type PlanSchema, plan as planScenario, type Scenario } from "@ondash/scenario";
import type { Broker, KafkaSession } from "@ondash/transport";
import { HarnessError } from "../error.ts";
import type { Recorder } from "../recorder.ts";
import { DEFAULT_PARTITIONS } from "../run-scenario.ts";
import { shellWord } from "../shell-word.ts";
import { placeViolations } from "../violations.ts";
import { createProber } from "./certainty.ts";
import { type Decision, decide, type Situation } from "./decide.ts";
import { unmetByObserved } from "./expect-observed.ts";
import { type Observer, openObserver } from "./observer.ts";
import type { RunningTrigger, Trigger, TriggerEnd } from "./trigger.ts";

/** How a real producer is verified. */
export interface VerifyOptions {
  readonly broker: Broker;
  readonly session: KafkaSession;
  /** Bound of getting ready, and then of waiting for the turn, each in ms. */
  readonly timeoutMs: number;
  /** What makes the producer produce. Without one a turn is awaited that somebody else causes. */
  readonly trigger?: Trigger;
  /**
   * The conversation that is judged; records of others only advance positions. Without one everything counts that
   * arrives after readiness.
   */
  readonly conversationId?: string;
  readonly clock?: Clock;
  /** Ends the verification, and the trigger, with its reason. */
  readonly signal?: AbortSignal;
  /** Default: the scenario's. */
  readonly schema?: PlanSchema;
  readonly set?: Readonly<Record<string, string>>;
  /** Create missing topics on a broker that is not ours. Default false. */
  readonly createTopics?: boolean;
  /** Partitions of topics that are created. Default 8. */
  readonly partitions?: number;
  /** Closed when the observation came to its proper end. */
  readonly recorder?: Recorder;
  /** Keep the timeline. Default true. */
  readonly timeline?: boolean;
  /** The command that judges the same again, for violations; default: `ondash verify` with the scenario. */
  readonly replay?: string;
  /** Told once, before the trigger is started: what is sent from now on is not missed. */
  readonly onReady?: (topics: readonly string[]) => void;
  /** Told of each record that is judged. */
  readonly onProgress?: (progress: { readonly records: number; readonly turns: number }) => void;
}

/** What came of a verification. */
export interface Verification {
  readonly result: RunResult;
  /** Why it was given when it was: see `Decision`. */
  readonly why: "violation" | "over" | "deadline";
  /** What became of the trigger, and what it wrote; undefined: there was none, or it was not started. */
  readonly trigger: TriggerReport | undefined;
}

/** What became of a trigger. */
export interface TriggerReport {
  /** How it ended by itself; undefined: it was ended, for the verdict was certain or the time was over. */
  readonly end: TriggerEnd | undefined;
  readonly output: string;
}

/** Exit codes of a shell that could not start the command. */
const NOT_STARTED: ReadonlySet<number | null> = new Set([126, 127]);

/**
 * Judges what a real producer sends, against the contract and a scenario's expectation.
 *
 * Order of things: the topics exist; the collector knows where it starts; only then the trigger is started. Each time a
 * turn ends or comes to rest the end offsets are asked for. The verdict is given as soon as it is certain (see `decide`
 * and `lastingViolations`): then the trigger is ended, everything below the present end offsets is read, and what was
 * observed is judged as a recording of it would be.
 *
 * @throws ScenarioError for a plan that can't be made; HarnessError `trigger` when the trigger can't be started,
 *   `recording` when the recorder fails; TransportError and CoreError `deadline` when the broker fails or does not get
 *   ready in time; the signal's reason.
 */
export async function verify(scenario: Scenario, options: VerifyOptions): Promise<Verification> {
  const { session, broker, clock = systemClock, timeoutMs, signal } = options;
  const started = clock.monotonic();
  const bound = { clock, ...(signal === undefined ? {} : { signal }) };
  const draft = planFor(scenario, options, DEFAULT_PARTITIONS);
  using preparing = startDeadline(timeoutMs, bound);
  const counts = await preparing.race(
    session.ensureTopics(draft.topics, {
      partitions: options.partitions ?? DEFAULT_PARTITIONS,
      create: broker.ownsTopics || options.createTopics === true,
    }),
    () => `the topics ${draft.topics.join(", ")}`,
  );
  const partitions = Math.min(...draft.topics.map((topic) => counts[topic] ?? DEFAULT_PARTITIONS));
  const plan = planFor(scenario, options, partitions);
  await using observer = await openObserver({
    session,
    topics: plan.topics,
    partitions,
    deadline: preparing,
    ...(options.conversationId === undefined ? {} : { conversationId: options.conversationId }),
    ...(options.recorder === undefined ? {} : { recorder: options.recorder }),
  });
  options.onReady?.(plan.topics);

  using deadline = startDeadline(timeoutMs, bound);
  const wait = await waitForCertainty(plan, observer, deadline, options);
  await using trigger = wait.running;
  await trigger?.stop();
  const properEnd = await observer.finish(wait.decision.producersDone, { ...bound, timeoutMs });

  const judgement = judgeObservations(observer.observations, { timeline: options.timeline ?? true });
  const late = properEnd === undefined ? [] : [`the observation has no proper end: ${properEnd}`];
  const unmet = [
    ...unmetByObserved(plan, judgement, observer.observations, wait.decision.why !== "violation"),
    ...explainEnd(wait, plan, observer, timeoutMs, options.conversationId),
    ...late,
  ];
  if (NOT_STARTED.has(wait.end?.code ?? null) && wait.end !== undefined && observer.census.records === 0) {
    const said = trigger?.output().trim().split("\n").at(-1) ?? "";
    throw new HarnessError("trigger", `the trigger can't be started (exit code ${wait.end.code}): ${said}`);
  }
  const replay = options.replay ?? `ondash verify --scenario ${shellWord(plan.file)}`;
  return {
    why: wait.decision.why,
    trigger: trigger === undefined ? undefined : { end: wait.end, output: trigger.output() },
    result: {
      ...judgement,
      schema: judgement.schema ?? plan.schema,
      violations: placeViolations(judgement.violations, { replay }),
      warnings: placeViolations(judgement.warnings, { replay }),
      scenario: plan.scenario,
      file: plan.file,
      broker: broker.kind,
      seed: null,
      expectation: unmet.length === 0 ? "met" : "not met",
      unmet,
      durationMs: Math.round(clock.monotonic() - started),
      ...(plan.title === undefined ? {} : { title: plan.title }),
      ...(plan.prompt === undefined ? {} : { prompt: plan.prompt }),
    },
  };
}

function planFor(scenario: Scenario, { schema, set }: VerifyOptions, partitions: number): Plan {
  return planScenario(scenario, {
    partitions,
    ledger: false,
    ...(schema === undefined ? {} : { schema }),
    ...(set === undefined ? {} : { set }),
  });
}

/** How the wait for a certain verdict ended. */
interface Wait {
  readonly decision: Extract<Decision, { kind: "judge" }>;
  readonly situation: Situation;
  readonly running: RunningTrigger | undefined;
  /** How the trigger ended by itself. */
  readonly end: TriggerEnd | undefined;
}

/** Starts the trigger, unless the verdict is certain already, and waits until it is. */
async function waitForCertainty(
  plan: Plan,
  observer: Observer,
  deadline: ReturnType<typeof startDeadline>,
  options: VerifyOptions,
): Promise<Wait> {
  const prober = createProber();
  const { census } = observer;
  const state: { end: TriggerEnd | undefined; wasRead: boolean; timedOut: boolean } = {
    end: undefined,
    wasRead: false,
    timedOut: false,
  };
  let running: RunningTrigger | undefined;
  const situation = (): Situation => ({
    certain: prober.probe(observer.observations, observer.decided).length > 0,
    trigger:
      options.trigger === undefined
        ? "none"
        : !state.wasRead
          ? "running"
          : state.end?.code === 0
            ? "succeeded"
            : "died",
    turns: census.turns,
    undecided: observer.undecided,
    awaited: census.awaited(plan),
    timedOut: state.timedOut,
  });
  try {
    for (;;) {
      const changed = observer.changed();
      const now = situation();
      const decision = decide(now);
      if (decision.kind === "judge")
        return { decision, situation: now, running, end: state.wasRead ? state.end : undefined };
      if (options.trigger !== undefined && running === undefined) {
        running = await options.trigger.start(variablesFor(plan, options));
        void running.ended
          .then(async (end) => {
            state.end = end;
            // What it had acknowledged lies below the ends asked for now.
            await observer.readToTheEnd();
            state.wasRead = true;
            observer.wake();
          }, observer.fail)
          .catch(observer.fail);
        continue;
      }
      options.onProgress?.({ records: census.records, turns: census.turns });
      try {
        await deadline.race(changed, () => "a turn");
      } catch (error) {
        if (!isCoreError(error) || error.code !== "deadline") throw error;
        state.timedOut = true;
      }
    }
  } catch (error) {
    await running?.stop();
    throw error;
  }
}

/** What the trigger may want to know. */
function variablesFor(plan: Plan, { broker, conversationId }: VerifyOptions): Record<string, string> {
  return {
    ONDASH_BROKERS: broker.bootstrap.join(","),
    ONDASH_SCHEMA: plan.schema,
    ONDASH_CONVERSATION_ID: conversationId ?? randomUUID(),
    ...(plan.prompt === undefined ? {} : { ONDASH_PROMPT: plan.prompt }),
  };
}

/** What is to be said of the end that the scenario's expectation does not say, a line each. */
function explainEnd(
  { decision, situation, end }: Wait,
  plan: Plan,
  { census, scanned }: Observer,
  timeoutMs: number,
  conversationId: string | undefined,
): readonly string[] {
  const lines: string[] = [];
  if (end !== undefined && (end.code !== 0 || end.signal !== null)) {
    lines.push(`the trigger ended with ${end.signal === null ? `exit code ${end.code}` : `signal ${end.signal}`}`);
  }
  const { turns, undecided, awaited } = situation;
  if (decision.why !== "deadline" || (turns > 0 && undecided === 0 && awaited.length === 0)) return lines;
  const whose =
    conversationId !== undefined
      ? `of conversation ${conversationId}`
      : census.conversations.size === 1
        ? `of conversation ${[...census.conversations].join("")}`
        : "of all conversations";
  const lacking = [...new Set([...census.missing(plan), ...awaited.filter((text) => text.startsWith("the final"))])];
  const missing =
    lacking.length > 0
      ? `missing ${lacking.join(", ")}, which the scenario has`
      : `${undecided} ${undecided === 1 ? "turn has" : "turns have"} not ended`;
  lines.push(
    `after ${formatDuration(timeoutMs)}: scanned ${scanned} record${scanned === 1 ? "" : "s"}, ${census.records} ${whose}; ${missing}`,
  );
  return lines;
}
