import type { Observation, TopicOffsets } from "@ondash/contract";
import type { Random } from "@ondash/core";
import { pick } from "./send-noise.ts";

type Noise = (run: Observation[], random: Random) => void;

/** What may go wrong with what was observed; what comes of it may be no run at all. */
const noises: Readonly<Record<string, Noise>> = {
  unread: (run, random) => onRecord(run, random, (at) => void run.splice(at, 1)),
  "read again": (run, random) => onRecord(run, random, (at) => insert(run, random, at, structuredClone(run[at]))),
  "read again, changed": (run, random) =>
    onRecord(run, random, (at, record) => {
      const change = pick(random, [
        { key: random.bytes(2) },
        { value: random.bytes(2) },
        { value: null },
        { headers: record.headers.toReversed() },
        { headers: record.headers.slice(1) },
        { timestamp: 1 },
        { leaderEpoch: random.int(0, 2) },
      ]);
      insert(run, random, at, { ...record, ...change });
    }),
  "read late": (run, random) => onRecord(run, random, (at) => insert(run, random, at, ...run.splice(at, 1))),
  gap: (run, random) =>
    onRecord(run, random, (_, { topic, partition, offset }) => {
      const from = Math.max(0, offset + random.int(-1, 2));
      insert(run, random, 0, { kind: "gap", topic, partition, from, to: from + random.int(0, 2) });
    }),
  skip: (run, random) =>
    onRecord(run, random, (at, { topic, partition, offset }) => {
      const from = offset + random.int(-1, 1);
      const why = pick(random, ["control", "aborted", "aborted"] as const);
      if (random.int(0, 1) === 0) run.splice(at, 1);
      if (from >= 0) insert(run, random, 0, { kind: "skip", topic, partition, from, to: from + random.int(0, 1), why });
    }),
  "a barrier": (run, random) => {
    const ids = run.flatMap((o, index) => (o.kind === "asked" ? [[o.id, index] as const] : []));
    if (ids.length > 0) return;
    insert(run, random, 0, { kind: "asked", id: 1 });
    const asked = run.findIndex(({ kind }) => kind === "asked");
    insert(run, random, asked, { kind: "barrier", id: 1, ends: endsAt(run.slice(0, asked), run, random) });
  },
  "a barrier less": (run) => remove(run, ({ kind }) => kind === "barrier"),
  "a barrier's end": (run, random) => {
    const at = run.findIndex(({ kind }) => kind === "barrier");
    const barrier = run[at];
    if (barrier?.kind === "barrier") run[at] = { ...barrier, ends: shifted(barrier.ends, run, random) };
  },
  "an epoch": (run, random) =>
    onRecord(run, random, (at, record) => void (run[at] = { ...record, leaderEpoch: random.int(0, 2) })),
  epochs: (run, random) => {
    const at = random.int(0, run.length);
    for (const [index, o] of run.entries())
      if (o.kind === "record") run[index] = { ...o, leaderEpoch: index < at ? 3 : random.int(2, 4) };
  },
  acknowledged: (run, random) =>
    onRecord(run, random, (_, { topic, partition, offset }) => {
      insert(run, random, 0, {
        kind: "ack",
        eventId: anId(run, random),
        topic,
        partition,
        offset: Math.max(0, offset + random.int(-1, 3)),
      });
    }),
  rejected: (run, random) =>
    onRecord(run, random, (_, { topic }) =>
      insert(run, random, 0, { kind: "rejected", eventId: anId(run, random), topic, error: "E" }),
    ),
  indefinite: (run, random) =>
    onRecord(run, random, (_, { topic }) =>
      insert(run, random, 0, { kind: "indefinite", eventId: anId(run, random), topic }),
    ),
  "a plan less": (run) => remove(run, ({ kind }) => kind === "plan"),
  "no end": (run) => remove(run, ({ kind }) => kind === "end"),
  "not done": (run) => {
    const end = run.at(-1);
    if (end?.kind === "end") run[run.length - 1] = { ...end, producersDone: false };
  },
  "more than was read": (run, random) => {
    const end = run.at(-1);
    if (end?.kind === "end") run[run.length - 1] = { ...end, ends: shifted(end.ends, run, random) };
  },
  "no start offsets": (run) => {
    const [start] = run;
    if (start?.kind === "start") run[0] = { ...start, start: undefined };
  },
  "a topic's shape": (run, random) => {
    const [start] = run;
    const end = run.at(-1);
    if (start?.kind === "start" && start.start !== undefined && random.int(0, 1) === 0) {
      run[0] = { ...start, start: reshaped(start.start, random) };
    } else if (end?.kind === "end") run[run.length - 1] = { ...end, ends: reshaped(end.ends, random) };
  },
};

/** What may go wrong with what was observed. */
export const readNoises: readonly string[] = Object.keys(noises);

/** Does one thing to the observations of a run. */
export function disturbReads(run: Observation[], noise: string, random: Random): void {
  noises[noise]?.(run, random);
}

function onRecord(
  run: readonly Observation[],
  random: Random,
  act: (at: number, record: Extract<Observation, { kind: "record" }>) => void,
): void {
  const places = run.flatMap((o, index) => (o.kind === "record" ? [index] : []));
  if (places.length === 0) return;
  const at = pick(random, places);
  const record = run[at];
  if (record?.kind === "record") act(at, record);
}

/** Inserts behind a place, and before the end. */
function insert(run: Observation[], random: Random, after: number, ...items: (Observation | undefined)[]): void {
  const last = run.at(-1)?.kind === "end" ? run.length - 1 : run.length;
  const at = random.int(Math.min(after + 1, last), last);
  run.splice(at, 0, ...items.filter((item) => item !== undefined));
}

function remove(run: Observation[], suits: (o: Observation) => boolean): void {
  const at = run.findLastIndex(suits);
  if (at >= 0) run.splice(at, 1);
}

/** End offsets that are just behind what was read so far, or a little off. */
function endsAt(read: readonly Observation[], run: readonly Observation[], random: Random): TopicOffsets {
  const [start] = run;
  if (start?.kind !== "start" || start.start === undefined) return {};
  const ends = Object.fromEntries(Object.entries(start.start).map(([topic, offsets]) => [topic, [...offsets]]));
  for (const o of read) {
    if (o.kind !== "record") continue;
    const own = ends[o.topic];
    if (own !== undefined && o.partition < own.length) own[o.partition] = Math.max(own[o.partition] ?? 0, o.offset + 1);
  }
  return random.int(0, 2) === 0 ? shifted(ends, run, random) : ends;
}

/** End offsets with that of one record's partition one or two higher or lower. */
function shifted(ends: TopicOffsets, run: readonly Observation[], random: Random): TopicOffsets {
  let moved = ends;
  onRecord(run, random, (_, { topic, partition }) => {
    const own = ends[topic];
    if (own === undefined || own[partition] === undefined) return;
    moved = { ...ends, [topic]: own.with(partition, Math.max(0, (own[partition] ?? 0) + pick(random, [-1, 1, 2]))) };
  });
  return moved;
}

function reshaped(offsets: TopicOffsets, random: Random): TopicOffsets {
  const topic = pick(random, Object.keys(offsets));
  const own = offsets[topic] ?? [];
  return { ...offsets, [topic]: random.int(0, 1) === 0 ? [...own, 0] : own.slice(0, -1) };
}

/** An event_id of the ledger, or none that anybody knows. */
function anId(run: readonly Observation[], random: Random): string {
  const ids = run.flatMap((o) => ("eventId" in o ? [o.eventId] : []));
  return random.int(0, 4) === 0 || ids.length === 0 ? "unheard of" : pick(random, ids);
}
