/** Finds small integers by 64-bit keys: an open hash table in two typed arrays, 12 bytes a place, at most two thirds full. */
export interface KeyIndex {
  /** The value of a key, or -1. */
  get(high: number, low: number): number;
  /** Adds a key that is not there yet. `value` is 0 or more. */
  add(high: number, low: number, value: number): void;
  delete(high: number, low: number): void;
  readonly size: number;
}

/** Creates an empty index. Keys are hashes already: the low half picks the place. */
export function createKeyIndex(): KeyIndex {
  let mask = 255;
  let keys = new Int32Array((mask + 1) * 2);
  /** Value + 1; 0: the place is free. */
  let values = new Int32Array(mask + 1);
  let size = 0;

  const find = (high: number, low: number): number => {
    let at = low & mask;
    while (values[at] !== 0 && (keys[at * 2] !== high || keys[at * 2 + 1] !== low)) at = (at + 1) & mask;
    return at;
  };
  const put = (at: number, high: number, low: number, value: number): void => {
    keys[at * 2] = high;
    keys[at * 2 + 1] = low;
    values[at] = value;
  };
  const grow = (): void => {
    const [oldKeys, oldValues] = [keys, values];
    mask = mask * 2 + 1;
    keys = new Int32Array((mask + 1) * 2);
    values = new Int32Array(mask + 1);
    for (const [index, value] of oldValues.entries()) {
      if (value === 0) continue;
      const [high, low] = [oldKeys[index * 2] ?? 0, oldKeys[index * 2 + 1] ?? 0];
      put(find(high, low), high, low, value);
    }
  };
  return {
    get size() {
      return size;
    },
    get: (high, low) => (values[find(high, low)] ?? 0) - 1,
    add(high, low, value) {
      if (size * 3 >= (mask + 1) * 2) grow();
      put(find(high, low), high, low, value + 1);
      size++;
    },
    delete(high, low) {
      let hole = find(high, low);
      if (values[hole] === 0) return;
      size--;
      // What was pushed past the hole moves up (Knuth, volume 3, algorithm 6.4R): no tombstones, so nothing grows.
      for (let at = (hole + 1) & mask; values[at] !== 0; at = (at + 1) & mask) {
        const home = (keys[at * 2 + 1] ?? 0) & mask;
        if (((at - home) & mask) < ((at - hole) & mask)) continue;
        put(hole, keys[at * 2] ?? 0, keys[at * 2 + 1] ?? 0, values[at] ?? 0);
        hole = at;
      }
      values[hole] = 0;
    },
  };
}
