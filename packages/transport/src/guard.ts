import { type Clock, type Deadline, startDeadline } from "@ondash/core";
import { isTransportError, TransportError } from "./error.ts";
import { toFailure } from "./kafkajs/failure.ts";
import { timedOut } from "./timed-out.ts";

/** Bounds everything a session does: by time, by the loss of the broker, by the caller's signal, by disposal. */
export interface Guard {
  /** Aborted, with the error to throw, once nothing more can be done. */
  readonly signal: AbortSignal;
  /**
   * Asks until it is answered. What may heal (no leader yet, a connection that broke) is asked again after a short,
   * growing pause; what can't is thrown at once.
   * @param missing what is being waited for: "the leaders of ondash.llm.text".
   * @throws TransportError; or the reason of the caller's signal.
   */
  ask<T>(missing: () => string, attempt: () => Promise<T>, bound?: number | Deadline): Promise<T>;
  /** Waits for something that is under way anyway. Errors are passed on as they are. */
  wait<T>(missing: () => string, promise: PromiseLike<T>, ms: number): Promise<T>;
  /** Ends all waits with this error. */
  end(reason: Error): void;
}

export interface GuardOptions {
  /** Default bound of one operation in ms. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  /** Rejects when the broker is lost. */
  readonly lost: Promise<never>;
}

/** Pauses between two askings: brokers have nothing to subscribe to for "this topic has a leader now". */
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 200;

/** Creates the guard of one session. */
export function createGuard({ timeoutMs, clock, signal, lost }: GuardOptions): Guard {
  const controller = new AbortController();
  const end = (reason: Error): void => controller.abort(reason);
  const onAbort = (): void => {
    controller.abort(signal?.reason);
  };
  if (signal?.aborted) onAbort();
  else signal?.addEventListener("abort", onAbort, { once: true });
  controller.signal.addEventListener("abort", () => signal?.removeEventListener("abort", onAbort), { once: true });
  lost.catch(end);

  async function ask<T>(missing: () => string, attempt: () => Promise<T>, bound?: number | Deadline): Promise<T> {
    const outer = typeof bound === "object" ? bound : undefined;
    // With a deadline from outside that one fires first: this bound begins later.
    const ms = outer?.ms ?? (bound as number | undefined) ?? timeoutMs;
    const signals = outer === undefined ? controller.signal : AbortSignal.any([controller.signal, outer.signal]);
    using deadline = startDeadline(ms, { clock, signal: signals });
    let last: string | undefined;
    const what = (): string => (last === undefined ? missing() : `${missing()} (last answer: ${last})`);
    try {
      for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
        try {
          deadline.signal.throwIfAborted();
          return await deadline.race(attempt(), what);
        } catch (error) {
          if (deadline.signal.aborted || isTransportError(error)) throw error;
          const failure = toFailure(error);
          if (!failure.retriable)
            throw new TransportError(failure.code, `${missing()}: ${failure.text}`, { cause: error });
          last = failure.text;
        }
        await clock.sleep(pause, deadline.signal);
      }
    } catch (error) {
      throw timedOut(error, what);
    }
  }

  async function wait<T>(missing: () => string, promise: PromiseLike<T>, ms: number): Promise<T> {
    using deadline = startDeadline(ms, { clock, signal: controller.signal });
    // Nobody listens to it when the session has ended already.
    promise.then(undefined, () => undefined);
    try {
      return await deadline.race(promise, missing);
    } catch (error) {
      throw timedOut(error, missing);
    }
  }

  return { signal: controller.signal, ask, wait, end };
}
