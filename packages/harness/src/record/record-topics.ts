import type { Observation } from "@ondash/contract";
import { type Clock, startDeadline, systemClock } from "@ondash/core";
import { chatSchemas, type SchemaName, schemaOf } from "@ondash/schemas";
import { isTransportError, type KafkaSession } from "@ondash/transport";
import { HarnessError } from "../error.ts";
import type { Recorder } from "../recorder.ts";
import { DEFAULT_PARTITIONS } from "../run-scenario.ts";
import { type Observer, openObserver } from "../verify/observer.ts";

/**
 * When a recording is over, beside being stopped. end: everything was read that lay in the log when it was ready. turn: a
 * turn was seen, and each that was seen has ended. A number: so many milliseconds have passed.
 */
export type RecordUntil = "stopped" | "end" | "turn" | number;

/** What is recorded. */
export interface RecordOptions {
  readonly session: KafkaSession;
  /** Bound of getting ready, and of reading to the ends when it is over, each in ms. */
  readonly timeoutMs: number;
  /** Default "now". */
  readonly from?: "beginning" | "now";
  /** Default "stopped". */
  readonly until?: RecordUntil;
  /** Ends the recording properly. */
  readonly stop?: AbortSignal;
  /** The versions whose topics are recorded. Default: those whose topics are there. */
  readonly schema?: SchemaName | "both";
  /** Only its records are recorded; of others only the offsets. */
  readonly conversationId?: string;
  /** Whether nobody will go on: a turn that has not ended is then recorded as truncated. Default false. */
  readonly producersDone?: boolean;
  readonly recorder?: Recorder;
  /** Keep what is observed, for the result. Default false. */
  readonly keep?: boolean;
  readonly clock?: Clock;
  /** Told once: what is sent from now on is not missed. */
  readonly onReady?: (topics: readonly string[]) => void;
  readonly onProgress?: (progress: { readonly records: number }) => void;
}

/** What was recorded. */
export interface RecordSummary {
  readonly topics: readonly string[];
  /** Records that were written. */
  readonly records: number;
  /** Records that were read, those of other conversations included. */
  readonly scanned: number;
  /** Empty unless they were to be kept. */
  readonly observations: readonly Observation[];
}

/**
 * Records live topics: records, gaps, skips, and a barrier each time a turn ends, so that `checkRecording` judges as
 * somebody who was there.
 * @throws TransportError and CoreError `deadline` when the broker fails, or the topics are not there; HarnessError
 *   `recording` when it can't be written or brought to a proper end.
 */
export async function recordTopics(options: RecordOptions): Promise<RecordSummary> {
  const { session, timeoutMs, until = "stopped", clock = systemClock, stop } = options;
  using preparing = startDeadline(timeoutMs, { clock, ...(stop === undefined ? {} : { signal: stop }) });
  const counts = await preparing.race(countsOf(session, options.schema), () => "the topics of the chat events");
  const topics = Object.keys(counts);
  const keep = options.keep === true || until === "turn";
  await using observer = await openObserver({
    session,
    topics,
    partitions: Math.min(...Object.values(counts)),
    deadline: preparing,
    keep,
    ...(options.from === "beginning" ? { start: "beginning" } : {}),
    ...(options.conversationId === undefined ? {} : { conversationId: options.conversationId }),
    ...(options.recorder === undefined ? {} : { recorder: options.recorder }),
  });
  options.onReady?.(topics);

  await waitUntil(until, observer, { ...options, clock });
  const missing = await observer.finish(options.producersDone === true, { timeoutMs, clock });
  if (missing !== undefined) {
    throw new HarnessError(
      "recording",
      `the recording has no proper end, for an end offset was not reached: ${missing}`,
    );
  }
  const { records, scanned, observations } = observer;
  return { topics, records, scanned, observations };
}

/** The topics to record, with their partitions. */
async function countsOf(
  session: KafkaSession,
  schema: RecordOptions["schema"],
): Promise<Readonly<Record<string, number>>> {
  const settings = { partitions: DEFAULT_PARTITIONS, create: false };
  if (schema !== undefined) {
    const versions = schema === "both" ? chatSchemas : [schemaOf(schema)];
    return session.ensureTopics(
      versions.flatMap(({ topicList }) => topicList),
      settings,
    );
  }
  const counts: Record<string, number> = {};
  let absent: unknown;
  for (const { topicList } of chatSchemas) {
    try {
      Object.assign(counts, await session.ensureTopics(topicList, settings));
    } catch (error) {
      if (!isTransportError(error) || error.code !== "topic-missing") throw error;
      absent ??= error;
    }
  }
  if (Object.keys(counts).length === 0) throw absent;
  return counts;
}

async function waitUntil(
  until: RecordUntil,
  observer: Observer,
  { clock, stop, onProgress }: RecordOptions & { readonly clock: Clock },
): Promise<void> {
  const state = { isOver: stop?.aborted === true };
  const end = (): void => {
    state.isOver = true;
    observer.wake();
  };
  stop?.addEventListener("abort", end, { once: true });
  const cancel = typeof until === "number" ? clock.schedule(until, end, true) : undefined;
  if (until === "end") observer.readToTheEnd().then(end, observer.fail);
  try {
    for (;;) {
      const changed = observer.changed();
      const hasTurn = until === "turn" && observer.census.turns > 0 && observer.undecided === 0;
      if (state.isOver || hasTurn) return;
      onProgress?.({ records: observer.records });
      await changed;
    }
  } finally {
    cancel?.();
    stop?.removeEventListener("abort", end);
  }
}
