import type { Observation } from "@ondash/contract";
import type { Random } from "@ondash/core";
import type { Broker } from "./broker.ts";

/** A barrier that was asked for: each topic's ends are answered at a moment of its own, as by several leaders. */
interface Round {
  readonly id: number;
  readonly ends: Record<string, readonly number[]>;
  open: string[];
}

/** Asks for barriers and has them answered and granted, each step some time after the one before. */
export interface BarrierRounds {
  readonly pending: number;
  readonly granted: number;
  ask(): Observation;
  /** Goes on with what was asked for. @returns what is observed of it, if anything. */
  proceed(): Observation | undefined;
  /** Answers get lost: nothing that was asked for will be granted. */
  lose(): void;
}

/** Creates the rounds; none is under way. */
export function createBarrierRounds(broker: Broker, random: Random): BarrierRounds {
  const topics = Object.keys(broker.start);
  const rounds: Round[] = [];
  let last = 0;
  let granted = 0;
  return {
    get pending() {
      return rounds.length;
    },
    get granted() {
      return granted;
    },
    ask() {
      rounds.push({ id: ++last, ends: {}, open: topics });
      return { kind: "asked", id: last };
    },
    proceed() {
      const round = rounds[random.int(0, rounds.length - 1)];
      if (round === undefined) return undefined;
      if (round.open.length > 0) {
        const some = random.int(1, round.open.length);
        Object.assign(round.ends, broker.endsOf(round.open.slice(0, some)));
        round.open = round.open.slice(some);
        return undefined;
      }
      // Grants come in the order of asking: what was asked for before this one is given up.
      rounds.splice(0, rounds.indexOf(round) + 1);
      granted++;
      return { kind: "barrier", id: round.id, ends: round.ends };
    },
    lose() {
      rounds.length = 0;
    },
  };
}
