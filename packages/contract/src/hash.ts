import type { RecordObservation } from "./observation.ts";

/**
 * A 53-bit hash that takes bytes one after the other (cyrb53 by bryc, public domain: two multiplicative 32-bit lanes,
 * mixed at the end). Not cryptographic: it tells accidental differences, and nobody gains by a collision.
 */
interface Hasher {
  bytes(bytes: Uint8Array): void;
  number(value: number): void;
  digest(): number;
}

function createHasher(): Hasher {
  let h1 = 0xdead_beef;
  let h2 = 0x41c6_ce57;
  const mix = (value: number): void => {
    h1 = Math.imul(h1 ^ value, 0x9e37_79b1);
    h2 = Math.imul(h2 ^ value, 0x5f35_6495);
  };
  return {
    bytes(bytes) {
      for (const byte of bytes) mix(byte);
    },
    number: mix,
    digest() {
      let a = Math.imul(h1 ^ (h1 >>> 16), 0x85eb_ca6b) ^ Math.imul(h2 ^ (h2 >>> 13), 0xc2b2_ae35);
      let b = Math.imul(h2 ^ (h2 >>> 16), 0x85eb_ca6b) ^ Math.imul(h1 ^ (h1 >>> 13), 0xc2b2_ae35);
      a = Math.imul(a ^ (a >>> 16), 0x85eb_ca6b);
      b = Math.imul(b ^ (b >>> 16), 0xc2b2_ae35);
      return 0x1_0000_0000 * (b & 0x1f_ffff) + (a >>> 0);
    },
  };
}

/**
 * Hash of what must not change when an offset is read again: key, headers, value. Headers are taken by name (order
 * across names is not kept by every client), in their order within one name.
 */
export function contentHash(record: RecordObservation): number {
  const hasher = createHasher();
  const part = (bytes: Uint8Array | null): void => {
    hasher.number(bytes === null ? -1 : bytes.length);
    if (bytes !== null) hasher.bytes(bytes);
  };
  part(record.key);
  part(record.value);
  const headers = record.headers.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  for (const [name, value] of headers) {
    hasher.number(name.length);
    for (let at = 0; at < name.length; at++) hasher.number(name.charCodeAt(at));
    part(value);
  }
  return hasher.digest();
}
