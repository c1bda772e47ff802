import type { RecordObservation, RecordRef } from "@ondash/contract";
import { type Clock, startDeadline, systemClock } from "@ondash/core";
import type { KafkaSession } from "@ondash/transport";
import { placeKey } from "../absent-events.ts";
import { HarnessError } from "../error.ts";
import { readRecording } from "../read-recording.ts";

/** How a recording is sent again. */
export interface ReplayOptions {
  readonly session: KafkaSession;
  /** Bound of each wait for the broker, in ms. */
  readonly timeoutMs: number;
  /** 1: as far apart as their Kafka timestamps are; 2: twice as fast; 0 (default): no waits. */
  readonly speed?: number;
  /** Create missing topics, all that were recorded, with as many partitions. Default false. */
  readonly createTopics?: boolean;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  /** How errors name the file. Default: its path. */
  readonly name?: string;
  /** Told of each record, where it was and where it went, when it was acknowledged. */
  readonly onSent?: (from: RecordRef, to: RecordRef) => void;
}

/** What was sent. */
export interface ReplaySummary {
  readonly sent: number;
  readonly topics: readonly string[];
}

/**
 * Sends the records of a recording again: same topic, partition, key, headers and value, one after another in the order
 * in which they were observed, each after the one before was acknowledged. A record that was observed twice is sent once.
 * What a log has beside records (gaps, aborted transactions, timestamps) is not made again.
 *
 * The whole file is read before anything is sent.
 * @throws ContractError `recording` for a file that is no recording; HarnessError `file` when it can't be read, `replay`
 *   for records that can't be sent as they are, or were refused; TransportError and CoreError `deadline`.
 */
export async function replayRecording(path: string, options: ReplayOptions): Promise<ReplaySummary> {
  const { session, timeoutMs, speed = 0, clock = systemClock, signal } = options;
  const file = options.name ?? path;
  const needs = await whatIsNeeded(path, file);
  const topics = [...needs.partitions.keys()];
  if (topics.length === 0) return { sent: 0, topics };
  const create = options.createTopics === true;
  const bound = { clock, ...(signal === undefined ? {} : { signal }) };
  using preparing = startDeadline(timeoutMs, bound);
  const wanted = Math.max(needs.declared, ...needs.partitions.values());
  const counts = await preparing.race(
    // What was recorded without a record is created, too, so that the same topics can be recorded there.
    session.ensureTopics(create ? [...new Set([...topics, ...needs.watched])] : topics, { partitions: wanted, create }),
    () => `the topics ${topics.join(", ")}`,
  );
  for (const [topic, least] of needs.partitions) {
    const count = counts[topic] ?? 0;
    if (count >= least) continue;
    const text = `${topic} has ${count} partitions, and ${file} has a record of partition ${least - 1}: replay it where the topic has ${wanted}`;
    throw new HarnessError("replay", text);
  }

  await using sink = await preparing.race(session.openSink(), () => "a producer id");
  let sent = 0;
  let first: { readonly at: number; readonly timestamp: number } | undefined;
  for await (const record of records(path, file)) {
    signal?.throwIfAborted();
    const { topic, partition, key, headers, value, timestamp } = record;
    if (speed > 0 && timestamp >= 0) {
      first ??= { at: clock.monotonic(), timestamp };
      await clock.sleep(first.at + (timestamp - first.timestamp) / speed - clock.monotonic(), signal);
    }
    using deadline = startDeadline(timeoutMs, bound);
    const outcome = await deadline.race(
      sink.send({ topic, partition, key, headers, value }, signal),
      () => `the acknowledgement of ${placeKey(record)}`,
    );
    if (outcome.status !== "acknowledged") {
      const fate = outcome.status === "rejected" ? "was refused" : "may or may not have been written";
      throw new HarnessError("replay", `after ${sent} records: ${placeKey(record)} ${fate}: ${outcome.error}`);
    }
    sent++;
    options.onSent?.(record, { topic, partition: outcome.partition, offset: outcome.offset });
  }
  return { sent, topics };
}

interface Needs {
  /** Partitions as the header declares them. */
  readonly declared: number;
  /** The topics that the header names. */
  readonly watched: readonly string[];
  /** How many partitions each topic must have at least. */
  readonly partitions: ReadonlyMap<string, number>;
}

async function whatIsNeeded(path: string, file: string): Promise<Needs> {
  const partitions = new Map<string, number>();
  let declared = 1;
  let watched: readonly string[] = [];
  for await (const observation of readRecording(path, file)) {
    if (observation.kind === "start") {
      declared = observation.partitions;
      watched = Object.keys(observation.start ?? {});
    }
    if (observation.kind !== "record") continue;
    const { topic, partition, headers } = observation;
    partitions.set(topic, Math.max(partitions.get(topic) ?? 0, partition + 1));
    const nameless = headers.find(([, value]) => value === null);
    if (nameless === undefined) continue;
    const text = `${file}: header "${nameless[0]}" of ${placeKey(observation)} is null, which can't be sent from here`;
    throw new HarnessError("replay", text);
  }
  return { declared, watched, partitions };
}

/** The records, each once. */
async function* records(path: string, file: string): AsyncGenerator<RecordObservation> {
  const seen = new Set<string>();
  for await (const observation of readRecording(path, file)) {
    if (observation.kind !== "record") continue;
    const key = placeKey(observation);
    if (seen.has(key)) continue;
    seen.add(key);
    yield observation;
  }
}
