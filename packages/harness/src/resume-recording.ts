import { createReadStream } from "node:fs";
import { createRecordingParser, type Observation, type RecordRef, type RunResult } from "@ondash/contract";
import type { Deadline } from "@ondash/core";
import type { KafkaSession } from "@ondash/transport";
import { shellWord } from "./check-recording.ts";
import { HarnessError } from "./error.ts";
import { createOwnRecords } from "./own-records.ts";
import type { Recorder } from "./recorder.ts";
import { placeViolations } from "./violations.ts";
import { watchTopics } from "./watch-topics.ts";

/** How an observation that was cut off is made again. */
export interface ResumeOptions {
  readonly session: KafkaSession;
  /** Bounds each wait for the broker. */
  readonly deadline: Deadline;
  /**
   * Whether nothing more will come: the producer has ended, or was killed together with the checker. Default false: a turn
   * without an end is then undecided, not truncated.
   */
  readonly producersDone?: boolean;
  /** Told of everything that is observed, as in any run; closed at the end. It must not be the file that is read. */
  readonly recorder?: Recorder;
  /** How reports name the recording. Default: its path. */
  readonly name?: string;
  /** Keep the timeline. Default false. */
  readonly timeline?: boolean;
}

/**
 * Judges what a checker that was killed would have judged: reads the topics anew from the start offsets in its recording
 * up to the present ends. Of the recording only what the log can't say is used (where it began; plan, ledger, stored
 * messages); how far the killed one had come does not matter, nor does a last line that is not whole. Where there is a
 * plan, only what belongs to it is judged, for a topic may hold others' records by now.
 *
 * Retention may have removed what lies at those offsets: then the gap says so, and the run is inconclusive.
 *
 * @param path usually the `FILE.partial` of a run that did not end properly.
 * @throws HarnessError `file` when it can't be read, `start` when it has no start offsets; ContractError `recording` for a
 *   file that is no recording; TransportError and CoreError `deadline` when the broker fails.
 */
export async function resumeRecording(path: string, options: ResumeOptions): Promise<RunResult> {
  const { session, deadline, recorder } = options;
  const file = options.name ?? path;
  const began = performance.now();
  const { partitions, start, known } = await readWhatIsKnown(path, file);

  const planned = new Set(known.flatMap((entry) => (entry.kind === "plan" ? [entry.conversationId] : [])));
  const places = known.flatMap((entry): RecordRef[] => (entry.kind === "ack" ? [entry] : []));
  await using watching = await watchTopics({
    session,
    deadline,
    topics: Object.keys(start),
    partitions,
    start,
    // As for any recording: all of it is there, and its turns may lie as far apart as they like.
    window: Number.POSITIVE_INFINITY,
    timeline: options.timeline ?? false,
    ...(recorder === undefined ? {} : { recorder }),
    ...(planned.size === 0 ? {} : { filter: (pass) => createOwnRecords(planned, pass, places) }),
  });
  for (const entry of known) watching.tell(entry);
  const judgement = await watching.finish(options.producersDone ?? false);
  recorder?.close();
  const replay = `ondash check ${shellWord(file)}`;
  return {
    ...judgement,
    violations: placeViolations(judgement.violations, { replay }),
    warnings: placeViolations(judgement.warnings, { replay }),
    scenario: null,
    file,
    broker: null,
    seed: null,
    expectation: null,
    unmet: [],
    durationMs: Math.round(performance.now() - began),
  };
}

type Known = Extract<Observation, { kind: "plan" | "ack" | "rejected" | "indefinite" | "message" }>;

interface WhatIsKnown {
  readonly partitions: number;
  readonly start: Readonly<Record<string, readonly number[]>>;
  readonly known: readonly Known[];
}

/** The header of a recording, and what in it the log can't say. A last line that was cut off is left out. */
async function readWhatIsKnown(path: string, file: string): Promise<WhatIsKnown> {
  const parser = createRecordingParser({ file });
  const known: Known[] = [];
  let header: Extract<Observation, { kind: "start" }> | undefined;
  try {
    for await (const chunk of createReadStream(path)) {
      for (const observation of parser.push(chunk as Uint8Array)) {
        if (observation.kind === "start") header = observation;
        else if (isKnown(observation)) known.push(observation);
      }
    }
  } catch (cause) {
    if (!(cause instanceof Error) || !("syscall" in cause)) throw cause;
    throw new HarnessError("file", `can't read the recording ${file}: ${cause.message}`, { cause });
  }
  if (header?.start === undefined) {
    const what = header === undefined ? "no header" : "a header without start offsets";
    throw new HarnessError("start", `${file} has ${what}: expected the offsets to start at; record it anew`);
  }
  return { partitions: header.partitions, start: header.start, known };
}

function isKnown(observation: Observation): observation is Known {
  return ["plan", "ack", "rejected", "indefinite", "message"].includes(observation.kind);
}
