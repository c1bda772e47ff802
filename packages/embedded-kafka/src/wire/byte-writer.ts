import { WireError } from "./error.ts";

const utf8 = new TextEncoder();
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Writes Kafka's primitive types into a buffer that grows. */
export class ByteWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#length;
  }

  /** What was written so far; a view, valid until the next write. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(length: number): number {
    const start = this.#length;
    const wanted = start + length;
    if (wanted > this.#bytes.length) {
      const bytes = new Uint8Array(Math.max(wanted, this.#bytes.length * 2));
      bytes.set(this.#bytes.subarray(0, start));
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer);
    }
    this.#length = wanted;
    return start;
  }

  int8(value: number): void {
    // The view after growing, not the one before.
    const at = this.#grow(1);
    this.#view.setInt8(at, value);
  }
  int16(value: number): void {
    const at = this.#grow(2);
    this.#view.setInt16(at, value);
  }
  int32(value: number): void {
    const at = this.#grow(4);
    this.#view.setInt32(at, value);
  }
  int64(value: bigint): void {
    const at = this.#grow(8);
    this.#view.setBigInt64(at, value);
  }
  float64(value: number): void {
    const at = this.#grow(8);
    this.#view.setFloat64(at, value);
  }
  uvarint(value: number): void {
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.int8((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.int8(rest);
  }
  varint(value: number): void {
    this.uvarint((value << 1) ^ (value >> 31));
  }
  varlong(value: bigint): void {
    let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
    while (rest >= 0x80n) {
      this.int8(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.int8(Number(rest));
  }
  raw(bytes: Uint8Array): void {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
  }
  /** UTF-8 bytes of the text, after whatever `prefix` writes for their length. */
  text(text: string, prefix: (length: number) => void): void {
    const bytes = utf8.encode(text);
    prefix(bytes.length);
    this.raw(bytes);
  }
  uuid(text: string): void {
    if (!UUID.test(text)) throw new WireError("unencodable", `${JSON.stringify(text)} is not a UUID`);
    const hex = text.replaceAll("-", "");
    for (let i = 0; i < 32; i += 2) this.int8(Number.parseInt(hex.slice(i, i + 2), 16));
  }
  /** Sets four bytes that were written before, for a length or checksum known only later. */
  patchInt32(at: number, value: number): void {
    this.#view.setInt32(at, value);
  }
  patchUint32(at: number, value: number): void {
    this.#view.setUint32(at, value);
  }
}
