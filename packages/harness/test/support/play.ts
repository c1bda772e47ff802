import type { Judgement, Observation, RecordObservation, TopicOffsets } from "@ondash/contract";
import { startDeadline } from "@ondash/core";
import { type Watching, watchTopics } from "@ondash/harness";
import type { OutgoingRecord } from "@ondash/schemas";
import { type TestKafka, TIMEOUT_MS } from "./kafka.ts";
import { PARTITIONS } from "./watch.ts";

/** What is known beside the log, with offsets that count from where the run starts. */
type Told = Extract<Observation, { kind: "plan" | "ack" | "rejected" | "indefinite" | "message" }>;

/** A run that somebody wrote down observation by observation, as something that can be made to happen on a broker. */
export interface Script {
  readonly topics: readonly string[];
  /** Each ends with a barrier that is granted before the next begins. */
  readonly phases: readonly { readonly records: readonly OutgoingRecord[]; readonly told: readonly Told[] }[];
  readonly producersDone: boolean;
}

/** Why an observation is one that no producer can bring about: only a broken broker, or a broken collector, could. */
export class Unproducible extends Error {
  override readonly name: string = "Unproducible";
}

/**
 * Reads the script out of a run's observations.
 * @throws Unproducible
 */
export function toScript([start, ...observations]: readonly Observation[]): Script {
  if (start?.kind !== "start" || start.start === undefined) throw new Error("expected a run that says where it starts");
  const topics = Object.keys(start.start);
  if (topics.length % 5 !== 0) throw new Unproducible("a topic that is missing can't be read");
  if (!Object.values(start.start).every((list) => list.length === PARTITIONS && list.every((first) => first === 0))) {
    throw new Unproducible("the topics of a shared broker have one partition count");
  }
  const ends = new Map<string, number>();
  const phases: { records: OutgoingRecord[]; told: Told[] }[] = [{ records: [], told: [] }];
  let producersDone = false;
  for (const observation of observations) {
    const phase = phases.at(-1);
    switch (observation.kind) {
      case "record":
        phase?.records.push(toRecord(observation, ends));
        break;
      case "barrier":
        phases.push({ records: [], told: [] });
        break;
      case "end":
        expectEnds(observation.ends, ends);
        producersDone = observation.producersDone;
        break;
      case "start":
      case "asked":
        break;
      case "gap":
        throw new Unproducible("the collector reads every offset that is there");
      case "skip":
        throw new Unproducible("a broker does not give back what it aborted");
      default:
        phase?.told.push(observation);
    }
  }
  return { topics, phases, producersDone };
}

/** The end offsets are those that the records add up to, in as many partitions. */
function expectEnds(claimed: TopicOffsets, ends: ReadonlyMap<string, number>): void {
  for (const [topic, list] of Object.entries(claimed)) {
    if (list.length !== PARTITIONS) throw new Unproducible("the topics of a shared broker have one partition count");
    const isWhole = list.every((end, partition) => end === (ends.get(`${topic}/${partition}`) ?? 0));
    if (!isWhole) throw new Unproducible("the collector reads every offset that is there");
  }
}

/** The record to be sent, if an append can have put it there. */
function toRecord(observation: RecordObservation, ends: Map<string, number>): OutgoingRecord {
  const { topic, partition, offset, key, headers, value, leaderEpoch } = observation;
  if (partition >= PARTITIONS) throw new Unproducible("a partition that the topic does not have can't be written to");
  if (leaderEpoch !== undefined) throw new Unproducible("the broker, not a producer, numbers its epochs");
  const log = `${topic}/${partition}`;
  const end = ends.get(log) ?? 0;
  if (offset < end) throw new Unproducible("what lies at an offset does not change");
  if (offset > end) throw new Error(`${log}: offset ${offset} comes after ${end - 1}`);
  ends.set(log, end + 1);
  return { topic, partition, key, headers, value };
}

/** A script's run on a broker. */
export interface Played {
  readonly judgement: Judgement;
  /** First offsets: what lay in the topics before. */
  readonly start: TopicOffsets;
}

/**
 * Makes a script happen: produces its records, reads them with the collector, and lets the monitor have each barrier that
 * it wants.
 * - `afterwards`: each phase is produced whole, then read from where the logs ended before: a barrier lies above all of it.
 * - `live`: the collector reads while the records are produced one after the other, and barriers are granted in between.
 */
export async function play(
  { session }: TestKafka,
  { topics, phases, producersDone }: Script,
  mode: "afterwards" | "live",
): Promise<Played> {
  using deadline = startDeadline(TIMEOUT_MS);
  const start = mode === "live" ? undefined : await endsOf(session, topics);
  await using sink = await session.openSink();
  const send = async (record: OutgoingRecord): Promise<void> => {
    const outcome = await sink.send(record);
    if (outcome.status !== "acknowledged") throw new Error(`a record was not taken: ${outcome.error}`);
  };
  const produce = async (records: readonly OutgoingRecord[]): Promise<void> => {
    if (mode === "live") for (const record of records) await send(record);
    else await Promise.all(records.map(send));
  };
  const watch = (): Promise<Watching> =>
    watchTopics({ session, deadline, topics, partitions: PARTITIONS, ...(start === undefined ? {} : { start }) });

  const [first, ...later] = phases;
  const early = mode === "live" ? await watch() : undefined;
  await produce(first?.records ?? []);
  await using watching = early ?? (await watch());
  const tell = (told: readonly Told[]): void => {
    for (const entry of told) watching.tell(entry.kind === "ack" ? moved(entry, watching.start) : entry);
  };
  tell(first?.told ?? []);
  for (const { records, told } of later) {
    await watching.settle();
    await produce(records);
    tell(told);
  }
  return { judgement: await watching.finish(producersDone), start: watching.start };
}

async function endsOf(session: TestKafka["session"], topics: readonly string[]): Promise<TopicOffsets> {
  await using collector = await session.openCollector(topics, { onObservation: () => undefined });
  return collector.start;
}

/** A place in a log that begins at `start` instead of 0. */
export function moved<T extends { readonly topic: string; readonly partition: number; readonly offset: number }>(
  place: T,
  start: TopicOffsets,
): T {
  return { ...place, offset: place.offset + (start[place.topic]?.[place.partition] ?? 0) };
}
