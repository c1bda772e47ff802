/** Consecutive integers, both ends inclusive. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A set of non-negative integers kept as ranges: its size is the number of holes, not of members. */
export interface RangeSet {
  /** Adds `from…to`. */
  add(from: number, to: number): void;
  has(value: number): boolean;
  /** The first of the integers `from…to` that are in the set, or undefined. */
  firstIn(from: number, to: number): number | undefined;
  /** The smallest integer from `value` on that is not in the set. */
  nextMissing(value: number): number;
  /** What of `from…to` is not in the set, in ascending order; the first `limit` ranges of it. */
  missing(from: number, to: number, limit?: number): Range[];
}

/** Ranges are kept in chunks of at most this many, so that one in the middle of many costs little to add. */
const CHUNK = 256;

/** Creates an empty set. Adding takes the square root of the number of ranges at most, asking its logarithm. */
export function createRangeSet(): RangeSet {
  /** Ranges in ascending order, not touching each other; no chunk is empty. */
  const chunks: { from: number; to: number }[][] = [];

  /** Where the first range stands that ends at or after `value`; if there is none, behind the last one in its chunk. */
  const find = (value: number): readonly [chunk: number, index: number] => {
    const chunk = lowest(chunks.length - 1, (at) => (chunks[at]?.at(-1)?.to ?? 0) >= value);
    const ranges = chunks[chunk] ?? [];
    return [chunk, lowest(ranges.length, (at) => (ranges[at]?.to ?? 0) >= value)];
  };
  const first = (value: number): Range | undefined => {
    const [chunk, index] = find(value);
    return chunks[chunk]?.[index];
  };
  function* from(value: number): Generator<Range> {
    const [chunk, index] = find(value);
    yield* (chunks[chunk] ?? []).slice(index);
    for (const ranges of chunks.slice(chunk + 1)) yield* ranges;
  }
  const insert = (chunk: number, index: number, range: { from: number; to: number }): void => {
    const ranges = chunks[chunk];
    if (ranges === undefined) {
      chunks.push([range]);
      return;
    }
    ranges.splice(index, 0, range);
    if (ranges.length > CHUNK) chunks.splice(chunk + 1, 0, ranges.splice(CHUNK / 2));
  };
  return {
    add(low, high) {
      const last = chunks.at(-1)?.at(-1);
      if (last !== undefined && low === last.to + 1) {
        last.to = high;
        return;
      }
      const [chunk, index] = find(low - 1);
      let [start, end] = [low, high];
      let [at, next] = [chunk, index];
      for (let ranges = chunks[at]; ranges !== undefined; ranges = chunks[at]) {
        let to = next;
        for (let range = ranges[to]; range !== undefined && range.from <= high + 1; range = ranges[++to]) {
          start = Math.min(start, range.from);
          end = Math.max(end, range.to);
        }
        ranges.splice(next, to - next);
        if (ranges.length > next) break;
        if (ranges.length === 0) chunks.splice(at, 1);
        else at++;
        next = 0;
      }
      insert(chunk, index, { from: start, to: end });
    },
    has(value) {
      const range = first(value);
      return range !== undefined && range.from <= value;
    },
    firstIn(low, high) {
      const range = first(low);
      return range === undefined || range.from > high ? undefined : Math.max(range.from, low);
    },
    nextMissing(value) {
      const range = first(value);
      return range === undefined || range.from > value ? value : range.to + 1;
    },
    missing(low, high, limit = Number.POSITIVE_INFINITY) {
      const holes: Range[] = [];
      let next = low;
      for (const range of from(low)) {
        if (range.from > high || holes.length >= limit) break;
        if (range.from > next) holes.push({ from: next, to: range.from - 1 });
        next = range.to + 1;
      }
      if (next <= high && holes.length < limit) holes.push({ from: next, to: high });
      return holes;
    },
  };
}

/**
 * The lowest of the integers 0…count that satisfies a condition which all above it satisfy too; `count` if none does, 0
 * if it is negative.
 */
export function lowest(count: number, satisfies: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (satisfies(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** How many integers the ranges hold. */
export function sizeOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, range) => sum + range.to - range.from + 1, 0);
}

/** `5, 7–9 and 12 more`: at most `limit` ranges named, a range of one as a number. */
export function describeRanges(ranges: readonly Range[], limit = 8): string {
  const named = ranges.slice(0, limit);
  const rest = sizeOf(ranges.slice(limit));
  const text = named.map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`)).join(", ");
  return rest === 0 ? text : `${text} and ${rest} more`;
}
