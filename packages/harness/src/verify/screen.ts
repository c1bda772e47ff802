import { judgeObservations, type Observation, type RecordObservation } from "@ondash/contract";
import { type AnyEnvelope, decodeEnvelope, schemaOfTopic } from "@ondash/schemas";
import { ErrorSeverity } from "@ondash/schemas/chat/v1";

/** Tells at a glance whether an observation may have made a verdict certain, so that not each is worth judging all anew. */
export interface Screen {
  /** False: whatever was open before it is open after it. */
  isSuspicious(observation: Observation): boolean;
}

/** What is remembered of a turn in one version. */
interface Seen {
  readonly eventIds: Set<string>;
  /** Sequences; in chat.v1 timestamps. */
  readonly places: Set<string>;
  /** The place of the last event in each partition. */
  readonly last: Map<string, bigint>;
  /** Whether a completion or a FATAL error was seen: from then on each event may be one too many. */
  hasEnd: boolean;
}

/**
 * Creates the screen. Suspicious is what a rule could take exception to that holds for good: a record that is not sound
 * by itself; a second event of the same id or place, or one that goes back in its partition; a completion, a FATAL error,
 * and all that follows one; barriers; what is no record. That a barrier was reached is seen elsewhere.
 */
export function createScreen(): Screen {
  const turns = new Map<string, Seen>();
  let partitions = 1;

  const isUnsound = (record: RecordObservation): boolean =>
    judgeObservations([{ kind: "start", partitions, start: undefined }, record]).violations.some(
      ({ severity }) => severity === "error",
    );
  const seenOf = (record: RecordObservation, envelope: AnyEnvelope): Seen => {
    const schema = schemaOfTopic(record.topic)?.schema.name;
    const key = JSON.stringify([schema, envelope.conversationId, envelope.messageId]);
    let seen = turns.get(key);
    if (seen === undefined) {
      seen = { eventIds: new Set(), places: new Set(), last: new Map(), hasEnd: false };
      turns.set(key, seen);
    }
    return seen;
  };
  /** Notes an event, and says whether it is in conflict with one before. */
  const conflicts = (record: RecordObservation, envelope: AnyEnvelope, seen: Seen): boolean => {
    const place = placeOf(envelope);
    const partition = `${record.topic}/${record.partition}`;
    const before = seen.last.get(partition);
    const isNew = !seen.eventIds.has(envelope.eventId) && !seen.places.has(`${place}`);
    seen.eventIds.add(envelope.eventId);
    seen.places.add(`${place}`);
    seen.last.set(partition, place);
    return !isNew || (before !== undefined && before >= place);
  };
  return {
    isSuspicious(observation) {
      if (observation.kind === "start") partitions = observation.partitions;
      if (observation.kind !== "record") return observation.kind !== "skip" || observation.why === "aborted";
      const schema = schemaOfTopic(observation.topic)?.schema;
      if (schema === undefined) return true;
      const decoding = decodeEnvelope(schema, observation.value);
      if (!decoding.ok) return true;
      const { envelope } = decoding;
      const seen = seenOf(observation, envelope);
      const isConflict = conflicts(observation, envelope, seen);
      seen.hasEnd ||= isEnd(envelope);
      return isConflict || seen.hasEnd || isUnsound(observation);
    },
  };
}

/** Where an event stands in emission order. */
function placeOf(envelope: AnyEnvelope): bigint {
  if ("sequence" in envelope) return BigInt(envelope.sequence);
  const { timestamp } = envelope;
  return timestamp === undefined ? -1n : timestamp.seconds * 1_000_000_000n + BigInt(timestamp.nanos);
}

function isEnd({ event }: AnyEnvelope): boolean {
  return event.case === "completion" || (event.case === "error" && event.value.severity === ErrorSeverity.FATAL);
}
