import type { RecordObservation } from "@ondash/contract";
import type { ChatSchema } from "@ondash/schemas";
import type { Ledger } from "./acknowledgements.ts";
import type { Log, Partition, Seen } from "./log.ts";
import type { Outcomes } from "./order-rules.ts";
import { sameBytes } from "./record-rules.ts";

/** The KAF rules of one (topic, partition); of KAF-01 only what is wrong with a partition itself. */
export function judgePartition(place: Partition, log: Log, { acks, fates }: Ledger): Outcomes {
  const outcomes: Outcomes = new Map();
  const judge = (rule: string, holds: boolean): void => {
    if (!holds) outcomes.set(rule, "violated");
    else if (!outcomes.has(rule)) outcomes.set(rule, "held");
  };
  const records = [...place.records.values()].toSorted((a, b) => a.record.offset - b.record.offset);
  judge("KAF-01", place.partition < (log.start?.partitions ?? 0));
  judge("KAF-02", place.holes.length === 0);
  for (const [first, again] of place.repeats) judge("KAF-03", sameRecord(first, again));
  for (const { topic, partition, fate } of acks) {
    if (topic !== place.topic || partition !== place.partition) continue;
    if (fate !== "unseen") judge("KAF-04", fate === "kept");
    else if (outcomes.get("KAF-04") !== "violated") outcomes.set("KAF-04", "unprovable");
  }
  const [name] = records.map(({ schema }) => schema.name);
  if (records.some((record) => fates.get(`${name} ${eventIdOf(record)}`) === "rejected")) judge("KAF-05", false);
  for (const { from, to, why } of place.skips) {
    if (why === "aborted") judge("KAF-05", !records.some(({ record: { offset } }) => offset >= from && offset <= to));
  }
  const epochs = records.flatMap(({ record: { leaderEpoch } }) => (leaderEpoch === undefined ? [] : [leaderEpoch]));
  if (epochs.length > 0)
    judge(
      "KAF-06",
      epochs.every((epoch, index) => index === 0 || epoch >= (epochs[index - 1] ?? 0)),
    );
  return outcomes;
}

/** KAF-01: whether the five topics of a version are alike, and as the run means them to be. */
export function topicsAreAlike(schema: ChatSchema, { start, end, barriers }: Log): boolean {
  const partitions = start?.partitions ?? 0;
  if (partitions < 1 || !Number.isInteger(Math.log2(partitions))) return false;
  return schema.topicList.every(
    (topic) =>
      [start?.start, end?.ends].every((offsets) => offsets === undefined || offsets[topic]?.length === partitions) &&
      // A barrier may be about some of the topics only.
      barriers.every(({ ends }) => (ends[topic]?.length ?? partitions) === partitions),
  );
}

function eventIdOf(seen: Seen | undefined): string | undefined {
  return seen?.decoding.ok === true ? seen.decoding.envelope.eventId : undefined;
}

/** KAF-03. Headers are compared name by name: their order across names is not kept by clients. */
function sameRecord(a: RecordObservation, b: RecordObservation): boolean {
  const [left, right] = [a, b].map(({ headers }) => headers.toSorted(([x], [y]) => (x < y ? -1 : x > y ? 1 : 0)));
  return (
    sameBytes(a.key, b.key) &&
    sameBytes(a.value, b.value) &&
    left?.length === right?.length &&
    left?.every(([name, value], index) => {
      const [otherName, otherValue] = right?.[index] ?? [];
      return name === otherName && sameBytes(value, otherValue ?? null);
    }) === true
  );
}
