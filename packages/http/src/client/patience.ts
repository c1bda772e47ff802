import type { Clock } from "@ondash/core";
import { ClientError } from "./error.ts";
import type { TurnState } from "./turn-collector.ts";

/**
 * Why a connection is closed from here, as the reason of its abort: a v1 turn rests and stayed so (`settled`), events
 * before the turn's end did not come (`gap`), nothing at all came (a ClientError `network`).
 */
export type GivingUp = "settled" | "gap" | ClientError;

/** How long one connection is waited for, and for what. */
export interface Patience {
  /** Something came, be it a heartbeat. */
  alive(): void;
  /**
   * The turn stands so.
   * @param fresh whether it has an event more than before.
   */
  turnIs(state: TurnState["kind"] | undefined, fresh: boolean): void;
  /** No timer is left. */
  stop(): void;
}

/** Starts waiting. `giveUp` is called at most once for each reason. */
export function startPatience(
  clock: Clock,
  limits: { readonly idleMs: number; readonly settleMs: number; readonly gapMs: number },
  giveUp: (why: GivingUp) => void,
): Patience {
  const { idleMs, settleMs, gapMs } = limits;
  const silent = (): void =>
    giveUp(new ClientError("network", `nothing came for ${idleMs / 1000} s, not even a heartbeat`));
  let cancelIdle = clock.schedule(idleMs, silent);
  let cancelTurn: (() => void) | undefined;
  const forget = (): void => {
    cancelTurn?.();
    cancelTurn = undefined;
  };
  return {
    alive() {
      cancelIdle();
      cancelIdle = clock.schedule(idleMs, silent);
    },
    turnIs(state, fresh) {
      // Redeliveries and heartbeats prolong nothing.
      if (state !== "rests" && state !== "gaps") forget();
      else if (fresh || cancelTurn === undefined) {
        forget();
        cancelTurn =
          state === "rests"
            ? clock.schedule(settleMs, () => giveUp("settled"))
            : clock.schedule(gapMs, () => giveUp("gap"));
      }
    },
    stop() {
      cancelIdle();
      forget();
    },
  };
}
