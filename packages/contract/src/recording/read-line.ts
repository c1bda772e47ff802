import { chatSchemas } from "@ondash/schemas";
import { isContractError } from "../error.ts";
import { readGivenMessage } from "../message/judge-messages.ts";
import type { Observation } from "../observation.ts";
import {
  booleanMember,
  choiceMember,
  headersMember,
  integerMember,
  keyMember,
  LineError,
  objectMember,
  offsetsMember,
  stringMember,
  topicMember,
  valueMember,
} from "./members.ts";

type Json = Readonly<Record<string, unknown>>;

/** The version of the format that this reads and writes. */
export const RECORDING_VERSION = "ondash/1";

/** The largest partition number of Kafka: partitions are 32-bit integers. */
const MAX_PARTITION = 0x7fff_ffff;

/** A line's kind is told by the one of these members that it has. */
const readers: Readonly<Record<string, (line: Json) => Observation>> = {
  recording: readHeader,
  topic: readRecord,
  skip(line) {
    const where = "a skip line";
    const skip = objectMember(line, "skip", where);
    return { kind: "skip", ...readRange(skip, where), why: choiceMember(skip, "why", where, ["control", "aborted"]) };
  },
  gap: (line) => ({ kind: "gap", ...readRange(objectMember(line, "gap", "a gap line"), "a gap line") }),
  asked: (line) => ({ kind: "asked", id: integerMember(line, "asked", "an asked line") }),
  barrier(line) {
    const where = "a barrier line";
    return { kind: "barrier", id: integerMember(line, "barrier", where), ends: offsetsMember(line, "ends", where) };
  },
  plan(line) {
    const where = "a plan line";
    const plan = objectMember(line, "plan", where);
    return {
      kind: "plan",
      ...readSend(plan, where),
      conversationId: stringMember(plan, "conversation_id", where),
      messageId: stringMember(plan, "message_id", where),
    };
  },
  ack(line) {
    const where = "an ack line";
    const ack = objectMember(line, "ack", where);
    return {
      kind: "ack",
      ...readSend(ack, where),
      partition: readPartition(ack, where),
      offset: integerMember(ack, "offset", where),
    };
  },
  rejected(line) {
    const where = "a rejected line";
    const rejected = objectMember(line, "rejected", where);
    return { kind: "rejected", ...readSend(rejected, where), error: stringMember(rejected, "error", where) };
  },
  indefinite: (line) => ({
    kind: "indefinite",
    ...readSend(objectMember(line, "indefinite", "an indefinite line"), "an indefinite line"),
  }),
  message: readMessageLine,
  end(line) {
    const where = "an end line";
    const ends = offsetsMember(line, "end", where);
    return { kind: "end", ends, producersDone: booleanMember(line, "producersDone", where) };
  },
};

/**
 * One line as an observation.
 * @throws LineError when it is of no known kind or a required member is missing or wrong. Unknown members are ignored.
 */
export function readLine(line: Json): Observation {
  const kinds = Object.keys(readers).filter((kind) => Object.hasOwn(line, kind));
  const [kind] = kinds;
  const reader = readers[kind ?? ""];
  if (reader === undefined) {
    const members = Object.keys(line)
      .slice(0, 8)
      .map((name) => JSON.stringify(name));
    throw new LineError(`a line of an unknown kind${members.length > 0 ? `, with ${members.join(", ")}` : ""}`);
  }
  if (kinds.length > 1) throw new LineError(`a line of ${kinds.length} kinds at once: ${kinds.join(", ")}`);
  return reader(line);
}

function readHeader(line: Json): Observation {
  const where = "the header";
  const version = stringMember(line, "recording", where);
  if (version !== RECORDING_VERSION) {
    throw new LineError(`recording version ${JSON.stringify(version)} is not known: want "${RECORDING_VERSION}"`);
  }
  const partitions = integerMember(line, "partitions", where, 1);
  const start = Object.hasOwn(line, "start") ? offsetsMember(line, "start", where) : undefined;
  return { kind: "start", partitions, start };
}

function readRecord(line: Json): Observation {
  const where = "a record line";
  return {
    kind: "record",
    topic: topicMember(line, where),
    partition: readPartition(line, where),
    offset: integerMember(line, "offset", where),
    timestamp: integerMember(line, "timestamp", where, -1),
    key: keyMember(line, where),
    headers: headersMember(line, where),
    value: valueMember(line, where),
    ...(Object.hasOwn(line, "leaderEpoch") ? { leaderEpoch: integerMember(line, "leaderEpoch", where, -1) } : {}),
  };
}

function readPartition(object: Json, where: string): number {
  const partition = integerMember(object, "partition", where);
  if (partition > MAX_PARTITION) throw new LineError(`"partition" of ${where} must be at most ${MAX_PARTITION}`);
  return partition;
}

function readRange(range: Json, where: string): { topic: string; partition: number; from: number; to: number } {
  const from = integerMember(range, "from", where);
  const to = integerMember(range, "to", where);
  if (to < from) throw new LineError(`"to" of ${where} must not be below "from"`);
  return { topic: topicMember(range, where), partition: readPartition(range, where), from, to };
}

function readSend(send: Json, where: string): { eventId: string; topic: string } {
  return { eventId: stringMember(send, "event_id", where), topic: topicMember(send, where) };
}

function readMessageLine(line: Json): Observation {
  const where = "a message line";
  const schema = choiceMember(
    line,
    "schema",
    where,
    chatSchemas.map(({ name }) => name),
  );
  const observation: Observation = { kind: "message", schema, message: objectMember(line, "message", where) };
  try {
    readGivenMessage(observation);
  } catch (error) {
    if (isContractError(error)) throw new LineError(error.detail);
    throw error;
  }
  return observation;
}
