import type { EndObservation, Observation, RecordObservation, StartObservation, TopicOffsets } from "@ondash/contract";
import {
  type AnyEnvelope,
  type ChatSchema,
  chatSchemas,
  decodeEnvelope,
  type EnvelopeDecoding,
  type EventKind,
  schemaOfTopic,
} from "@ondash/schemas";
import { brokenRecordRules } from "./record-rules.ts";

/** A record as it lies in the log: the first observation of its offset. */
export interface Seen {
  /** Index of the observation in the run: when it was seen. */
  readonly at: number;
  readonly record: RecordObservation;
  readonly schema: ChatSchema;
  /** The kind whose topic the record lies in. */
  readonly kind: EventKind;
  readonly decoding: EnvelopeDecoding;
  /** Broken REC rules of severity error. */
  readonly errors: readonly string[];
  /** Broken REC rules of severity warning. */
  readonly warnings: readonly string[];
  /** REC rules that the record is an occasion for. */
  readonly judged: readonly string[];
}

/** A record that breaks no rule of severity error, with its event. */
export interface Sound extends Seen {
  readonly event: AnyEnvelope;
}

/** A range of offsets, inclusive. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** One partition of one topic. */
export interface Partition {
  readonly topic: string;
  readonly partition: number;
  readonly records: ReadonlyMap<number, Seen>;
  /** Pairs of observations of one offset: the first, and a later one. */
  readonly repeats: readonly (readonly [first: RecordObservation, again: RecordObservation])[];
  readonly skips: readonly (Range & { readonly why: "control" | "aborted" })[];
  /** Offsets that nobody accounts for. */
  readonly holes: readonly Range[];
  /** The first offset that is observed. */
  readonly from: number;
  /** The offset behind the highest one that is accounted for. */
  readonly position: number;
}

/** A barrier that was granted. */
export interface Barrier {
  readonly askedAt: number;
  readonly ends: TopicOffsets;
}

/** A run, sorted. */
export interface Log {
  readonly start: StartObservation | undefined;
  readonly end: EndObservation | undefined;
  /** By "topic/partition". */
  readonly partitions: ReadonlyMap<string, Partition>;
  readonly records: readonly Seen[];
  /** Those that were granted, in the order of asking. */
  readonly barriers: readonly Barrier[];
  /** Versions of which a topic is watched or was seen. */
  readonly schemas: readonly ChatSchema[];
}

/** Sorts the observations of a run into a log. */
export function sortLog(observations: readonly Observation[]): Log {
  const start = observations.find((o) => o.kind === "start");
  const end = observations.find((o) => o.kind === "end");
  const byPlace = new Map<string, { topic: string; partition: number; items: [Observation, number][] }>();
  const placeOf = (topic: string, partition: number) => {
    const key = `${topic}/${partition}`;
    let place = byPlace.get(key);
    if (place === undefined) byPlace.set(key, (place = { topic, partition, items: [] }));
    return place;
  };
  for (const [topic, offsets] of Object.entries(start?.start ?? {})) {
    for (const partition of offsets.keys()) placeOf(topic, partition);
  }
  for (const [at, o] of observations.entries()) {
    if (o.kind === "record" || o.kind === "skip" || o.kind === "gap") placeOf(o.topic, o.partition).items.push([o, at]);
  }
  const partitions = new Map<string, Partition>();
  for (const [key, { topic, partition, items }] of byPlace) {
    partitions.set(key, sortPartition(topic, partition, items, start, end));
  }
  const records = [...partitions.values()].flatMap((partition) => [...partition.records.values()]);
  const watched = new Set([...byPlace.values()].map(({ topic }) => schemaOfTopic(topic)?.schema));
  return {
    start,
    end,
    partitions,
    records,
    barriers: grantedBarriers(observations),
    schemas: chatSchemas.filter((schema) => watched.has(schema)),
  };
}

function sortPartition(
  topic: string,
  partition: number,
  items: readonly (readonly [Observation, number])[],
  start: StartObservation | undefined,
  end: EndObservation | undefined,
): Partition {
  const records = new Map<number, Seen>();
  const repeats: [RecordObservation, RecordObservation][] = [];
  const skips: (Range & { readonly why: "control" | "aborted" })[] = [];
  const gaps: Range[] = [];
  for (const [o, at] of items) {
    if (o.kind === "skip") skips.push(o);
    else if (o.kind === "gap") gaps.push(o);
    else if (o.kind === "record") {
      const first = records.get(o.offset);
      if (first === undefined) records.set(o.offset, see(o, at, start?.partitions ?? 1));
      else repeats.push([first.record, o]);
    }
  }
  const seen: Range[] = [...skips, ...[...records.keys()].map((offset) => ({ from: offset, to: offset }))];
  const told = start?.start?.[topic]?.[partition];
  const [first] = items.map(([o]) => ("offset" in o ? o.offset : "from" in o ? o.from : 0));
  const ended = end?.ends[topic]?.[partition] ?? 0;
  // Without a start offset a partition starts at what was observed of it first; without anything, at its end.
  const from = told ?? first ?? ended;
  const position = [...seen, ...gaps].reduce((most, range) => Math.max(most, range.to + 1), from);
  const wanted = [...gaps, { from, to: Math.max(ended, position) - 1 }].map((range) => ({
    from: Math.max(from, range.from),
    to: range.to,
  }));
  return { topic, partition, records, repeats, skips, from, position, holes: subtract(wanted, seen) };
}

function see(record: RecordObservation, at: number, partitions: number): Seen {
  const known = schemaOfTopic(record.topic);
  if (known === undefined) throw new Error(`${record.topic} is a topic of no version`);
  const { schema, kind } = known;
  const decoding = decodeEnvelope(schema, record.value);
  return { at, record, schema, kind, decoding, ...brokenRecordRules(record, schema, kind, decoding, partitions) };
}

/** The offsets of some ranges that are in none of others. */
function subtract(wanted: readonly Range[], seen: readonly Range[]): Range[] {
  const holes: Range[] = [];
  const known = union(seen);
  for (const { from, to } of union(wanted)) {
    let next = from;
    for (const have of known) {
      if (have.to < next || have.from > to) continue;
      if (have.from > next) holes.push({ from: next, to: have.from - 1 });
      next = have.to + 1;
    }
    if (next <= to) holes.push({ from: next, to });
  }
  return holes;
}

/** The same offsets as ranges that neither overlap nor touch, in order. */
function union(ranges: readonly Range[]): Range[] {
  const merged: { from: number; to: number }[] = [];
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (to < from) continue;
    if (last !== undefined && from <= last.to + 1) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
}

function grantedBarriers(observations: readonly Observation[]): readonly Barrier[] {
  const askedAt = new Map<number, number>();
  const barriers: Barrier[] = [];
  for (const [at, o] of observations.entries()) {
    if (o.kind === "asked") askedAt.set(o.id, at);
    if (o.kind !== "barrier") continue;
    barriers.push({ askedAt: askedAt.get(o.id) ?? at, ends: o.ends });
  }
  return barriers.toSorted((a, b) => a.askedAt - b.askedAt);
}

/** Whether everything below end offsets of some topics was read, or is known to be unreadable. */
export function isReached(wanted: TopicOffsets, topics: readonly string[], { partitions }: Log): boolean {
  return topics.every((topic) =>
    (wanted[topic] ?? []).every((end, partition) => {
      const log = partitions.get(`${topic}/${partition}`);
      return log === undefined || log.position >= end;
    }),
  );
}
