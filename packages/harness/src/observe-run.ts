import { toJson } from "@bufbuild/protobuf";
import { createMonitor, foldMessage, type Judgement, type Observation } from "@ondash/contract";
import type { Clock, Deadline } from "@ondash/core";
import { emit } from "@ondash/emitter";
import type { Plan } from "@ondash/scenario";
import { type AnyEnvelope, decodeEnvelope, schemaOf, schemaOfTopic } from "@ondash/schemas";
import type { KafkaSession } from "@ondash/transport";
import { type LedgerObservation, placeKey } from "./absent-events.ts";
import type { CanaryPlan } from "./canary/plan-canary.ts";
import { type CanaryReport, watchCanary } from "./canary/watch-canary.ts";
import { openFeed } from "./open-feed.ts";
import { createOwnRecords } from "./own-records.ts";
import type { Recorder } from "./recorder.ts";

/** What a run is done with. */
export interface ObserveOptions {
  readonly session: KafkaSession;
  readonly deadline: Deadline;
  readonly clock: Clock;
  readonly speed: number;
  readonly timeline: boolean;
  /** Judge only what belongs to the plan, since others use the topics too. Default false. */
  readonly onlyOwn?: boolean;
  readonly recorder?: Recorder;
  /** A poisoned turn to send beside the plan; the judgement does not know of it. */
  readonly canary?: CanaryPlan;
  /** Told of each record whose fate has become known. */
  readonly onProgress?: (progress: { readonly sent: number; readonly total: number }) => void;
}

/** What came of it. */
export interface Observed {
  readonly judgement: Judgement;
  /** What became of each send, in the order in which it became known. */
  readonly ledger: readonly LedgerObservation[];
  /** The places of all records that were observed, see `placeKey`; empty without a timeline. */
  readonly seen: ReadonlySet<string>;
  /** The planned turn's message, folded from what was observed, as ProtoJSON; undefined when nothing was. */
  readonly message: unknown;
  /** What became of the poisoned turn, if there was one. */
  readonly canary: CanaryReport | undefined;
}

/**
 * Emits a plan on topics that exist, and observes what arrives until nothing more can.
 * @throws HarnessError `canary` when the poisoned turn was not flagged; else as `runScenario`.
 */
export async function observeRun(plan: Plan, options: ObserveOptions): Promise<Observed> {
  const { session, deadline, clock, speed, recorder } = options;
  const schema = schemaOf(plan.messageSchema);
  const topics = plan.topics.join(", ");
  const monitor = createMonitor({ timeline: options.timeline });
  const ledger: LedgerObservation[] = [];
  const envelopes: AnyEnvelope[] = [];
  const seen = new Set<string>();
  const canary = options.canary === undefined ? undefined : watchCanary(options.canary);
  const feedOwn = (observation: Observation): void => {
    monitor.observe(observation);
    recorder?.write(observation);
    if (options.timeline && observation.kind === "record") seen.add(placeKey(observation));
    if (plan.expect.message !== undefined) keepEnvelope(observation, plan, envelopes);
  };
  const feed = (observation: Observation): void => feedOwn(canary?.observe(observation) ?? observation);
  const conversations = [plan, options.canary?.plan].flatMap((one) => one?.conversationId ?? []);
  const own = options.onlyOwn === true ? createOwnRecords(new Set(conversations), feed) : undefined;
  await using source = await openFeed({
    session,
    topics: plan.topics,
    partitions: plan.partitions,
    deadline,
    monitor: {
      get wantsBarrier() {
        return monitor.wantsBarrier || canary?.wantsBarrier === true;
      },
    },
    feed,
    observe: own === undefined ? feed : (observation) => own.observe(observation),
    ...(own === undefined ? {} : { concerns: own.concerns }),
  });
  const { collector, rounds } = source;

  await using sink = await deadline.race(session.openSink(), () => "a producer id");
  const whileCollecting = <T>(promise: Promise<T>): Promise<T> => Promise.race([promise, collector.failed]);
  const readToTheEnd = async (): Promise<void> => {
    const ends = await deadline.race(collector.ends(), () => `the end offsets of ${topics}`);
    await deadline.race(whileCollecting(collector.reached(ends)), () => collector.missing(ends));
  };
  const settled = (): Promise<void> =>
    deadline.race(whileCollecting(rounds.settled()), () => "the end offsets that a barrier was asked for");

  // Whatever ends this run ends the emission, which may be in the middle of a pause.
  using ending = onDispose(new AbortController());
  const signal = AbortSignal.any([deadline.signal, ending.signal]);
  const sending = countdown(plan.sends.filter(({ held }) => !held).length);
  const target = own?.watch(sink) ?? sink;
  const poisoned =
    options.canary === undefined || canary === undefined
      ? undefined
      : emit(options.canary.plan, target, { clock, signal, onLedger: canary.tell });
  // Whoever waits for it hears of its failure.
  poisoned?.catch(() => undefined);
  const emission = await deadline.race(
    whileCollecting(
      emit(plan, target, {
        clock,
        speed,
        signal,
        onLedger(entry) {
          feedOwn(entry);
          if (entry.kind === "plan") return;
          // An answer may have shown that a record was ours, by which a turn ended.
          rounds.pump();
          ledger.push(entry);
          sending.count();
          options.onProgress?.({ sent: ledger.length, total: plan.sends.length });
        },
        // What is held back comes late for certain: after the barrier for all that was to precede it.
        async barrierGranted() {
          await sending.done;
          await readToTheEnd();
          await settled();
        },
      }),
    ),
    () => `${plan.sends.length - ledger.length} of ${plan.sends.length} acknowledgements`,
  );
  if (emission.failure !== undefined) throw emission.failure;
  const poisoning = await deadline.race(
    whileCollecting(Promise.resolve(poisoned)),
    () => "the acknowledgements of the poisoned turn",
  );
  if (poisoning?.failure !== undefined) throw poisoning.failure;

  // The producer is done: what it had acknowledged lies below the ends asked for now. Having read up to them, the
  // monitor may want a barrier for the last completion; with its answer nothing is left to ask.
  await readToTheEnd();
  await settled();
  const ends = await deadline.race(collector.ends(), () => `the end offsets of ${topics}`);
  await deadline.race(whileCollecting(collector.reached(ends)), () => collector.missing(ends));
  feed({ kind: "end", ends, producersDone: true });
  const report = canary?.finish();
  recorder?.close();
  const message =
    envelopes.length === 0
      ? undefined
      : toJson(schema.message, foldMessage(schema, envelopes, plan.metadata), { alwaysEmitImplicit: true });
  return { judgement: monitor.finish(), ledger, seen, message, canary: report };
}

/** A controller that aborts on disposal. */
function onDispose(controller: AbortController): Disposable & { readonly signal: AbortSignal } {
  return { signal: controller.signal, [Symbol.dispose]: () => controller.abort() };
}

/** Resolves when `count` was called so many times; at once for none. */
function countdown(times: number): { readonly done: Promise<void>; count(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let left = times;
  if (left === 0) resolve();
  return {
    done: promise,
    count() {
      left--;
      if (left === 0) resolve();
    },
  };
}

/** Keeps what the planned turn's message is folded from, for `expect.message`. */
function keepEnvelope(observation: Observation, plan: Plan, envelopes: AnyEnvelope[]): void {
  if (observation.kind !== "record" || observation.value === null) return;
  const known = schemaOfTopic(observation.topic);
  if (known?.schema.name !== plan.messageSchema) return;
  const decoding = decodeEnvelope(known.schema, observation.value);
  if (!decoding.ok) return;
  const { conversationId, messageId } = decoding.envelope;
  if (conversationId === plan.conversationId && messageId === plan.messageId) envelopes.push(decoding.envelope);
}
