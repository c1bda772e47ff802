import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";

function written(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter(1); // grows at once
  write(writer);
  return writer.finish();
}

const int32 = fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

describe("varints", () => {
  // Protocol Buffers encoding guide ("Base 128 Varints", "Signed Integers"), which Kafka's protocol guide refers to.
  it.each<[number, number[]]>([
    [0, [0]],
    [1, [1]],
    [150, [0x96, 0x01]],
    [300, [0xac, 0x02]],
    [0xffff_ffff, [0xff, 0xff, 0xff, 0xff, 0x0f]],
  ])("has the known bytes of %d", (value, bytes) => {
    expect([...written((writer) => writer.uvarint(value))]).toEqual(bytes);
  });

  it.each<[number, number]>([
    [0, 0],
    [-1, 1],
    [1, 2],
    [-2, 3],
    [2_147_483_647, 4_294_967_294],
    [-2_147_483_648, 4_294_967_295],
  ])("zigzags %d to %d", (value, zigzag) => {
    expect(written((writer) => writer.varint(value))).toEqual(written((writer) => writer.uvarint(zigzag)));
    expect(written((writer) => writer.varlong(BigInt(value)))).toEqual(written((writer) => writer.uvarint(zigzag)));
  });

  it("come back", () => {
    fc.assert(
      fc.property(fc.nat({ max: 0xffff_ffff }), int32, int64, (unsigned, int, long) => {
        const bytes = written((writer) => {
          writer.uvarint(unsigned);
          writer.varint(int);
          writer.varlong(long);
        });
        const reader = new ByteReader(bytes);
        expect([reader.uvarint(), reader.varint(), reader.varlong(), reader.remaining]).toEqual([
          unsigned,
          int,
          long,
          0,
        ]);
      }),
    );
  });

  it("that are too long are malformed, not wrapped", () => {
    expect(() => new ByteReader(new Uint8Array(6).fill(0x80)).uvarint()).toThrow("[malformed] varint");
    expect(() => new ByteReader(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x10)).uvarint()).toThrow("[malformed] varint");
    expect(() => new ByteReader(new Uint8Array(11).fill(0x80)).varlong()).toThrow("[malformed] varlong");
    expect(() => new ByteReader(Uint8Array.of(...new Uint8Array(9).fill(0xff), 2)).varlong()).toThrow("[malformed]");
  });
});

describe("a reader", () => {
  it("reads nothing beyond its end, even when the buffer goes on", () => {
    const reader = new ByteReader(new Uint8Array(10), 2, 5);
    expect(reader.remaining).toBe(3);
    expect(() => reader.int32()).toThrow("[truncated] 4 bytes wanted, 3 left (byte 2)");
    expect(reader.view(3)).toHaveLength(3);
    expect(() => reader.int8()).toThrow("[truncated] 1 bytes wanted, 0 left (byte 5)");
    expect(() => reader.take(-1)).toThrow("[truncated]");
  });

  it("reads from a view into a larger buffer", () => {
    const whole = Uint8Array.of(9, 9, 0, 0, 0, 7, 9);
    expect(new ByteReader(whole.subarray(2, 6)).int32()).toBe(7);
  });

  it("reads text as it was written, a byte order mark included", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), (text) => {
        const bytes = written((writer) => writer.text(text, (length) => writer.int32(length)));
        const reader = new ByteReader(bytes);
        expect(reader.text(reader.int32())).toBe(text);
      }),
    );
    expect(new ByteReader(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)).text(4)).toBe("\ufeffa");
  });
});

describe("a writer", () => {
  it("writes every fixed type in network order", () => {
    const bytes = written((writer) => {
      writer.int8(-2);
      writer.int16(0x0102);
      writer.int32(-3);
      writer.int64(0x0102_0304_0506_0708n);
      writer.float64(1);
      writer.uuid("00112233-4455-6677-8899-aabbccddeeff");
      writer.raw(Uint8Array.of(7));
    });
    expect(Buffer.from(bytes).toString("hex")).toBe(
      "fe0102fffffffd01020304050607083ff000000000000000112233445566778899aabbccddeeff07",
    );
    const reader = new ByteReader(bytes);
    expect([reader.int8(), reader.int16(), reader.int32(), reader.int64(), reader.float64(), reader.uuid()]).toEqual([
      -2,
      0x0102,
      -3,
      0x0102_0304_0506_0708n,
      1,
      "00112233-4455-6677-8899-aabbccddeeff",
    ]);
  });

  it("sets bytes that were written before", () => {
    const bytes = written((writer) => {
      writer.int32(0);
      writer.int32(0);
      writer.patchInt32(0, -1);
      writer.patchUint32(4, 0xffff_fffe);
    });
    expect([...bytes]).toEqual([255, 255, 255, 255, 255, 255, 255, 254]);
  });
});
