const MAGIC = 0x184d_2204;
const BLOCK_SIZES: Readonly<Record<number, number>> = { 4: 1 << 16, 5: 1 << 18, 6: 1 << 20, 7: 1 << 22 };
/** No LZ4 sequence gives more than 255 bytes for one. */
const MAX_RATIO = 255;

/**
 * Looks at an LZ4 frame (LZ4 Frame Format Description 1.6) without inflating it: its descriptor and the sizes of its
 * blocks. Throws a `RangeError` for a frame that Kafka does not read (blocks that depend on each other), that is cut, or
 * that could inflate to more than `maxBytes`; the library that inflates has no such limit.
 */
export function checkLz4Frame(bytes: Uint8Array, maxBytes: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let offset = 0;
  let bound = 0;
  // Frames may follow one another. Reads beyond the end throw a RangeError by themselves.
  do {
    if (view.getUint32(offset, true) !== MAGIC) throw new RangeError("no LZ4 frame");
    const flags = view.getUint8(offset + 4);
    if (!(flags & 0x20)) throw new RangeError("an LZ4 frame of dependent blocks, which Kafka does not read");
    const blockSize = BLOCK_SIZES[(view.getUint8(offset + 5) >> 4) & 7];
    if (blockSize === undefined) throw new RangeError("an LZ4 frame without a block size");
    offset += 7 + (flags & 0x08 ? 8 : 0) + (flags & 0x01 ? 4 : 0);
    for (;;) {
      const word = view.getUint32(offset, true);
      offset += 4;
      if (word === 0) break;
      const length = word & 0x7fff_ffff;
      bound += word >>> 31 === 1 ? length : Math.min(blockSize, length * MAX_RATIO);
      if (bound > maxBytes) throw new RangeError(`an LZ4 frame that may inflate to more than ${maxBytes} bytes`);
      offset += length + (flags & 0x10 ? 4 : 0);
    }
    if (flags & 0x04) offset += 4;
  } while (offset + 4 <= bytes.length);
}
