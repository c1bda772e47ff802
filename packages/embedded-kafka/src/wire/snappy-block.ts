/** No element of snappy gives more for its bytes: a copy of 64 bytes takes three. */
const MAX_RATIO = 64 / 3;

/**
 * Inflates one block of raw snappy (Snappy compressed format description): a varint of the length, then literals and
 * copies of what came before. Throws a `RangeError` for what is no such block, or inflates to more than `maxBytes`.
 *
 * Our own, as snappyjs takes a literal's length of four bytes for a signed number: with a negative one it goes back to
 * where it was and works for a minute, and the process with it. Nor does it look at where a copy or the block ends.
 */
export function inflateSnappyBlock(bytes: Uint8Array, maxBytes: number): Uint8Array {
  let at = 0;
  const littleEndian = (count: number): number => {
    if (at + count > bytes.length) throw new RangeError(`snappy: cut at byte ${at}`);
    let value = 0;
    for (let index = 0; index < count; index++) value += (bytes[at + index] ?? 0) * 2 ** (8 * index);
    at += count;
    return value;
  };

  let length = 0;
  for (let shift = 0, more = true; more; shift += 7) {
    const byte = littleEndian(1);
    length += (byte & 0x7f) * 2 ** shift;
    more = byte >= 0x80;
    if (length > maxBytes || shift > 28) throw new RangeError(`snappy: more than ${maxBytes} bytes`);
  }
  if (length > bytes.length * MAX_RATIO)
    throw new RangeError(`snappy: ${length} bytes do not fit into ${bytes.length}`);

  const out = new Uint8Array(length);
  let end = 0;
  const room = (count: number): void => {
    if (end + count > length) throw new RangeError(`snappy: more than the ${length} bytes it says`);
  };
  while (at < bytes.length) {
    const tag = littleEndian(1);
    const high = tag >> 2;
    if ((tag & 3) === 0) {
      const count = 1 + (high < 60 ? high : littleEndian(high - 59));
      if (at + count > bytes.length) throw new RangeError(`snappy: a literal of ${count} bytes at byte ${at}`);
      room(count);
      out.set(bytes.subarray(at, at + count), end);
      at += count;
      end += count;
    } else {
      const isShort = (tag & 3) === 1;
      const count = isShort ? 4 + (high & 7) : 1 + high;
      const offset = isShort ? (tag >> 5) * 256 + littleEndian(1) : littleEndian((tag & 3) === 2 ? 2 : 4);
      if (offset === 0 || offset > end) throw new RangeError(`snappy: a copy from ${offset} back of ${end} bytes`);
      room(count);
      // It may copy what it writes.
      for (let index = 0; index < count; index++, end++) out[end] = out[end - offset] ?? 0;
    }
  }
  if (end < length) throw new RangeError(`snappy: ${end} bytes, not the ${length} it says`);
  return out;
}
