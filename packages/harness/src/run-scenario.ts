import { toJson } from "@bufbuild/protobuf";
import { createMonitor, foldMessage, type Observation, type RunResult } from "@ondash/contract";
import { type Clock, type Deadline, systemClock } from "@ondash/core";
import { emit } from "@ondash/emitter";
import { type Plan, plan as planScenario, type Scenario } from "@ondash/scenario";
import { type AnyEnvelope, decodeEnvelope, type SchemaName, schemaOf, schemaOfTopic } from "@ondash/schemas";
import type { Broker, KafkaSession } from "@ondash/transport";
import { createBarrierRounds } from "./barrier-rounds.ts";
import { shellWord } from "./check-recording.ts";
import { unmetExpectations } from "./expectation.ts";
import { createOwnRecords } from "./own-records.ts";
import type { Recorder } from "./recorder.ts";
import { placeViolations } from "./violations.ts";

/** How a scenario is run. */
export interface RunOptions {
  readonly broker: Broker;
  readonly session: KafkaSession;
  /** Bounds the run; its errors say what was missing. */
  readonly deadline: Deadline;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  readonly schema?: SchemaName;
  readonly seed?: number;
  readonly set?: Readonly<Record<string, string>>;
  /** Mixed into the ids; none by default. */
  readonly salt?: string;
  /** 1: the scenario's timing; 0 (default): no waits. */
  readonly speed?: number;
  /** Partitions of topics that are created. Default 8. */
  readonly partitions?: number;
  /** Create missing topics on a broker that is not ours. */
  readonly createTopics?: boolean;
  readonly recorder?: Recorder;
  /** Keep the timeline. Default true. */
  readonly timeline?: boolean;
  /** The arguments after `ondash run` that repeat this run, for `replay`; default the scenario's file. */
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
 * @throws ScenarioError for a plan that can't be made, TransportError and CoreError `deadline` when the broker fails.
 */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<RunResult> {
  const { session, broker, deadline, clock = systemClock } = options;
  const started = clock.monotonic();
  const schema = schemaOf(options.schema ?? scenario.schema);
  const wanted = options.partitions ?? DEFAULT_PARTITIONS;
  const counts = await session.ensureTopics(schema.topicList, {
    partitions: wanted,
    create: broker.ownsTopics || options.createTopics === true,
  });
  // Topics that were there may have another count; the plan follows what is, and KAF-01 judges whether they agree.
  const partitions = counts[schema.topicList[0] as string] ?? wanted;
  const plan = planScenario(scenario, {
    schema: schema.name,
    partitions,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.set === undefined ? {} : { set: options.set }),
    ...(options.salt === undefined ? {} : { salt: options.salt }),
  });

  const monitor = createMonitor({ timeline: options.timeline ?? true });
  const envelopes: AnyEnvelope[] = [];
  const feed = (observation: Observation): void => {
    monitor.observe(observation);
    options.recorder?.write(observation);
    if (plan.expect.message !== undefined && observation.kind === "record") keepEnvelope(observation, plan, envelopes);
  };

  // What is read before the header was fed waits for it.
  let early: Observation[] | undefined = [];
  const own = broker.shared
    ? createOwnRecords(new Set([plan.conversationId]), (observation) => take(observation))
    : undefined;
  const take = (observation: Observation): void => {
    feed(observation);
    rounds.pump();
  };
  const collected = (observation: Observation): void => {
    if (early !== undefined) early.push(observation);
    else if (own !== undefined) own.observe(observation);
    else take(observation);
  };
  await using collector = await session.openCollector(schema.topicList, { onObservation: collected });
  const rounds = createBarrierRounds(monitor, () => collector.ends(), feed);
  feed({ kind: "start", partitions, start: collector.start });
  const waiting = early;
  early = undefined;
  for (const observation of waiting) collected(observation);

  await using sink = await session.openSink();
  const failed = collector.failed;
  const emission = await deadline.race(
    Promise.race([
      emit(plan, own?.watch(sink) ?? sink, {
        clock,
        speed: options.speed ?? 0,
        signal: deadline.signal,
        onLedger: feed,
        barrierGranted: () => Promise.race([rounds.granted(), failed]),
      }),
      failed,
    ]),
    () => "acknowledgements of the emitted events",
  );
  if (emission.failure !== undefined) throw emission.failure;

  // The producer is done. What it had acknowledged lies below the ends asked for now.
  let ends = await deadline.race(collector.ends(), () => "the end offsets of the topics");
  await deadline.race(Promise.race([collector.reached(ends), failed]), () => collector.missing(ends));
  // The last completion may have asked for a barrier of its own; the run ends when that is reached, too.
  await deadline.race(Promise.race([rounds.settled(), failed]), () => "an answer to the barrier's end offsets");
  ends = await deadline.race(collector.ends(), () => "the end offsets of the topics");
  await deadline.race(Promise.race([collector.reached(ends), failed]), () => collector.missing(ends));
  feed({ kind: "end", ends, producersDone: true });
  options.recorder?.close();

  const judgement = monitor.finish();
  const known = {
    replay: `ondash run ${options.replay ?? shellWord(plan.file)}`,
    locations: new Map(
      [...plan.events, ...plan.sends].map(({ eventId, location }) => [eventId, `${location.file}:${location.line}`]),
    ),
  };
  const unmet = unmetExpectations(plan.expect, judgement, foldedMessage(plan, envelopes));
  return {
    ...judgement,
    violations: placeViolations(judgement.violations, known),
    warnings: placeViolations(judgement.warnings, known),
    scenario: plan.scenario,
    file: plan.file,
    broker: broker.kind,
    seed: plan.seed,
    expectation: unmet.length === 0 ? "met" : "not met",
    unmet,
    durationMs: Math.round(clock.monotonic() - started),
    ...(plan.title === undefined ? {} : { title: plan.title }),
    ...(plan.prompt === undefined ? {} : { prompt: plan.prompt }),
  };
}

/** Keeps what the planned turn's message is folded from, for `expect.message`. */
function keepEnvelope(
  observation: Extract<Observation, { kind: "record" }>,
  plan: Plan,
  envelopes: AnyEnvelope[],
): void {
  const known = schemaOfTopic(observation.topic);
  if (known === undefined || observation.value === null) return;
  const decoding = decodeEnvelope(known.schema, observation.value);
  if (!decoding.ok) return;
  const { conversationId, messageId } = decoding.envelope;
  if (conversationId === plan.conversationId && messageId === plan.messageId) envelopes.push(decoding.envelope);
}

function foldedMessage(plan: Plan, envelopes: readonly AnyEnvelope[]): unknown {
  if (envelopes.length === 0) return undefined;
  const schema = schemaOf(plan.schema);
  return toJson(schema.message, foldMessage(schema, envelopes, plan.metadata));
}
