/** Slice-by-8 tables for the Castagnoli polynomial (RFC 3720, appendix B.4), reflected. */
const TABLES: readonly Uint32Array[] = (() => {
  const tables = Array.from({ length: 8 }, () => new Uint32Array(256));
  const first = tables[0] as Uint32Array;
  for (let i = 0; i < 256; i++) {
    let crc = i;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f6_3b78 : crc >>> 1;
    first[i] = crc >>> 0;
  }
  for (let slice = 1; slice < 8; slice++) {
    const previous = tables[slice - 1] as Uint32Array;
    const table = tables[slice] as Uint32Array;
    for (let i = 0; i < 256; i++) {
      const crc = previous[i] as number;
      table[i] = ((crc >>> 8) ^ (first[crc & 0xff] as number)) >>> 0;
    }
  }
  return tables;
})();
const [T0, T1, T2, T3, T4, T5, T6, T7] = TABLES as [
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
];

/** CRC-32C of `bytes` from `start` to `end` (exclusive), as an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  let crc = 0xffff_ffff;
  let i = start;
  for (; i + 8 <= end; i += 8) {
    const low = crc ^ le32(bytes, i);
    const high = le32(bytes, i + 4);
    crc =
      at(T7, low) ^
      at(T6, low >>> 8) ^
      at(T5, low >>> 16) ^
      at(T4, low >>> 24) ^
      at(T3, high) ^
      at(T2, high >>> 8) ^
      at(T1, high >>> 16) ^
      at(T0, high >>> 24);
  }
  for (; i < end; i++) crc = (crc >>> 8) ^ at(T0, crc ^ (bytes[i] as number));
  return (crc ^ 0xffff_ffff) >>> 0;
}

function le32(bytes: Uint8Array, from: number): number {
  return (
    (bytes[from] as number) |
    ((bytes[from + 1] as number) << 8) |
    ((bytes[from + 2] as number) << 16) |
    ((bytes[from + 3] as number) << 24)
  );
}

function at(table: Uint32Array, index: number): number {
  return table[index & 0xff] as number;
}
