/** Hash of bytes, taken on from a seed (FNV-1a's step with another multiplier, 32 bits). Not cryptographic. */
export function hashBytes(seed: number, bytes: Uint8Array, start: number, end: number): number {
  let hash = seed;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x0100_0193);
  return hash ^ (hash >>> 15);
}

/** A hash like `hashBytes`, of other bits. */
export function hashBytesToo(seed: number, bytes: Uint8Array, start: number, end: number): number {
  let hash = seed;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x5bd1_e995) ^ (hash >>> 13);
  return hash ^ (hash >>> 16);
}

/** Whether all bytes are ASCII. */
export function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  let all = 0;
  for (let at = start; at < end; at++) all |= bytes[at] as number;
  return all < 0x80;
}

/** Whether there is a byte that is a visible ASCII character: a string with one is not blank. */
export function hasVisibleAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte > 0x20 && byte < 0x7f) return true;
  }
  return false;
}

/** Whether `bytes[start…end)` equals `others`, from `from` on. */
export function equalBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  others: Uint8Array,
  from = 0,
  to: number = others.length,
): boolean {
  if (end - start !== to - from) return false;
  for (let at = start, other = from; at < end; at++, other++) if (bytes[at] !== others[other]) return false;
  return true;
}
