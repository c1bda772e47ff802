import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A seeded source of randomness: the same seed gives the same values on every machine. */
export interface Random {
  /** An integer in `min…max`, both inclusive (safe integers). */
  int(min: number, max: number): number;
  /** A number in `[0, 1)` with 32 bits of resolution. */
  unit(): number;
  /** `length` bytes. */
  bytes(length: number): Uint8Array;
  /** An independent source, derived from this one's seed and the labels alone (not from what was drawn). */
  fork(...labels: readonly (string | number)[]): Random;
}

/** Creates the generator for a seed (any safe integer). Algorithm: xoroshiro128+ (pure-rand). */
export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(mix(seed));
  return {
    int: (min, max) => uniformInt(generator, min, max),
    unit: () => uniformInt(generator, 0, 0xffff_ffff) / 0x1_0000_0000,
    bytes: (length) => Uint8Array.from({ length }, () => uniformInt(generator, 0, 255)),
    fork: (...labels) => createRandom(hash32(`${seed}/${labels.join("/")}`)),
  };
}

/** Folds a safe integer to 32 bits so that seeds beyond 2³¹ stay distinct from small ones. */
function mix(seed: number): number {
  return (Math.trunc(seed / 0x1_0000_0000) * 0x9e37_79b1) ^ (seed | 0);
}

/** FNV-1a over UTF-16 code units, with a final avalanche (murmur3's). */
function hash32(text: string): number {
  let hash = 0x811c_9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) | 0;
}
