import { parseDuration, type Random } from "@ondash/core";
import { MswError } from "./error.ts";

/** How long an answer takes to begin: milliseconds, a duration ("120ms"), or anything between two of them, drawn from the seed. */
export type Latency = number | string | { readonly min: number | string; readonly max: number | string };

/**
 * The bounds in milliseconds.
 * @throws MswError `option` for what is none.
 */
export function latencyBounds(latency: Latency): { readonly min: number; readonly max: number } {
  const [from, to] = typeof latency === "object" ? [latency.min, latency.max] : [latency, latency];
  const [min, max] = [milliseconds(from), milliseconds(to)];
  if (min > max) throw new MswError("option", `latency: min (${min} ms) is more than max (${max} ms)`);
  return { min, max };
}

/** A latency between bounds, in whole milliseconds. */
export function drawLatency({ min, max }: ReturnType<typeof latencyBounds>, random: Random): number {
  return min + Math.floor((max - min) * random.unit());
}

function milliseconds(value: number | string): number {
  try {
    const ms = typeof value === "string" ? parseDuration(value) : value;
    if (Number.isFinite(ms) && ms >= 0) return ms;
  } catch (cause) {
    throw new MswError("option", `latency: ${(cause as Error).message}`, { cause });
  }
  throw new MswError("option", `latency: expected milliseconds from 0 on, got ${value}`);
}
