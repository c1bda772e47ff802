import type { Ledger } from "../ledger.ts";
import type { Logs } from "../log/logs.ts";
import type { EndObservation } from "../observation.ts";
import type { RecordRef } from "../run-result.ts";

/** What the fate of an acknowledged record follows from. */
export interface AckSources {
  readonly logs: Logs;
  readonly ledger: Ledger;
  readonly end: EndObservation | undefined;
}

/**
 * Whether an acknowledged record is in the log at its offset. "unknown": nobody looked there (a gap, an offset below the
 * start or above what was read). A record of another id at the offset counts as absence only if it was acknowledged
 * there too: the offset was given away twice. Else the producer sent other bytes than its ledger says, which is not
 * Kafka's fault.
 */
export function fateOfAck(
  place: RecordRef,
  eventId: string,
  { logs, ledger, end }: AckSources,
): "present" | "absent" | "unknown" {
  const { topic, partition, offset } = place;
  const log = logs.find(topic, partition);
  if (log?.hasRecord(offset)) {
    const found = log.recall(offset)?.eventId;
    const givenAway = found !== undefined && found !== eventId && ledger.isClaimed(place, found);
    return givenAway ? "absent" : "present";
  }
  if (log?.start !== undefined && offset < log.start) return "unknown";
  if (log?.position !== undefined && offset < log.position) return log.isAccounted(offset) ? "absent" : "unknown";
  const last = end?.ends[topic]?.[partition];
  return last !== undefined && last <= offset ? "absent" : "unknown";
}
