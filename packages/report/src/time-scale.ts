/** Writes times of one turn, all in the same unit, so that they can be compared at a glance. */
export type TimeScale = (milliseconds: number | null) => string;

/**
 * Chooses the unit for a turn: seconds to the millisecond; minutes from 100 seconds on; milliseconds to the microsecond
 * where everything lies within 10 milliseconds.
 * @param times milliseconds after the turn's first event.
 */
export function timeScale(times: readonly (number | null)[]): TimeScale {
  const longest = times.reduce<number>((most, time) => Math.max(most, Math.abs(time ?? 0)), 0);
  const write = longest < 10 && longest > 0 ? inMilliseconds : longest < 100_000 ? inSeconds : inMinutes;
  return (time) => (time === null ? "?" : write(time));
}

function inMilliseconds(time: number): string {
  return `${time.toFixed(3)} ms`;
}

function inSeconds(time: number): string {
  return `${(time / 1_000).toFixed(3)} s`;
}

function inMinutes(time: number): string {
  const milliseconds = Math.round(Math.abs(time));
  const minutes = Math.floor(milliseconds / 60_000);
  const seconds = ((milliseconds % 60_000) / 1_000).toFixed(3).padStart(6, "0");
  return `${time < 0 ? "-" : ""}${minutes}:${seconds}`;
}
