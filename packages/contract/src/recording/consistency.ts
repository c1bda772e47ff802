import { schemaOfTopic } from "@ondash/schemas";
import type {
  BarrierGrantedObservation,
  EndObservation,
  Observation,
  RecordObservation,
  TopicOffsets,
} from "../observation.ts";
import { createRangeSet, type RangeSet } from "../ranges.ts";
import { LineError } from "./members.ts";

/** What one partition's lines have said so far. */
interface Seen {
  readonly records: RangeSet;
  readonly control: RangeSet;
  /** The highest offset of a record or a skip. */
  highest: number;
}

/** Holds the lines of a recording against each other. */
export interface Consistency {
  /** @throws LineError when the line contradicts an earlier one. */
  check(observation: Observation): void;
}

/** Creates the check for one recording. */
export function createConsistency(): Consistency {
  const partitions = new Map<string, Seen>();
  const topics = new Set<string>();
  const asked = new Set<number>();
  let start: TopicOffsets | undefined;
  let begun = false;
  let ended = false;
  let lastAsked = -1;
  let lastGranted = -1;

  const seenAt = (topic: string, partition: number): Seen => {
    const key = `${topic}/${partition}`;
    let seen = partitions.get(key);
    if (seen === undefined) {
      seen = { records: createRangeSet(), control: createRangeSet(), highest: -1 };
      partitions.set(key, seen);
    }
    topics.add(topic);
    return seen;
  };
  const checkRecord = ({ topic, partition, offset }: RecordObservation): void => {
    if (start !== undefined) {
      const first = start[topic];
      if (first === undefined) throw new LineError(`a record of ${topic}, which "start" does not name`);
      const low = first[partition];
      if (low !== undefined && offset < low) {
        throw new LineError(`offset ${offset} of ${topic}/${partition} is below its start offset ${low}`);
      }
    }
    const seen = seenAt(topic, partition);
    if (seen.control.has(offset)) {
      throw new LineError(`a record at offset ${offset} of ${topic}/${partition}, inside a control skip`);
    }
    seen.records.add(offset, offset);
    seen.highest = Math.max(seen.highest, offset);
  };
  const checkBarrier = ({ id }: BarrierGrantedObservation): void => {
    if (!asked.has(id)) throw new LineError(`barrier ${id} without its "asked"`);
    if (id <= lastGranted) throw new LineError(`barrier ${id} after barrier ${lastGranted}`);
    lastGranted = id;
  };
  const checkEnd = ({ ends }: EndObservation): void => {
    const versions = [...topics].flatMap((topic) => schemaOfTopic(topic)?.schema.topicList ?? []);
    for (const topic of start === undefined ? versions : Object.keys(start)) {
      if (ends[topic] === undefined) throw new LineError(`"end" does not name ${topic}`);
    }
    for (const [key, { highest }] of partitions) {
      const slash = key.lastIndexOf("/");
      const [topic, partition] = [key.slice(0, slash), Number(key.slice(slash + 1))];
      const end = ends[topic]?.[partition];
      if (end !== undefined && end <= highest) {
        throw new LineError(`"end" of ${topic}/${partition} is ${end}, and offset ${highest} was seen`);
      }
    }
  };
  return {
    check(observation) {
      if (ended) throw new LineError('a line after "end"');
      if (observation.kind === "start") {
        if (begun) throw new LineError("a second header");
        begun = true;
        start = observation.start;
        return;
      }
      if (!begun) throw new LineError('the first line must be the header, {"recording":"ondash/1",…}');
      switch (observation.kind) {
        case "record":
          checkRecord(observation);
          break;
        case "skip": {
          const { topic, partition, from, to, why } = observation;
          const seen = seenAt(topic, partition);
          const inside = why === "control" ? seen.records.firstIn(from, to) : undefined;
          if (inside !== undefined) {
            throw new LineError(`a control skip over offset ${inside} of ${topic}/${partition}, which is a record`);
          }
          if (why === "control") seen.control.add(from, to);
          seen.highest = Math.max(seen.highest, to);
          break;
        }
        case "gap":
          topics.add(observation.topic);
          break;
        case "asked":
          if (observation.id <= lastAsked)
            throw new LineError(`barrier ${observation.id} is asked for after ${lastAsked}`);
          lastAsked = observation.id;
          asked.add(observation.id);
          break;
        case "barrier":
          checkBarrier(observation);
          break;
        case "end":
          checkEnd(observation);
          ended = true;
          break;
        default:
      }
    },
  };
}
