import type { Clock } from "@ondash/core";
import { ClientError } from "./error.ts";

/**
 * What ends the waiting for more of a turn: a v1 turn at rest stayed so (`settled`), events that are known to be missing
 * did not come (`gap`), nothing new came for long (`stalled`).
 */
export type Awaited = "settled" | "gap" | "stalled";

/** Why a connection is closed from here, as the reason of its abort. The ClientError: not even a heartbeat came. */
export type GivingUp = Awaited | ClientError;

/** How long one connection is waited for, and for what. */
export interface Patience {
  /** Something came, be it a heartbeat. */
  alive(): void;
  /** What the turn waits for from now on, and when that will have been enough, as `clock.monotonic()` counts. */
  until(wait: { readonly what: Awaited; readonly due: number } | undefined): void;
  /** No timer is left. */
  stop(): void;
}

/** Starts waiting. */
export function startPatience(clock: Clock, idleMs: number, giveUp: (why: GivingUp) => void): Patience {
  const silent = (): void =>
    giveUp(new ClientError("network", `nothing came for ${idleMs / 1000} s, not even a heartbeat`));
  let cancelIdle = clock.schedule(idleMs, silent);
  let cancelWait: (() => void) | undefined;
  let current: { readonly what: Awaited; readonly due: number } | undefined;
  return {
    alive() {
      cancelIdle();
      cancelIdle = clock.schedule(idleMs, silent);
    },
    until(wait) {
      if (wait?.what === current?.what && wait?.due === current?.due) return;
      cancelWait?.();
      current = wait;
      cancelWait = wait && clock.schedule(wait.due - clock.monotonic(), () => giveUp(wait.what));
    },
    stop() {
      cancelIdle();
      cancelWait?.();
    },
  };
}
