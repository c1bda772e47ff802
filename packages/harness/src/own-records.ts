import type { Observation, RecordObservation, RecordRef } from "@ondash/contract";
import { decodeEnvelope, type OutgoingRecord, type RecordSink, schemaOfTopic } from "@ondash/schemas";

/**
 * On a broker that others use too, only the run's own records are judged: those whose envelope's conversation_id (or
 * key, if it does not decode) is planned, and those at an offset that the ledger names. Others only advance positions:
 * they are passed on as offsets without a record of this run.
 *
 * Whether a strange-looking record is ours may be known only when a send under way to its partition is answered; until
 * then it and what follows it in the partition is held back.
 */
export interface OwnRecords {
  /** Notes what is sent through it. */
  watch(sink: RecordSink): RecordSink;
  /**
   * Whether a record in an open transaction may be ours, for `CollectorOptions.concerns`. This run's producer has no
   * transactions, so the ledger need not be asked.
   */
  readonly concerns: (record: RecordObservation) => boolean;
  /** Takes what the collector observes; gives it on, in order within each partition. */
  observe(observation: Observation): void;
}

/**
 * Creates the filter for the conversations of a run.
 * @param acknowledged places that the run's ledger names already: when an earlier observer of the run has left one.
 */
export function createOwnRecords(
  conversations: ReadonlySet<string>,
  pass: (observation: Observation) => void,
  acknowledged: readonly RecordRef[] = [],
): OwnRecords {
  const partitions = new Map<string, { underWay: number; ours: Set<number>; held: Observation[] }>();
  const partitionOf = (topic: string, partition: number) => {
    const id = `${topic}/${partition}`;
    let state = partitions.get(id);
    if (state === undefined) {
      state = { underWay: 0, ours: new Set(), held: [] };
      partitions.set(id, state);
    }
    return state;
  };
  for (const { topic, partition, offset } of acknowledged) partitionOf(topic, partition).ours.add(offset);

  const looksOurs = (record: RecordObservation): boolean => belongsTo(record, conversations);
  /** The observation as it is to be judged, or undefined when that can't be known yet. */
  const decide = (observation: Observation): Observation | undefined => {
    if (observation.kind !== "record" || looksOurs(observation)) return observation;
    const state = partitionOf(observation.topic, observation.partition);
    if (state.ours.delete(observation.offset)) return observation;
    if (state.underWay > 0) return undefined;
    return withoutRecord(observation);
  };
  const release = (topic: string, partition: number): void => {
    const { held } = partitionOf(topic, partition);
    while (held[0] !== undefined) {
      const decided = decide(held[0]);
      if (decided === undefined) return;
      held.shift();
      pass(decided);
    }
  };

  return {
    watch: (sink) => ({
      async send(record: OutgoingRecord, signal?: AbortSignal) {
        const state = partitionOf(record.topic, record.partition);
        state.underWay += 1;
        try {
          const outcome = await sink.send(record, signal);
          if (outcome.status === "acknowledged") partitionOf(record.topic, outcome.partition).ours.add(outcome.offset);
          return outcome;
        } finally {
          state.underWay -= 1;
          release(record.topic, record.partition);
        }
      },
    }),
    concerns: looksOurs,
    observe(observation) {
      if (!("partition" in observation)) {
        pass(observation);
        return;
      }
      partitionOf(observation.topic, observation.partition).held.push(observation);
      release(observation.topic, observation.partition);
    },
  };
}

const utf8 = new TextDecoder();

/** Whether a record belongs to one of the conversations, by its envelope or, if it does not decode, by its key. */
export function belongsTo(record: RecordObservation, conversations: ReadonlySet<string>): boolean {
  const known = schemaOfTopic(record.topic);
  if (known !== undefined && record.value !== null) {
    const decoding = decodeEnvelope(known.schema, record.value);
    if (decoding.ok) return conversations.has(decoding.envelope.conversationId);
  }
  return record.key !== null && conversations.has(utf8.decode(record.key));
}

/** A record that is somebody else's, as one who is not to judge it sees it: only its offset. */
export function withoutRecord({ topic, partition, offset }: RecordObservation): Observation {
  return { kind: "skip", topic, partition, from: offset, to: offset, why: "control" };
}
