import fc from "fast-check";

/** One arrival of a chat.v2 conversation: an event of a turn, or something without a place in any. */
export type ArrivalDraft = { readonly turn: string; readonly sequence: number } | "placeless";

/** What conversations `anyArrivals` makes. */
export interface ArrivalOptions {
  /** Turns at least. Default 1. */
  readonly minTurns?: number;
  /** Turns at most. Default 4. */
  readonly turns?: number;
  /** Events of a turn at most. Default 6. */
  readonly length?: number;
}

/**
 * Any order of arrival of several turns: shuffled over all turns, with redeliveries anywhere, events that never arrive
 * and events without a place.
 */
export function anyArrivals(options: ArrivalOptions = {}): fc.Arbitrary<ArrivalDraft[]> {
  const { minTurns = 1, turns = 4, length = 6 } = options;
  const turn = fc.array(
    fc.oneof(
      { weight: 8, arbitrary: fc.constant(1) },
      { weight: 2, arbitrary: fc.integer({ min: 2, max: 3 }) },
      {
        weight: 1,
        arbitrary: fc.constant(0),
      },
    ),
    { minLength: 1, maxLength: length },
  );
  return fc
    .tuple(fc.array(turn, { minLength: minTurns, maxLength: turns }), fc.nat({ max: 3 }))
    .chain(([copiesOfTurns, placeless]) => {
      const all: ArrivalDraft[] = copiesOfTurns.flatMap((copies, index) =>
        copies.flatMap((count, at) =>
          Array.from({ length: count }, () => ({ turn: `msg_${index}`, sequence: at + 1 })),
        ),
      );
      all.push(...Array.from({ length: placeless }, () => "placeless" as const));
      return fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
    });
}
