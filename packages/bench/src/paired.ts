/** A ratio of two things that were measured in turn, and the medians that it is of. */
export interface Pairing {
  /** Median of the pairs' ratios first / second. */
  readonly ratio: number;
  readonly first: number;
  readonly second: number;
  readonly pairs: number;
}

/**
 * Measures two things in pairs, one right after the other and in alternating order, so that a machine that grows slower
 * or faster in the meantime does so for both; the first pair warms up and does not count.
 */
export async function pair(
  pairs: number,
  first: () => number | Promise<number>,
  second: () => number | Promise<number>,
): Promise<Pairing> {
  const results: { readonly first: number; readonly second: number }[] = [];
  for (let index = 0; index <= pairs; index++) {
    let [one, two] = [0, 0];
    if (index % 2 === 0) {
      one = await first();
      two = await second();
    } else {
      two = await second();
      one = await first();
    }
    if (index > 0) results.push({ first: one, second: two });
  }
  return {
    ratio: median(results.map((result) => result.first / result.second)),
    first: median(results.map((result) => result.first)),
    second: median(results.map((result) => result.second)),
    pairs,
  };
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >>> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
