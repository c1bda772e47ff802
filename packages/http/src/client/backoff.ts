import type { StreamTiming } from "./types.ts";

/** How reconnections are spaced. */
export interface Backoff {
  /** The server's `retry:` field: the delay from which the next failures double. */
  setBase(ms: number): void;
  /** A new event came: failures count from none again. */
  reset(): void;
  /** After a failure: milliseconds to wait, or undefined: enough tries. */
  next(): number | undefined;
  /** Failures in a row. */
  readonly failures: number;
}

/**
 * Exponential backoff with jitter: the n-th failure in a row waits between half and the whole of base · 2ⁿ⁻¹, so that
 * pages that lost one server do not return to it together, and none returns at once.
 */
export function createBackoff(timing: StreamTiming): Backoff {
  const { maxRetryMs = 30_000, maxAttempts = 8, random = { unit: Math.random } } = timing;
  let base = timing.retryMs ?? 500;
  let failures = 0;
  return {
    get failures() {
      return failures;
    },
    setBase(ms) {
      base = ms;
    },
    reset() {
      failures = 0;
    },
    next() {
      failures += 1;
      if (failures >= maxAttempts) return undefined;
      const whole = Math.min(maxRetryMs, base * 2 ** (failures - 1));
      return whole / 2 + (random.unit() * whole) / 2;
    },
  };
}
