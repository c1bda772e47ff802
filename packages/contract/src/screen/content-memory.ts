import type { RecordHeader } from "@ondash/schemas";
import type { RecordObservation } from "../observation.ts";
import { lowest } from "../ranges.ts";

/** The content of one partition's records as hashes, to compare redeliveries with: 8 bytes a record. */
export interface ContentMemory {
  remember(record: RecordObservation): void;
  /** Whether a record is what was read at its offset before; undefined: that was too long ago. */
  isSame(record: RecordObservation): boolean | undefined;
}

/** The first room, in records; it doubles until `keep`, then the oldest go. */
const FIRST = 256;

/**
 * Creates an empty memory.
 * @param keep how many offsets back it reaches at most; Infinity: all.
 */
export function createContentMemory(keep: number): ContentMemory {
  /** In the order of offsets, with long holes between them: offsets that nobody has read take no room. */
  const stretches: Stretch[] = [];
  /** Index of the first stretch that begins after an offset: the one before it may hold the offset. */
  const after = (offset: number): number =>
    lowest(stretches.length, (index) => (stretches[index] as Stretch).lowest > offset);
  /** Up to where nothing is remembered. */
  const forgotten = (): number => (stretches.at(-1)?.next ?? 0) - keep;
  return {
    remember(record) {
      const { offset } = record;
      const index = after(offset);
      let stretch = stretches[index - 1];
      if (stretch === undefined || offset - stretch.next > stretch.next - stretch.lowest + FIRST) {
        stretch = createStretch(offset, keep);
        stretches.splice(index, 0, stretch);
      }
      stretch.remember(record);
      while ((stretches[0]?.next ?? 0) <= forgotten()) stretches.shift();
    },
    isSame(record) {
      if (record.offset < forgotten()) return undefined;
      return stretches[after(record.offset) - 1]?.isSame(record);
    },
  };
}

/** Offsets without a hole that is longer than what lies before it. */
interface Stretch extends ContentMemory {
  /** The lowest offset that is remembered. */
  readonly lowest: number;
  /** The offset after the highest one. */
  readonly next: number;
}

function createStretch(first: number, keep: number): Stretch {
  /** By offset modulo its length: NaN where there is none. */
  let hashes = new Float64Array(FIRST).fill(Number.NaN);
  let oldest = first;
  let next = first;
  const makeRoom = (offset: number): void => {
    while (offset - oldest >= hashes.length && hashes.length < keep) {
      const larger = new Float64Array(hashes.length * 2).fill(Number.NaN);
      for (let at = oldest; at < next; at++) larger[at % larger.length] = hashes[at % hashes.length] ?? Number.NaN;
      hashes = larger;
    }
  };
  return {
    get lowest() {
      return oldest;
    },
    get next() {
      return next;
    },
    remember(record) {
      const { offset } = record;
      makeRoom(offset);
      // Offsets without a record in between, and what falls out at the other end.
      for (; next < offset; next++) hashes[next % hashes.length] = Number.NaN;
      next = Math.max(next, offset + 1);
      oldest = Math.max(oldest, next - hashes.length);
      hashes[offset % hashes.length] = hashOf(record);
    },
    isSame(record) {
      const { offset } = record;
      if (offset >= next) return undefined;
      const known = hashes[offset % hashes.length] ?? Number.NaN;
      return Number.isNaN(known) ? undefined : known === hashOf(record);
    },
  };
}

/** Two lanes of 32 bits, taken on by each part. */
let high = 0;
let low = 0;

/** 53 bits of key, value and headers; headers in any order across names, in their order within one. */
function hashOf({ key, value, headers }: RecordObservation): number {
  mix(1, key);
  let [sumHigh, sumLow] = [high, low];
  mix(2, value);
  sumHigh = Math.imul(sumHigh, 31) + high;
  sumLow = Math.imul(sumLow, 31) + low;
  for (let index = 0; index < headers.length; index++) {
    const [name, content] = headers[index] as RecordHeader;
    let nth = 1;
    for (let before = 0; before < index; before++) if (headers[before]?.[0] === name) nth++;
    let named = nth;
    for (let at = 0; at < name.length; at++) named = Math.imul(named ^ name.charCodeAt(at), 0x0100_0193);
    mix(named, content);
    // A sum does not depend on the order.
    sumHigh = (sumHigh + high) | 0;
    sumLow = (sumLow + low) | 0;
  }
  return (sumLow >>> 11) * 0x1_0000_0000 + (sumHigh >>> 0);
}

/** Hashes a part into both lanes, four bytes at a time: each step can be undone, so that one difference never gets lost. */
function mix(seed: number, bytes: Uint8Array | null): void {
  let a = seed;
  let b = Math.imul(seed, 0x9e37_79b1) ^ (bytes === null ? -1 : bytes.length);
  if (bytes !== null) {
    let at = 0;
    for (const whole = bytes.length - 3; at < whole; at += 4) {
      const word =
        (bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24);
      a = Math.imul(a ^ word, 0x0100_0193);
      // Products carry a difference only upwards.
      a = (a << 13) | (a >>> 19);
      b = Math.imul(b ^ word, 0x5bd1_e995);
      b = (b << 15) | (b >>> 17);
    }
    for (; at < bytes.length; at++) {
      a = Math.imul(a ^ (bytes[at] as number), 0x0100_0193);
      b = Math.imul(b ^ (bytes[at] as number), 0x5bd1_e995);
    }
  }
  high = Math.imul(a ^ (a >>> 15), 0x85eb_ca6b);
  low = Math.imul(b ^ (b >>> 13), 0xc2b2_ae35);
}
