import type { DescMessage } from "@bufbuild/protobuf";
import { closureOf, fingerprintOf } from "./closure.ts";
import { messagesOf } from "./locate.ts";
import type { Direction } from "./policy.ts";
import { type SearchOptions, searchWitnesses, type Witness } from "./search.ts";
import type { Change } from "./subject.ts";

/** A witness and its direction. */
export interface DirectedWitness {
  readonly direction: Direction;
  readonly witness: Witness;
}

/** What a search between two images found, and how much it looked at. */
export interface ImageSearch {
  readonly witnesses: readonly DirectedWitness[];
  /** Full names of the types that were searched: those of which something that decides about bytes or JSON differs. */
  readonly searched: readonly string[];
  /** Random messages per type and direction. */
  readonly runs: number;
}

/** All the random messages of a gate together, over types and directions: what keeps it under two seconds. */
const totalRuns = 6000;

/** Searches all message types that both images have and whose closure differs, in both directions. */
export function searchImages({ before, after }: Change, { seed, runs }: SearchOptions): ImageSearch {
  const pairs = messagesOf(before.files)
    .flatMap((old): (readonly [DescMessage, DescMessage])[] => {
      const now = after.types.getMessage(old.typeName);
      return now === undefined || fingerprintOf(old) === fingerprintOf(now) ? [] : [[old, now]];
    })
    // What is contained comes before what contains it.
    .toSorted(([a], [b]) => closureOf(a).size - closureOf(b).size);
  const each = Math.min(runs, Math.max(50, Math.floor(totalRuns / 2 / Math.max(1, pairs.length))));
  const options = { seed, runs: each };
  const backward = searchWitnesses(pairs, { writer: before.types, reader: after.types }, options);
  const forward = searchWitnesses(
    pairs.map(([old, now]) => [now, old] as const),
    { writer: after.types, reader: before.types },
    options,
  );
  return {
    witnesses: [
      ...backward.map((witness) => ({ direction: "B" as const, witness })),
      ...forward.map((witness) => ({ direction: "F" as const, witness })),
    ],
    searched: pairs.map(([type]) => type.typeName),
    runs: pairs.length === 0 ? 0 : each,
  };
}
