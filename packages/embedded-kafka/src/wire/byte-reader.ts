import { WireError } from "./error.ts";

// Not fatal: Kafka too reads bytes that are no UTF-8 as U+FFFD, and serves the request.
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Reads Kafka's primitive types (protocol guide, "Protocol Primitive Types") from a buffer, never past its end. */
export class ByteReader {
  offset: number;
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #end: number;

  constructor(bytes: Uint8Array, offset = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.offset = offset;
    this.#end = end;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.#end - this.offset;
  }

  /** Moves on by `length` bytes and gives where they start; a length that is not there is an error, never an allocation. */
  take(length: number): number {
    if (length < 0 || length > this.remaining) {
      throw new WireError("truncated", `${length} bytes wanted, ${this.remaining} left`, { offset: this.offset });
    }
    const start = this.offset;
    this.offset += length;
    return start;
  }

  int8(): number {
    return this.#view.getInt8(this.take(1));
  }
  int16(): number {
    return this.#view.getInt16(this.take(2));
  }
  int32(): number {
    return this.#view.getInt32(this.take(4));
  }
  uint32(): number {
    return this.#view.getUint32(this.take(4));
  }
  int64(): bigint {
    return this.#view.getBigInt64(this.take(8));
  }
  float64(): number {
    return this.#view.getFloat64(this.take(8));
  }

  /** UNSIGNED_VARINT: at most 5 bytes and 32 bits. */
  uvarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#view.getUint8(this.take(1));
      if (shift === 28 && byte > 0x0f) break;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new WireError("malformed", "varint of more than 32 bits", { offset: this.offset });
  }

  /** VARINT: zigzag, 32 bits. */
  varint(): number {
    const value = this.uvarint();
    return (value >>> 1) ^ -(value & 1);
  }

  /** VARLONG: zigzag, at most 10 bytes and 64 bits. */
  varlong(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#view.getUint8(this.take(1));
      if (shift === 63n && byte > 1) break;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return (value >> 1n) ^ -(value & 1n);
    }
    throw new WireError("malformed", "varlong of more than 64 bits", { offset: this.offset });
  }

  /** A view of the next `length` bytes. */
  view(length: number): Uint8Array {
    const start = this.take(length);
    return this.bytes.subarray(start, start + length);
  }

  text(length: number): string {
    const start = this.take(length);
    // Most strings are short ASCII (topics, ids), for which a loop is several times faster than a TextDecoder.
    if (length <= 64) {
      let text = "";
      let index = start;
      for (; index < start + length; index++) {
        const unit = this.bytes[index] ?? 0;
        if (unit >= 0x80) break;
        text += String.fromCharCode(unit);
      }
      if (index === start + length) return text;
    }
    return utf8.decode(this.bytes.subarray(start, start + length));
  }

  uuid(): string {
    const bytes = this.view(16);
    let hex = "";
    for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }
}
