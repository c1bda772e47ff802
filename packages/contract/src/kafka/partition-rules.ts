import { type Check, held, idle, nameRecord, unprovable, violated } from "../finding.ts";
import type { LedgerEntry } from "../ledger.ts";
import type { PartitionLog } from "../log/partition-log.ts";
import { describeRanges, sizeOf } from "../ranges.ts";
import type { RecordRef } from "../run-result.ts";
import type { Checks } from "../turn/judge-turn.ts";
import { type AckSources, fateOfAck } from "./acknowledgements.ts";

/** An acknowledgement in one partition. */
interface Ack {
  readonly place: RecordRef;
  readonly eventId: string;
}

/** All that the KAF rules may look at: one partition at the end of the run. */
export interface PartitionFacts extends AckSources {
  readonly log: PartitionLog;
  /** How many partitions the topics are meant to have. */
  readonly partitions: number;
  /** Why the topics are not alike; then KAF-01 is charged to the topics as a whole, and not judged here. */
  readonly misshapen: boolean;
  readonly acks: readonly Ack[];
  /** Refused sends whose events lie in this partition all the same. */
  readonly phantoms: readonly { readonly offset: number; readonly entry: LedgerEntry }[];
}

type PartitionRule = (facts: PartitionFacts) => Check;

const at = ({ topic, partition }: PartitionLog, offset: number): RecordRef => ({ topic, partition, offset });
const name = ({ topic, partition }: PartitionLog): string => `${topic}, partition ${partition}`;

/** KAF-01, for one partition: it is one of those that the topic is meant to have. */
const isInRange: PartitionRule = ({ log, partitions, misshapen }) => {
  if (log.partition < partitions) return misshapen ? idle : held;
  // The topics as a whole are charged with it then.
  if (misshapen) return idle;
  const offset = log.start ?? 0;
  return violated({
    message: `${name(log)} is beyond the partition count.`,
    expected: `partitions 0 to ${partitions - 1}`,
    actual: `partition ${log.partition}`,
    records: log.hasRecord(offset) ? [at(log, offset)] : [],
  });
};

/** KAF-02: every offset is accounted for. */
const isAccountedFor: PartitionRule = ({ log, end }) => {
  const ranges = log.unaccounted(end?.ends[log.topic]?.[log.partition]);
  if (ranges.length === 0) return held;
  return violated({
    message: `${name(log)}: ${sizeOf(ranges)} offsets were not seen.`,
    expected: "a record or a skip for every offset from the start to the end",
    actual: `offset ${describeRanges(ranges)} not seen`,
    records: [],
  });
};

/** KAF-03: a redelivered offset does not change. */
const offsetsDoNotChange: PartitionRule = ({ log }) => {
  const { count, changed, forgotten } = log.redeliveries;
  if (count === 0) return idle;
  if (changed === undefined) {
    return forgotten === 0 ? held : unprovable(`${forgotten} redelivered offsets were too old to be compared`);
  }
  return violated({
    message: `${nameRecord(at(log, changed))} changed between two reads.`,
    expected: "the same key, headers and value at each read of an offset",
    actual: "another record",
    records: [at(log, changed)],
  });
};

/** KAF-04: what was acknowledged is in the log. */
export const acksAreKept = (facts: AckSources & Pick<PartitionFacts, "log" | "acks">): Check => {
  if (facts.acks.length === 0) return idle;
  const fates = facts.acks.map((ack) => ({ ack, fate: fateOfAck(ack.place, ack.eventId, facts) }));
  const absent = fates.filter(({ fate }) => fate === "absent").map(({ ack }) => ack);
  const [first] = absent;
  if (first !== undefined) {
    const { log } = facts;
    return violated({
      message: `${absent.length === 1 ? "An acknowledged record is" : `${absent.length} acknowledged records are`} not in the log.`,
      expected: `event ${first.eventId} at ${nameRecord(first.place)}`,
      actual: log.hasRecord(first.place.offset)
        ? `event ${log.recall(first.place.offset)?.eventId} is there`
        : "no record there",
      records: log.hasRecord(first.place.offset) ? [first.place] : [],
      notes: [
        log.position === undefined
          ? `nothing was read of ${name(log)}`
          : `${name(log)} was read up to offset ${log.position}`,
      ],
      eventIds: absent.slice(0, 8).map(({ eventId }) => eventId),
    });
  }
  const unknown = fates.filter(({ fate }) => fate === "unknown").length;
  return unknown === 0 ? held : unprovable(`${unknown} acknowledged offsets were not read`);
};

/** KAF-05: what was refused or aborted is not visible. */
const refusedIsInvisible: PartitionRule = ({ log, phantoms }) => {
  if (log.aborts.visible !== undefined) {
    return violated({
      message: `${nameRecord(at(log, log.aborts.visible))} belongs to an aborted transaction and is visible.`,
      expected: "no record inside an aborted range",
      actual: `a record at offset ${log.aborts.visible}`,
      records: [at(log, log.aborts.visible)],
    });
  }
  const [first] = phantoms;
  if (first === undefined) return log.aborts.seen ? held : idle;
  return violated({
    message: `Event ${first.entry.eventId} was refused by the broker and is in the log.`,
    expected: `no record: the send was refused with ${first.entry.rejected?.error}`,
    actual: nameRecord(at(log, first.offset)),
    records: [at(log, first.offset)],
    eventIds: [first.entry.eventId],
  });
};

/** KAF-06: leader epochs do not go back. */
const epochsGoForward: PartitionRule = ({ log }) => {
  const { back, known } = log.epochs;
  if (back === undefined) return known ? held : idle;
  return violated({
    message: `The leader epoch of ${name(log)} goes back.`,
    expected: `epoch ${back.before.epoch} or higher from offset ${back.before.offset} on`,
    actual: `epoch ${back.epoch} at offset ${back.offset}`,
    records: [at(log, back.before.offset), at(log, back.offset)],
  });
};

const partitionRules: readonly (readonly [id: string, rule: PartitionRule])[] = [
  ["KAF-01", isInRange],
  ["KAF-02", isAccountedFor],
  ["KAF-03", offsetsDoNotChange],
  ["KAF-04", acksAreKept],
  ["KAF-05", refusedIsInvisible],
  ["KAF-06", epochsGoForward],
];

/** Ids of the KAF rules. */
export const kafkaRuleIds: readonly string[] = partitionRules.map(([id]) => id);

/** Judges the KAF rules of one partition. */
export function judgePartition(facts: PartitionFacts): Checks {
  return partitionRules.map(([id, rule]) => [id, rule(facts)]);
}
