import { SchemasError } from "./error.ts";

const seed = 0x9747b28c;
const multiplier = 0x5bd1e995;

/**
 * Murmur2 as Kafka's Java client has it (`org.apache.kafka.common.utils.Utils.murmur2`, seed 0x9747b28c).
 * @returns a signed 32-bit integer, as in Java.
 */
export function murmur2(bytes: Uint8Array): number {
  const { length } = bytes;
  let hash = seed ^ length;
  const whole = length & ~3;
  for (let i = 0; i < whole; i += 4) {
    let word =
      byteAt(bytes, i) | (byteAt(bytes, i + 1) << 8) | (byteAt(bytes, i + 2) << 16) | (byteAt(bytes, i + 3) << 24);
    word = Math.imul(word, multiplier);
    word ^= word >>> 24;
    hash = Math.imul(hash, multiplier) ^ Math.imul(word, multiplier);
  }
  const rest = length & 3;
  if (rest > 0) {
    if (rest === 3) hash ^= byteAt(bytes, whole + 2) << 16;
    if (rest >= 2) hash ^= byteAt(bytes, whole + 1) << 8;
    hash = Math.imul(hash ^ byteAt(bytes, whole), multiplier);
  }
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 15);
}

/** The index is in range by construction: `undefined` would be 0, which no caller relies on. */
function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

/**
 * The partition of a key as Kafka's Java client chooses it: `(murmur2(key) & 0x7fffffff) % partitions`.
 * @param partitions a positive integer; else a `SchemasError` of code `argument`.
 * @returns 0-based.
 */
export function partitionOf(key: Uint8Array, partitions: number): number {
  if (!Number.isInteger(partitions) || partitions < 1) {
    throw new SchemasError("argument", `a topic has at least 1 partition, as an integer; got ${partitions}`);
  }
  return (murmur2(key) & 0x7fff_ffff) % partitions;
}
