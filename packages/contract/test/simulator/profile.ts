import type { Random } from "@ondash/core";
import type { Shape } from "./template.ts";

/** How one simulated run goes on. Probabilities are per step of what they are about. */
export interface Setting {
  /** Partitions of each topic. */
  readonly partitions: number;
  /** Turns that a run has at most; undefined: as many as are asked for. */
  readonly turns?: number;
  /** Turns that are sent at the same time. */
  readonly live: number;
  /** What turns are like: at most so many tasks and wishes (see `validTurn`). */
  readonly shape: Shape;
  /** Kinds of event (0 … 4, in the order of `eventKinds`) whose topics are read late, and how often one is passed over. */
  readonly lag: { readonly kinds: readonly number[]; readonly probability: number };
  /** That the collector goes on from an earlier offset of a partition, at each step. */
  readonly rewind: number;
  /** How many records it goes back at most. */
  readonly rewindBy: number;
  /** That the collector fails to read a record, says so, and reads it later after all. */
  readonly gap: number;
  /** That a record which was just read, or one shortly before it, is delivered again. */
  readonly redeliver: number;
  /** That the broker's leaders change and the collector starts again from earlier offsets, at each step. */
  readonly restart: number;
  /** That sends are in a transaction, and that such a transaction is aborted (its records are sent again). */
  readonly transaction: { readonly probability: number; readonly abort: number };
  /** Offsets read from a partition at a time, at most. */
  readonly batch: number;
  /** Whether the collector stops as soon as producers are done and the monitor has nothing undecided. */
  readonly eager: boolean;
  /** Whether the run has a ledger: plans, acknowledgements, refusals of what is not in the log. */
  readonly ledger: boolean;
  /** Whether each turn's stored message is given, too. */
  readonly messages: boolean;
  /** That a turn goes on with the conversation of the turn before it, if that one did not end it. */
  readonly share: number;
}

/** A kind of traffic. */
export interface Profile {
  readonly name: string;
  /** What it is there for, in a line. */
  readonly does: string;
  /** Draws the setting of one run. */
  readonly draw: (random: Random) => Setting;
}

const common: Setting = {
  partitions: 8,
  live: 16,
  shape: { tasks: 3, length: 10, trailing: true },
  lag: { kinds: [], probability: 0 },
  rewind: 0,
  rewindBy: 1,
  gap: 0,
  redeliver: 0.01,
  restart: 0,
  transaction: { probability: 0, abort: 0 },
  batch: 4,
  eager: false,
  ledger: false,
  messages: false,
  share: 0.3,
};

const sometimes = (random: Random): boolean => random.unit() < 0.5;
const powerOfTwo = (random: Random, most: number): number => 2 ** random.int(0, most);

/** The profiles. A monitor must stay silent on every one of them. */
export const profiles: readonly Profile[] = [
  {
    name: "busy",
    does: "many turns at once in all partitions",
    draw: (random) => ({
      ...common,
      partitions: powerOfTwo(random, 4),
      live: random.int(24, 64),
      ledger: sometimes(random),
    }),
  },
  {
    name: "near-empty",
    does: "two live turns, so that positions and ends lie one apart; a collector that reads no more than it must",
    draw: (random) => ({
      ...common,
      partitions: powerOfTwo(random, 2),
      live: 2,
      turns: random.unit() < 0.9 ? 2 : random.int(3, 200),
      // What trails behind the last end nobody vouches for: this collector would not wait for it.
      shape: { tasks: 2, length: 6, trailing: false },
      lag: { kinds: [random.int(0, 4)], probability: 0.9 },
      redeliver: 0,
      batch: 1,
      eager: true,
      ledger: true,
      messages: sometimes(random),
    }),
  },
  {
    name: "lagging",
    does: "one topic is read far behind the others",
    draw: (random) => ({
      ...common,
      partitions: powerOfTwo(random, 3),
      live: random.int(4, 24),
      lag: { kinds: [random.int(0, 4)], probability: 0.98 },
      ledger: sometimes(random),
    }),
  },
  {
    name: "rewinds",
    does: "the collector starts again from an earlier offset, over and over; gaps that it fills later",
    draw: (random) => ({
      ...common,
      live: random.int(2, 24),
      rewind: 0.02,
      rewindBy: random.int(2, 100),
      gap: sometimes(random) ? 0.01 : 0,
      redeliver: 0,
      ledger: sometimes(random),
    }),
  },
  {
    name: "duplicates",
    does: "records are delivered twice and more",
    draw: (random) => ({ ...common, live: random.int(2, 24), redeliver: 0.6, ledger: sometimes(random) }),
  },
  {
    name: "transactions",
    does: "records inside transactions, many aborted and sent again, with their control markers",
    draw: (random) => ({
      ...common,
      partitions: powerOfTwo(random, 3),
      live: random.int(2, 16),
      transaction: { probability: 0.7, abort: random.unit() * 0.6 },
      ledger: sometimes(random),
    }),
  },
  {
    name: "restarts",
    does: "leaders change in the middle, the producer goes on, the collector resumes from where it had been before",
    draw: (random) => ({
      ...common,
      live: random.int(2, 16),
      restart: 0.0005,
      rewindBy: random.int(1, 30),
      ledger: sometimes(random),
    }),
  },
  {
    name: "multi-task",
    does: "long turns with many tasks beside each other",
    draw: (random) => ({
      ...common,
      live: random.int(4, 16),
      shape: { tasks: 8, length: 30, trailing: true },
      ledger: sometimes(random),
      share: 0.6,
    }),
  },
];

/**
 * The profile of that name.
 * @throws Error naming those there are.
 */
export function profileOf(name: string): Profile {
  const found = profiles.find((profile) => profile.name === name);
  if (found === undefined) throw new Error(`no profile ${name}; want ${profiles.map((p) => p.name).join(", ")}`);
  return found;
}
