import { createRandom, parseDuration } from "@ondash/core";
import type { Instant } from "@ondash/schemas";
import type { Problem } from "./error.ts";
import type { ExpandedStep } from "./event-step.ts";
import type { ScenarioFile } from "./file-types.ts";

/** Between two events when the scenario says nothing. */
const DEFAULT_GAP_MS = 50;
/** In whole nanoseconds a double holds 104 days; beyond, two timestamps could be equal. */
const MAX_NS: number = 100 * 24 * 3_600 * 1e9;

/**
 * Nanoseconds after the start at which each step is due: whole, each at least 1 after the one before, so that emission
 * order is the order of timestamps. Depends on the seed and the scenario's name, not on the salt.
 */
export function timesOf(
  steps: readonly ExpandedStep[],
  file: Pick<ScenarioFile, "scenario" | "timing">,
  seed: number,
  problems: Problem[],
): readonly number[] {
  const { first, gap, jitter = 0 } = file.timing ?? {};
  const firstMs = first === undefined ? 0 : parseDuration(first);
  const gapMs = gap === undefined ? DEFAULT_GAP_MS : parseDuration(gap);
  const random = createRandom(seed).fork(file.scenario, "timing");
  const times: number[] = [];
  let now = -1;
  for (const { after, location } of steps) {
    const base = after ?? (now < 0 ? firstMs : gapMs);
    const factor = 1 + jitter * (2 * random.unit() - 1);
    now = Math.max(now + 1, Math.max(now, 0) + Math.round(base * factor * 1e6));
    if (!isHeld(now)) {
      problems.push({ location, text: "more than 100 days after the turn's start" });
      break;
    }
    times.push(now);
  }
  return times;
}

/** Whether so many nanoseconds after the start can be told exactly. */
export function isHeld(ns: number): boolean {
  return ns <= MAX_NS;
}

/** An instant `ns` nanoseconds later. */
export function shift(start: Instant, ns: number): Instant {
  const whole = start.nanos + (ns % 1e9);
  return {
    seconds: start.seconds + BigInt(Math.floor(ns / 1e9)) + BigInt(Math.floor(whole / 1e9)),
    nanos: whole % 1e9,
  };
}

/** The milliseconds of an instant for an id: UUIDv7 counts from 1970. */
export function idMilliseconds({ seconds, nanos }: Instant): number {
  return Math.max(0, Number(seconds) * 1_000 + Math.floor(nanos / 1e6));
}
