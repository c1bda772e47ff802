/** Length of what `textHash` gives. */
export const TEXT_HASH_LENGTH = 12;

/**
 * 62 bits of a text's UTF-16 code units, as 12 characters of base 36. It stands for ids in event ids, where the ids
 * themselves would be too long; it is no protection against somebody who wants two texts to meet. Two multiplicative
 * hashes over the same text, each finished by mixing in the other (the construction known as cyrb53, not truncated).
 */
export function textHash(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 2_654_435_761);
    b = Math.imul(b ^ unit, 1_597_334_677);
  }
  const mixedA = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
  const mixedB = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(mixedA ^ (mixedA >>> 13), 3_266_489_909);
  return half(mixedA) + half(mixedB);
}

/** 31 bits fill six digits of base 36. */
function half(bits: number): string {
  return (bits >>> 1).toString(36).padStart(TEXT_HASH_LENGTH / 2, "0");
}
