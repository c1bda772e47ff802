import { createMonitor, type Observation, type RecordRef, type RunResult, type TopicOffsets } from "@ondash/contract";
import type { Deadline } from "@ondash/core";
import type { KafkaSession } from "@ondash/transport";
import { HarnessError } from "./error.ts";
import { createOwnRecords } from "./own-records.ts";
import { readRecording } from "./read-recording.ts";
import type { Recorder } from "./recorder.ts";
import { recordingResult } from "./recording-result.ts";
import { watchTopics } from "./watch-topics.ts";

/** How an observation that was cut off goes on. */
export interface ResumeOptions {
  readonly session: KafkaSession;
  /** Bounds each wait for the broker. */
  readonly deadline: Deadline;
  /**
   * Whether nothing more will come: the producer has ended, or was killed together with the checker. Default false: a turn
   * without an end is then undecided, not truncated.
   */
  readonly producersDone?: boolean;
  /**
   * Whose records are judged, of others only the offsets are told. Default: those of the recording's plan, since others may
   * use the topics too; all, where it has none.
   */
  readonly conversations?: readonly string[] | "all";
  /** Gets the whole observation, what was recorded before included; closed at its end. Not the file that is read. */
  readonly recorder?: Recorder;
  /** How reports name the recording. Default: its path. */
  readonly name?: string;
  /** Keep the timeline. Default false. */
  readonly timeline?: boolean;
}

/**
 * Judges what a checker that was killed would have judged: takes from its recording what it had observed, and reads the
 * topics on from there to their present ends. Nothing that came meanwhile is missed, since the log keeps it: where a
 * partition goes on follows from the start offsets and what was recorded. A last line that was cut off counts for
 * nothing, and is read again.
 *
 * What the log can't say is what the killed one had not recorded yet: a ledger's entries, and that a record came only
 * after a barrier that had not been granted (ORD-05). Retention may have removed what was to be read: then a gap says so,
 * and the run is inconclusive.
 *
 * @param path usually the `FILE.partial` of a run that did not end properly; its first line alone is enough.
 * @throws HarnessError `file` when it can't be read, `start` when it has no start offsets or has ended properly; ContractError
 *   `recording` for a file that is no recording; TransportError and CoreError `deadline` when the broker fails.
 */
export async function resumeRecording(path: string, options: ResumeOptions): Promise<RunResult> {
  const { session, deadline, recorder } = options;
  const file = options.name ?? path;
  const began = performance.now();
  // As for any recording: its turns may lie as far apart as they like.
  const monitor = createMonitor({ window: Number.POSITIVE_INFINITY, timeline: options.timeline ?? false });
  const before = await readBefore(path, file, (observation) => {
    monitor.observe(observation);
    recorder?.write(observation);
  });
  const { partitions, positions, barriers, planned, acknowledged } = before;
  const { conversations = planned.size > 0 ? planned : "all" } = options;
  await using watching = await watchTopics({
    session,
    deadline,
    topics: Object.keys(positions),
    partitions,
    start: positions,
    continued: { monitor, barriers },
    ...(recorder === undefined ? {} : { recorder }),
    ...(conversations === "all"
      ? {}
      : { filter: (pass) => createOwnRecords(new Set(conversations), pass, acknowledged) }),
  });
  const judgement = await watching.finish(options.producersDone ?? false);
  recorder?.close();
  return recordingResult(judgement, file, began);
}

interface Before {
  readonly partitions: number;
  /** Where each partition goes on. */
  readonly positions: TopicOffsets;
  /** The number of the last barrier that was asked for. */
  readonly barriers: number;
  /** Conversations of the plan. */
  readonly planned: ReadonlySet<string>;
  readonly acknowledged: readonly RecordRef[];
}

/** What was observed before. A last line that was cut off is left out. */
async function readBefore(path: string, file: string, observe: (observation: Observation) => void): Promise<Before> {
  const positions: Record<string, number[]> = {};
  const planned = new Set<string>();
  const acknowledged: RecordRef[] = [];
  let partitions: number | undefined;
  let barriers = 0;
  const note = (observation: Observation): void => {
    switch (observation.kind) {
      case "start":
        if (observation.start === undefined) throw noStart(file, "a header without start offsets");
        partitions = observation.partitions;
        for (const [topic, firsts] of Object.entries(observation.start)) positions[topic] = [...firsts];
        break;
      case "record":
        advance(positions, observation.topic, observation.partition, observation.offset);
        break;
      case "skip":
      case "gap":
        advance(positions, observation.topic, observation.partition, observation.to);
        break;
      case "asked":
        barriers = observation.id;
        break;
      case "plan":
        planned.add(observation.conversationId);
        break;
      case "ack":
        acknowledged.push(observation);
        break;
      case "end":
        throw noStart(file, "an end line: nothing is left to observe; judge it with check");
      default:
    }
    observe(observation);
  };
  for await (const observation of readRecording(path, file, true)) note(observation);
  if (partitions === undefined) throw noStart(file, "no header");
  return { partitions, positions, barriers, planned, acknowledged };
}

function advance(positions: Record<string, number[]>, topic: string, partition: number, last: number): void {
  const list = positions[topic];
  if (list?.[partition] !== undefined) list[partition] = Math.max(list[partition], last + 1);
}

function noStart(file: string, what: string): HarnessError {
  return new HarnessError(
    "start",
    `${file} has ${what}; expected a recording that says where it began and was cut off`,
  );
}
