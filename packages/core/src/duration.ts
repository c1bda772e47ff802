import { CoreError } from "./error.ts";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;

/**
 * Milliseconds of a duration such as `300ms`, `1.5s`, `2m`, `1h`. The unit is required.
 * @throws CoreError `duration`, saying what was expected.
 */
export function parseDuration(text: string): number {
  const match = DURATION.exec(text);
  const unit = match?.[2] === undefined ? undefined : UNITS[match[2]];
  if (match === null || unit === undefined) {
    throw new CoreError(
      "duration",
      `"${text}" is not a duration: expected a number and a unit, as in 300ms, 1.5s, 2m or 1h`,
    );
  }
  return Number(match[1]) * unit;
}

/** A duration for people: `300 ms`, `1.5 s`, `2 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms * 10) / 10} ms`;
  if (ms < 60_000) return `${Math.round(ms / 10) / 100} s`;
  return `${Math.round(ms / 6_000) / 10} min`;
}
