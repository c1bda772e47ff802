import { type Clock, systemClock } from "@ondash/core";
import type { Plan, PlannedSend } from "@ondash/scenario";
import type { RecordSink, SendOutcome } from "@ondash/schemas";
import { EmitterError } from "./error.ts";
import type { LedgerEntry } from "./ledger.ts";
import { dependencies } from "./order.ts";

/** How a plan is emitted. */
export interface EmitOptions {
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** 1: the plan's timing; 2: twice as fast; 0 (default): no waits at all. */
  readonly speed?: number;
  /** Ends the emission: what has not left stays. */
  readonly signal?: AbortSignal;
  /** Called with every ledger entry: first the plan, as a whole, then each outcome as it becomes known. */
  readonly onLedger?: (entry: LedgerEntry) => void;
  /** Resolves when the checker's barrier for the turn has been granted; asked for by sends that are `held`. */
  readonly barrierGranted?: () => Promise<void>;
}

/** What became of a plan. */
export interface EmitResult {
  /** The outcome of each of `plan.sends`; undefined: it did not leave. */
  readonly outcomes: readonly (SendOutcome | undefined)[];
  /**
   * Why the emission ended early: the sink failed, an outcome was indefinite, the signal aborted, no barrier came.
   * Undefined: every send has a definite outcome.
   */
  readonly failure: unknown;
}

/**
 * Plays the mock LLM: sends a plan's records, each as soon as it may.
 *
 * Sends to different partitions overlap, as a real producer's do. A send waits for its predecessor in its partition, and
 * a completion for the acknowledgements that the record contract demands; that is what makes the checker's barrier a
 * proof. A definite rejection counts as an answer there: the plan goes on, with a hole for the checker to find. An
 * indefinite outcome ends it, since nothing sent later could be judged.
 *
 * @throws EmitterError for a plan with held sends and no `barrierGranted`, or a speed that is negative or not finite.
 */
export async function emit(plan: Plan, sink: RecordSink, options: EmitOptions = {}): Promise<EmitResult> {
  const { clock = systemClock, speed = 0, signal, onLedger = () => undefined, barrierGranted } = options;
  if (!Number.isFinite(speed) || speed < 0) {
    throw new EmitterError("speed", `speed ${speed} is none: expected a number from 0 (no waits) on`);
  }
  if (barrierGranted === undefined && plan.sends.some(({ held }) => held)) {
    throw new EmitterError("held", `${plan.scenario} holds a send back for a barrier, and nobody grants one here`);
  }
  for (const { eventId, topic } of plan.events) {
    const { conversationId, messageId } = plan;
    onLedger({ kind: "plan", eventId, conversationId, messageId, topic });
  }

  const outcomes: (SendOutcome | undefined)[] = plan.sends.map(() => undefined);
  const stop = new AbortController();
  const stopWith = (reason: unknown): void => stop.abort(reason);
  const onAbort = (): void => stopWith(signal?.reason);
  if (signal?.aborted) onAbort();
  else signal?.addEventListener("abort", onAbort, { once: true });
  const stopped = rejectionOf(stop.signal);
  const started = clock.monotonic();
  const granted = barrierGranted === undefined ? undefined : once(barrierGranted);

  async function sendWhenAllowed(send: PlannedSend, index: number, awaited: readonly Promise<void>[]): Promise<void> {
    await Promise.all(awaited);
    if (send.held) await Promise.race([granted?.(), stopped]);
    if (speed > 0) await clock.sleep(started + send.at / speed - clock.monotonic(), stop.signal);
    stop.signal.throwIfAborted();
    const outcome = await sink.send(send.record, signal).catch((error: unknown): SendOutcome => {
      stopWith(error);
      // It was given away: whether it has left, nobody knows.
      return { status: "indefinite", error: error instanceof Error ? error.message : String(error) };
    });
    outcomes[index] = outcome;
    onLedger(toEntry(send, outcome));
    if (outcome.status === "indefinite") {
      const where = `${send.record.topic}/${send.record.partition}`;
      stopWith(new EmitterError("indefinite", `nobody knows what became of a record for ${where}: ${outcome.error}`));
      stop.signal.throwIfAborted();
    }
  }

  try {
    const sends: Promise<void>[] = [];
    for (const [index, awaited] of dependencies(plan).entries()) {
      const send = plan.sends[index] as PlannedSend;
      const sending = sendWhenAllowed(
        send,
        index,
        awaited.map((earlier) => sends[earlier] as Promise<void>),
      );
      sending.catch(stopWith);
      sends.push(sending);
    }
    // All of them, so that no outcome comes after the result.
    await Promise.allSettled(sends);
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
  return { outcomes, failure: stop.signal.aborted ? stop.signal.reason : undefined };
}

function toEntry({ eventId, record: { topic } }: PlannedSend, outcome: SendOutcome): LedgerEntry {
  if (outcome.status === "acknowledged") {
    const { partition, offset } = outcome;
    return { kind: "ack", eventId, topic, partition, offset };
  }
  return outcome.status === "rejected"
    ? { kind: "rejected", eventId, topic, error: outcome.error }
    : { kind: "indefinite", eventId, topic };
}

/** A promise that only rejects: with the signal's reason. */
function rejectionOf(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  if (signal.aborted) reject(signal.reason);
  else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  return promise;
}

function once(ask: () => Promise<void>): () => Promise<void> {
  let asked: Promise<void> | undefined;
  return () => {
    asked ??= ask();
    return asked;
  };
}
