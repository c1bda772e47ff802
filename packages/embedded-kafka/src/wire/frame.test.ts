import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFrameDecoder, encodeFrame, MAX_FRAME_BYTES } from "./frame.ts";

describe("a frame decoder", () => {
  it("gives the same frames however the stream is cut", () => {
    const payloads = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 8 });
    fc.assert(
      fc.property(payloads, fc.array(fc.nat({ max: 20 })), (frames, cuts) => {
        const stream = Buffer.concat(frames.map((payload) => encodeFrame(payload)));
        const decoder = createFrameDecoder();
        const seen: number[][] = [];
        let at = 0;
        for (const cut of [...cuts, stream.length]) {
          for (const frame of decoder.push(stream.subarray(at, at + cut))) seen.push([...frame]);
          at = Math.min(stream.length, at + cut);
        }
        expect(seen).toEqual(frames.map((payload) => [...payload]));
        expect(decoder.buffered).toBe(0);
      }),
    );
  });

  it("holds what is not complete", () => {
    const decoder = createFrameDecoder();
    expect(decoder.push(Uint8Array.of(0, 0, 0, 3, 1))).toEqual([]);
    expect(decoder.buffered).toBe(1);
    expect(decoder.push(Uint8Array.of(2, 3, 0, 0))).toEqual([Uint8Array.of(1, 2, 3)]);
    expect(decoder.buffered).toBe(2);
  });

  it.each<[string, number[]]>([
    ["negative", [0xff, 0xff, 0xff, 0xff]],
    ["above the limit", [0, 0, 0, 11]],
    ["an HTTP request", [...Buffer.from("GET / HTTP/1.1\r\n\r\n")]],
  ])("refuses a length at once, without waiting for so many bytes: %s", (_, bytes) => {
    const decoder = createFrameDecoder({ maxBytes: 10 });
    expect(() => decoder.push(Uint8Array.of(...bytes))).toThrow(/^\[frame-size\] a frame of -?\d+ bytes/);
  });

  it("takes 100 MiB by default and not a byte more, as socket.request.max.bytes does", () => {
    expect(MAX_FRAME_BYTES).toBe(100 * 1024 * 1024);
    expect(createFrameDecoder().push(Uint8Array.of(0x06, 0x40, 0, 0))).toEqual([]);
    expect(() => createFrameDecoder().push(Uint8Array.of(0x06, 0x40, 0, 1))).toThrow("[frame-size]");
  });
});

describe("encodeFrame", () => {
  it("joins parts behind their length", () => {
    expect(encodeFrame(Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3))).toEqual(
      Uint8Array.of(0, 0, 0, 3, 1, 2, 3),
    );
    expect(encodeFrame()).toEqual(new Uint8Array(4));
  });
});
