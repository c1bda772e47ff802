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
  /** What of `from…to` is not in the set. */
  missing(from: number, to: number): Range[];
}

/** Creates an empty set. */
export function createRangeSet(): RangeSet {
  const ranges: { from: number; to: number }[] = [];
  /** Index of the first range that ends at or after `value`. */
  const find = (value: number): number => {
    let low = 0;
    let high = ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ranges[middle]?.to ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    add(from, to) {
      const last = ranges.at(-1);
      if (last !== undefined && from === last.to + 1) {
        last.to = to;
        return;
      }
      const first = find(from - 1);
      let end = first;
      let low = from;
      let high = to;
      for (let range = ranges[end]; range !== undefined && range.from <= to + 1; range = ranges[++end]) {
        low = Math.min(low, range.from);
        high = Math.max(high, range.to);
      }
      ranges.splice(first, end - first, { from: low, to: high });
    },
    has(value) {
      const range = ranges[find(value)];
      return range !== undefined && range.from <= value;
    },
    firstIn(from, to) {
      const range = ranges[find(from)];
      return range === undefined || range.from > to ? undefined : Math.max(range.from, from);
    },
    nextMissing(value) {
      const range = ranges[find(value)];
      return range === undefined || range.from > value ? value : range.to + 1;
    },
    missing(from, to) {
      const holes: Range[] = [];
      let next = from;
      for (let index = find(from); next <= to; index++) {
        const range = ranges[index];
        if (range === undefined || range.from > to) {
          holes.push({ from: next, to });
          break;
        }
        if (range.from > next) holes.push({ from: next, to: range.from - 1 });
        next = range.to + 1;
      }
      return holes;
    },
  };
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
