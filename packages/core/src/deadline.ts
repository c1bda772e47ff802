import { type Clock, systemClock } from "./clock.ts";
import { formatDuration } from "./duration.ts";
import { CoreError } from "./error.ts";

/**
 * A bound on waiting for facts. Whoever waits says what is missing, so that the error that ends the wait is an
 * explanation and not just a time.
 */
export interface Deadline extends Disposable {
  /** The whole bound in milliseconds. */
  readonly ms: number;
  /** Milliseconds left, never below 0. */
  readonly remaining: number;
  /** Aborts, with a `CoreError` of code `deadline`, when the time is over. */
  readonly signal: AbortSignal;
  /**
   * The promise's own result, or a rejection with a `CoreError` of code `deadline` once the time is over.
   * `missing` is asked only then: "an answer of the broker at 127.0.0.1:9092 to ApiVersions". The promise itself is
   * not stopped: pass `signal` to what can be.
   */
  race<T>(promise: PromiseLike<T>, missing: () => string): Promise<T>;
}

/**
 * Starts a deadline of `ms` milliseconds.
 * @param outer also ends the wait, with its own reason (Ctrl-C, say).
 */
export function startDeadline(ms: number, options: { clock?: Clock; signal?: AbortSignal } = {}): Deadline {
  const clock = options.clock ?? systemClock;
  const outer = options.signal;
  const started = clock.monotonic();
  const controller = new AbortController();
  const waits = new Set<{ missing: () => string; reject: (error: unknown) => void }>();

  const expire = (reason: (missing: string | undefined) => unknown): void => {
    for (const wait of waits) wait.reject(reason(wait.missing()));
    waits.clear();
    controller.abort(reason(undefined));
  };
  // The timer keeps the process alive: a wait whose sockets have all closed must end with its explanation.
  const cancel = clock.schedule(ms, () => expire((missing) => expired(ms, missing)), true);
  const onOuter = (): void => {
    cancel();
    expire(() => outer?.reason);
  };
  if (outer?.aborted) onOuter();
  else outer?.addEventListener("abort", onOuter, { once: true });

  return {
    ms,
    get remaining() {
      return Math.max(0, ms - (clock.monotonic() - started));
    },
    signal: controller.signal,
    race(promise, missing) {
      if (controller.signal.aborted) {
        // Nobody waits for it any more; its own failure must not become an unhandled rejection.
        promise.then(undefined, () => undefined);
        return Promise.reject(outer?.aborted ? (outer.reason as Error) : expired(ms, missing()));
      }
      return new Promise((resolve, reject) => {
        const wait = { missing, reject };
        waits.add(wait);
        promise.then(
          (value) => {
            waits.delete(wait);
            resolve(value);
          },
          (error: unknown) => {
            waits.delete(wait);
            reject(error);
          },
        );
      });
    },
    [Symbol.dispose]() {
      cancel();
      outer?.removeEventListener("abort", onOuter);
    },
  };
}

function expired(ms: number, missing: string | undefined): CoreError {
  const what = missing === undefined ? "the time is over" : `still missing: ${missing}`;
  return new CoreError("deadline", `after ${formatDuration(ms)}, ${what}`);
}
