import type { Observation, RecordObservation, TopicOffsets } from "@ondash/contract";
import type { ChatSchema } from "@ondash/schemas";
import { PARTITIONS } from "../support/world.ts";
import type { SimulationOptions } from "./simulate.ts";
import type { Script, Step } from "./step.ts";

/** A mutant as a producer among others, and what it changes of the run as a whole. */
export interface Graft {
  readonly script: Script;
  readonly tamper: NonNullable<SimulationOptions["tamper"]>;
  /** Whether it has records in topics of the other version, too. */
  readonly bothVersions: boolean;
}

/**
 * Makes a script of the whole run that an operator made of one turn, so that the mutant lives among others: its records
 * keep their order and get other offsets, and all that speaks of them follows. What was acknowledged and is not there
 * lies at the end of its partition when the run ends.
 */
export function graft(schema: ChatSchema, run: readonly Observation[], atOnce = false): Graft {
  const steps: Step[] = [];
  const labels = new Map<string, number>();
  const atEnd: NonNullable<Script["atEnd"]>[] = [];
  let tamper: Graft["tamper"] = {};
  let bothVersions = false;
  const say = (observation: Observation): unknown =>
    steps.push({ kind: "observe", labels: [], when: "sent", make: () => observation });
  for (const observation of run) {
    switch (observation.kind) {
      case "start":
        if (observation.start !== undefined) tamper = { ...tamper, start: reshape(schema, observation.start) };
        break;
      case "end":
        tamper = { ...tamper, end: reshape(schema, observation.ends) };
        steps.push(...silentHoles(schema, run, observation.ends, steps.length));
        break;
      case "record": {
        bothVersions ||= !schema.topicList.includes(observation.topic);
        const known = labels.get(placeOf(observation));
        if (known === undefined) {
          labels.set(placeOf(observation), steps.length);
          steps.push(sendOf(observation, steps.length));
        } else steps.push(redelivery(observation, known));
        break;
      }
      case "skip": {
        const { topic, partition, from, to, why } = observation;
        const known = labels.get(placeOf({ topic, partition, offset: from }));
        if (known === undefined) {
          steps.push({ kind: "hole", label: steps.length, topic, partition, count: to - from + 1, why: "control" });
        } else {
          const make = ([place]: readonly { readonly offset: number }[]): Observation => {
            const offset = place?.offset ?? 0;
            return { kind: "skip", topic, partition, from: offset, to: offset + to - from, why };
          };
          steps.push({ kind: "observe", labels: [known], when: "read", make });
        }
        break;
      }
      case "gap": {
        const { topic, partition, from, to } = observation;
        steps.push({ kind: "hole", label: steps.length, topic, partition, count: to - from + 1, why: "gap" });
        break;
      }
      case "ack": {
        const known = labels.get(placeOf(observation));
        if (known === undefined) {
          const { topic, partition } = observation;
          atEnd.push((endOf) => [{ ...observation, offset: endOf(topic, partition) }]);
        } else {
          const make = ([place]: readonly { readonly offset: number }[]): Observation => ({
            ...observation,
            offset: place?.offset ?? 0,
          });
          steps.push({ kind: "observe", labels: [known], when: "sent", make });
        }
        break;
      }
      case "asked":
        break;
      case "barrier":
        steps.push({ kind: "settle" });
        break;
      default:
        say(observation);
    }
  }
  return {
    script: { steps, atOnce, atEnd: (endOf) => atEnd.flatMap((observe) => observe(endOf)) },
    tamper,
    bothVersions,
  };
}

/** What several mutants make of a run's start or end. */
export function tamperOf(grafts: readonly Graft[]): Graft["tamper"] {
  const all =
    (end: "start" | "end") =>
    (offsets: TopicOffsets): TopicOffsets =>
      grafts.reduce((changed, { tamper }) => tamper[end]?.(changed) ?? changed, offsets);
  return { start: all("start"), end: all("end") };
}

/** Offsets that lie below the run's end and of which nothing was observed. */
function silentHoles(schema: ChatSchema, run: readonly Observation[], ends: TopicOffsets, label: number): Step[] {
  const reached = new Map<string, number>();
  for (const observation of run) {
    if (!("partition" in observation) || observation.kind === "ack") continue;
    const next = "to" in observation ? observation.to + 1 : observation.offset + 1;
    const key = `${observation.topic}/${observation.partition}`;
    reached.set(key, Math.max(next, reached.get(key) ?? 0));
  }
  return schema.topicList.flatMap((topic) =>
    (ends[topic] ?? []).flatMap((end, partition): Step[] => {
      const count = end - (reached.get(`${topic}/${partition}`) ?? 0);
      return count > 0 ? [{ kind: "hole", label: label++, topic, partition, count, why: "silent" }] : [];
    }),
  );
}

function placeOf({ topic, partition, offset }: Pick<RecordObservation, "topic" | "partition" | "offset">): string {
  return `${topic}/${partition}@${offset}`;
}

function sendOf(record: RecordObservation, label: number): Step {
  const { topic, partition, key, headers, value, leaderEpoch } = record;
  const step = { kind: "send", label, record: { topic, partition, key, headers, value } } as const;
  return leaderEpoch === undefined ? step : { ...step, epoch: leaderEpoch - 7 };
}

function redelivery(changed: RecordObservation, label: number): Step {
  const make = (_: unknown, [record]: readonly RecordObservation[]): Observation => {
    if (record === undefined) throw new Error("a redelivered record was sent");
    return { ...record, key: changed.key, headers: changed.headers, value: changed.value };
  };
  return { kind: "observe", labels: [label], when: "read", make };
}

/** What an operator made of the topics and of how many partitions they have, for the offsets of another run. */
function reshape(schema: ChatSchema, given: TopicOffsets): (offsets: TopicOffsets) => TopicOffsets {
  const counts = schema.topicList.map((topic) => [topic, given[topic]?.length ?? 0] as const);
  const odd = counts.filter(([, count]) => count !== PARTITIONS);
  return (offsets) => {
    const reshaped: Record<string, readonly number[]> = { ...offsets };
    for (const [topic, count] of odd) {
      if (count === 0) delete reshaped[topic];
      else reshaped[topic] = Array.from({ length: count }, (_, partition) => offsets[topic]?.[partition] ?? 0);
    }
    return reshaped;
  };
}
