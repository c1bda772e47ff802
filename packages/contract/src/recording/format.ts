import type { Observation, RecordObservation } from "../observation.ts";
import { textOfKey as textOf } from "../record/key-rules.ts";
import { encodeBase64 } from "./base64.ts";
import { RECORDING_VERSION } from "./read-line.ts";

/**
 * An observation as a line of a recording, without the line feed: the inverse of the parser. The first observation of a
 * run, `start`, gives the header.
 */
export function formatRecordingLine(observation: Observation): string {
  return JSON.stringify(toJson(observation));
}

/** What is undefined is not written: JSON has no word for it. */
function toJson(observation: Observation): unknown {
  switch (observation.kind) {
    case "start": {
      const { partitions, start } = observation;
      return { recording: RECORDING_VERSION, partitions, start };
    }
    case "record":
      return recordToJson(observation);
    case "skip": {
      const { topic, partition, from, to, why } = observation;
      return { skip: { topic, partition, from, to, why } };
    }
    case "gap": {
      const { topic, partition, from, to } = observation;
      return { gap: { topic, partition, from, to } };
    }
    case "asked":
      return { asked: observation.id };
    case "barrier":
      return { barrier: observation.id, ends: observation.ends };
    case "plan": {
      const { eventId: event_id, conversationId: conversation_id, messageId: message_id, topic } = observation;
      return { plan: { event_id, conversation_id, message_id, topic } };
    }
    case "ack": {
      const { eventId: event_id, topic, partition, offset } = observation;
      return { ack: { event_id, topic, partition, offset } };
    }
    case "rejected": {
      const { eventId: event_id, topic, error } = observation;
      return { rejected: { event_id, topic, error } };
    }
    case "indefinite": {
      const { eventId: event_id, topic } = observation;
      return { indefinite: { event_id, topic } };
    }
    case "message":
      return { message: observation.message, schema: observation.schema };
    default:
      return { end: observation.ends, producersDone: observation.producersDone };
  }
}

function recordToJson(record: RecordObservation): unknown {
  const { topic, partition, offset, timestamp, key, headers, value, leaderEpoch } = record;
  return {
    topic,
    partition,
    offset,
    timestamp,
    key: bytesToJson(key),
    headers: headers.map(([name, bytes]) => [name, bytesToJson(bytes)]),
    value: value === null ? null : encodeBase64(value),
    leaderEpoch,
  };
}

/** UTF-8 as a string, other bytes as base64, null as null. */
function bytesToJson(bytes: Uint8Array | null): string | { base64: string } | null {
  if (bytes === null) return null;
  return textOf(bytes) ?? { base64: encodeBase64(bytes) };
}
