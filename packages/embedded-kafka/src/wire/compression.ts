import { createRequire } from "node:module";
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { WireError } from "./error.ts";
import { checkLz4Frame } from "./lz4-frame.ts";
import { inflateSnappyBlock } from "./snappy-block.ts";

/** Codec of a record batch: bits 0-2 of its attributes. */
export type Compression = "none" | "gzip" | "snappy" | "lz4" | "zstd";
/** The codecs, index = number on the wire. */
export const compressions: readonly Compression[] = ["none", "gzip", "snappy", "lz4", "zstd"];

// Loaded only when a batch asks for them: most test runs never do.
const require = createRequire(import.meta.url);
interface Snappy {
  compress(bytes: Uint8Array): Uint8Array;
}
interface Lz4 {
  compressFrameSync(bytes: Uint8Array): Uint8Array;
  decompressFrameSync(bytes: Uint8Array): Uint8Array;
}
const snappy = (): Snappy => require("snappyjs") as Snappy;
const lz4 = (): Lz4 => require("lz4-napi") as Lz4;

/** Far above what any topic takes, far below what a bomb of a megabyte would need to take the process down. */
const MAX_INFLATED = 128 * 1024 * 1024;

/** Compresses the records section of a batch. Snappy is written in xerial's framing, as the Java client does. */
export function compress(codec: Compression, bytes: Uint8Array): Uint8Array {
  switch (codec) {
    case "none":
      return bytes;
    case "gzip":
      return gzipSync(bytes);
    case "snappy":
      return encodeXerial(bytes);
    case "lz4":
      return lz4().compressFrameSync(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    case "zstd":
      return zstdCompressSync(bytes);
    default:
      throw new WireError("compression", `no codec ${String(codec satisfies never)}`);
  }
}

/**
 * The inverse of `compress`; raw snappy is read too. Throws a `WireError` of code `compression`, also for what inflates
 * to more than `maxBytes` (default 128 MiB).
 */
export function decompress(codec: Compression, bytes: Uint8Array, maxBytes: number = MAX_INFLATED): Uint8Array {
  try {
    switch (codec) {
      case "none":
        return bytes;
      case "gzip":
        return gunzipSync(bytes, { maxOutputLength: maxBytes });
      case "snappy":
        return isXerial(bytes) ? decodeXerial(bytes, maxBytes) : inflateSnappyBlock(bytes, maxBytes);
      case "lz4":
        checkLz4Frame(bytes, maxBytes);
        return lz4().decompressFrameSync(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
      case "zstd":
        return zstdDecompressSync(bytes, { maxOutputLength: maxBytes });
      default:
        throw new RangeError(`no codec ${String(codec satisfies never)}`);
    }
  } catch (cause) {
    throw new WireError("compression", `${codec} records do not decompress`, { cause });
  }
}

/** `\x82SNAPPY\0`, INT32 version 1, INT32 compatible version 1, then blocks: INT32 length, raw snappy. */
const XERIAL_MAGIC = Uint8Array.of(0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00);
const XERIAL_HEADER = 16;
const XERIAL_BLOCK = 32 * 1024;

function isXerial(bytes: Uint8Array): boolean {
  return bytes.length >= XERIAL_HEADER && XERIAL_MAGIC.every((byte, index) => bytes[index] === byte);
}

function encodeXerial(bytes: Uint8Array): Uint8Array {
  const header = Buffer.alloc(XERIAL_HEADER);
  header.set(XERIAL_MAGIC);
  header.writeInt32BE(1, 8);
  header.writeInt32BE(1, 12);
  const parts: Uint8Array[] = [header];
  for (let offset = 0; offset < bytes.length; offset += XERIAL_BLOCK) {
    const block = snappy().compress(bytes.slice(offset, offset + XERIAL_BLOCK));
    const length = Buffer.alloc(4);
    length.writeInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
}

function decodeXerial(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: Uint8Array[] = [];
  let offset = XERIAL_HEADER;
  let left = maxBytes;
  while (offset < bytes.length) {
    const length = view.getInt32(offset);
    offset += 4;
    if (length < 0 || offset + length > bytes.length) throw new RangeError(`a block of ${length} bytes at ${offset}`);
    const block = inflateSnappyBlock(bytes.subarray(offset, offset + length), left);
    left -= block.length;
    parts.push(block);
    offset += length;
  }
  return Buffer.concat(parts);
}
