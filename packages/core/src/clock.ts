/**
 * Time as a parameter. Everything in this repository that needs the time of day, an interval or a pause takes a
 * `Clock`; this file and `deadline.ts` are the only places where the platform's timers are named (a lint rule
 * holds it).
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds from an arbitrary origin, never going back. */
  monotonic(): number;
  /**
   * Resolves after `ms` milliseconds (at once when `ms <= 0`), or rejects with the signal's reason when it aborts
   * first. For pacing what is *sent* (a scenario's timing), never for waiting until something has happened.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Calls `callback` once after `ms` milliseconds. The returned function cancels it. A pending callback does not keep
   * the process alive unless `keepAlive` is true.
   */
  schedule(ms: number, callback: () => void, keepAlive?: boolean): () => void;
}

/** The longest delay the platform's timers take; beyond it they fire at once. */
const MAX_TIMER_MS = 2_147_483_647;

function sleepWith(scheduleOn: Clock["schedule"], ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) return Promise.reject(signal.reason as Error);
  if (ms <= 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const cancel = scheduleOn(
      ms,
      () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      },
      true,
    );
    function onAbort(): void {
      cancel();
      reject(signal?.reason as Error);
    }
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

function schedule(ms: number, callback: () => void, keepAlive = false): () => void {
  // oxlint-disable-next-line no-restricted-globals -- this is the one place
  const timer = setTimeout(callback, Math.min(Math.max(ms, 0), MAX_TIMER_MS));
  if (!keepAlive && typeof timer === "object" && "unref" in timer) timer.unref();
  return () => clearTimeout(timer);
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => sleepWith(schedule, ms, signal),
  schedule,
};

/** A clock that moves only when told to. */
export interface ManualClock extends Clock {
  /** Moves the time forward by `ms`, running what falls due in order of its time. */
  advance(ms: number): Promise<void>;
  /** How many callbacks are pending. */
  readonly pending: number;
}

/** Creates a clock that stands at `start` (milliseconds since the epoch, default 0) until advanced. For tests. */
export function createManualClock(start = 0): ManualClock {
  let now = start;
  let order = 0;
  const due: { at: number; order: number; callback: () => void }[] = [];
  const scheduleManually: Clock["schedule"] = (ms, callback) => {
    const entry = { at: now + Math.max(ms, 0), order: order++, callback };
    due.push(entry);
    due.sort((a, b) => a.at - b.at || a.order - b.order);
    return () => {
      const index = due.indexOf(entry);
      if (index >= 0) due.splice(index, 1);
    };
  };
  return {
    now: () => now,
    monotonic: () => now - start,
    sleep: (ms, signal) => sleepWith(scheduleManually, ms, signal),
    schedule: scheduleManually,
    get pending() {
      return due.length;
    },
    async advance(ms) {
      const target = now + ms;
      while (due[0] !== undefined && due[0].at <= target) {
        const entry = due.shift();
        if (entry === undefined) break;
        now = entry.at;
        entry.callback();
        // Lets whoever awaited this moment run, and schedule again, before the next one.
        for (let turn = 0; turn < 8; turn++) await Promise.resolve();
      }
      now = target;
    },
  };
}
