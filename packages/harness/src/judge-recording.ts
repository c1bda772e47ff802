import { stat } from "node:fs/promises";
import { createMonitor, createScreen, type Judgement, type Observation } from "@ondash/contract";
import { readRecording } from "./read-recording.ts";

/** A recording above this size, in bytes, is judged without its timeline: hundreds of thousands of rows help nobody. */
const LARGEST_WITH_TIMELINE = 32 * 1024 * 1024;

/**
 * Judges a recording. Without a timeline it is read in two looks where that is possible, which need little memory: a
 * screen that proves most turns legal, then the monitor for the conversations that it can't prove; the judgement is the
 * same (see `createScreen`). What can be read only once, such as a pipe, goes to the monitor.
 * @param file how errors name it.
 */
export async function judgeRecording(path: string, file: string, timeline: boolean): Promise<Judgement> {
  const facts = await stat(path).catch(() => undefined);
  const large = (facts?.size ?? 0) > LARGEST_WITH_TIMELINE;
  if (facts?.isFile() === true && (!timeline || large)) {
    const judgement = await inTwoLooks(() => readRecording(path, file));
    if (judgement !== undefined) return judgement;
  }
  const monitor = createMonitor({ window: Number.POSITIVE_INFINITY, timeline: timeline && !large });
  for await (const observation of readRecording(path, file)) monitor.observe(observation);
  return monitor.finish();
}

/** undefined: the recording has what only the monitor can judge. */
async function inTwoLooks(read: () => AsyncIterable<Observation>): Promise<Judgement | undefined> {
  const screen = createScreen();
  for await (const observation of read()) {
    screen.observe(observation);
    if (screen.unfit !== undefined) return undefined;
  }
  const screening = screen.finish();
  if (screening.kind === "unfit") return undefined;
  if (screening.kind === "legal") return screening.judgement;
  const second = screening.secondLook();
  for await (const observation of read()) second.observe(observation);
  return second.finish();
}
