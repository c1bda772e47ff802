const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const NONE = 255;
const VALUES = new Uint8Array(128).fill(NONE);
for (let index = 0; index < ALPHABET.length; index++) VALUES[ALPHABET.charCodeAt(index)] = index;

/** Bytes as base64: RFC 4648 section 4, with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  let part = "";
  for (let index = 0; index < bytes.length; index += 3) {
    const left = bytes.length - index;
    const word = ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    part += ALPHABET.charAt(word >>> 18) + ALPHABET.charAt((word >>> 12) & 63);
    part += left > 1 ? ALPHABET.charAt((word >>> 6) & 63) : "=";
    part += left > 2 ? ALPHABET.charAt(word & 63) : "=";
    if (part.length >= 8_192) {
      parts.push(part);
      part = "";
    }
  }
  return parts.join("") + part;
}

/**
 * The bytes of base64 text as `encodeBase64` writes it, or undefined for any other: another alphabet, white space,
 * missing padding, bits that are not zero behind the last byte. So text and bytes determine each other.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const digits = text.length - padding;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let word = 0;
  let written = 0;
  for (let index = 0; index < digits; index++) {
    const value = VALUES[text.charCodeAt(index)] ?? NONE;
    if (value === NONE) return undefined;
    word = ((word << 6) | value) & 0xff_ffff;
    if (index % 4 !== 3) continue;
    bytes[written++] = word >>> 16;
    bytes[written++] = (word >>> 8) & 255;
    bytes[written++] = word & 255;
  }
  if (padding === 1) {
    if ((word & 3) !== 0) return undefined;
    bytes[written] = (word >>> 10) & 255;
    bytes[written + 1] = (word >>> 2) & 255;
  } else if (padding === 2) {
    if ((word & 15) !== 0) return undefined;
    bytes[written] = (word >>> 4) & 255;
  }
  return bytes;
}
