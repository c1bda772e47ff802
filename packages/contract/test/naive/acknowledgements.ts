import type { AcknowledgedObservation, Observation } from "@ondash/contract";
import { schemaOfTopic } from "@ondash/schemas";
import type { Log } from "./log.ts";

/** What became of one send: of an acknowledged one, whether it is in the log, is not, or nobody looked there. */
export type Fate = "kept" | "gone" | "unseen" | "rejected" | "indefinite";

/** The ledger, read at the end of the run. */
export interface Ledger {
  readonly acks: readonly (AcknowledgedObservation & { readonly fate: "kept" | "gone" | "unseen" })[];
  /** By "schema event_id". An acknowledgement outweighs a refusal of another attempt, and so does a doubt. */
  readonly fates: ReadonlyMap<string, Fate>;
}

/** Reads what the ledger says of sends, against the log. */
export function readLedger(log: Log, observations: readonly Observation[]): Ledger {
  const given = observations.filter((o) => o.kind === "ack");
  const claims = new Set(given.map((ack) => `${placeOf(ack)} ${ack.eventId}`));
  const acks = given.map((ack) => ({ ...ack, fate: fateOf(ack, log, claims) }));
  const fates = new Map<string, Fate>();
  const set = (topic: string, eventId: string, fate: Fate): void => {
    fates.set(`${schemaOfTopic(topic)?.schema.name} ${eventId}`, fate);
  };
  for (const o of observations) if (o.kind === "rejected") set(o.topic, o.eventId, "rejected");
  for (const o of observations) if (o.kind === "indefinite") set(o.topic, o.eventId, "indefinite");
  for (const fate of ["unseen", "kept", "gone"] as const) {
    for (const ack of acks) if (ack.fate === fate) set(ack.topic, ack.eventId, fate);
  }
  return { acks, fates };
}

/**
 * A record of another id at the offset is another record only if it was acknowledged there too. Else the producer sent
 * other bytes than its ledger says (scenarios do so on purpose), and Kafka kept what it was given.
 */
function fateOf(ack: AcknowledgedObservation, log: Log, claims: ReadonlySet<string>): "kept" | "gone" | "unseen" {
  const { topic, partition, offset, eventId } = ack;
  const place = log.partitions.get(`${topic}/${partition}`);
  const there = place?.records.get(offset);
  if (there !== undefined) {
    const found = there.decoding.ok ? there.decoding.envelope.eventId : undefined;
    const other = found !== undefined && found !== eventId && claims.has(`${placeOf(ack)} ${found}`);
    return other ? "gone" : "kept";
  }
  if (place !== undefined) {
    if (offset < place.from || place.holes.some(({ from, to }) => offset >= from && offset <= to)) return "unseen";
    if (offset < place.position) return "gone";
  }
  const end = log.end?.ends[topic]?.[partition];
  return end !== undefined && end <= offset ? "gone" : "unseen";
}

function placeOf({ topic, partition, offset }: AcknowledgedObservation): string {
  return `${topic}/${partition}@${offset}`;
}
