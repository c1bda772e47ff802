import { WireError } from "./error.ts";

/** `socket.request.max.bytes` of Kafka: 100 MiB. */
export const MAX_FRAME_BYTES = 104_857_600;

/** Cuts a byte stream into frames: INT32 length, then that many bytes. */
export interface FrameDecoder {
  /**
   * Takes the next chunk and gives the frames that it completes. Throws a `WireError` of code `frame-size` for a
   * negative length or one above the limit; the stream is then lost.
   */
  push(chunk: Uint8Array): Uint8Array[];
  /** Bytes held of a frame that is not complete. */
  readonly buffered: number;
}

/** Creates a decoder; `maxBytes` bounds a frame's length (default 100 MiB). */
export function createFrameDecoder(options: { readonly maxBytes?: number } = {}): FrameDecoder {
  const maxBytes = options.maxBytes ?? MAX_FRAME_BYTES;
  let chunks: Uint8Array[] = [];
  let buffered = 0;
  let wanted = -1; // length of the frame being read; -1: the length itself is

  /** The first `length` bytes held, as one array. A large frame in many chunks is joined once. */
  const takeBytes = (length: number): Uint8Array => {
    const joined = chunks.length === 1 ? (chunks[0] as Uint8Array) : concat(chunks, buffered);
    chunks = joined.length > length ? [joined.subarray(length)] : [];
    buffered -= length;
    return joined.subarray(0, length);
  };

  return {
    get buffered() {
      return buffered;
    },
    push(chunk) {
      if (chunk.length > 0) chunks.push(chunk);
      buffered += chunk.length;
      const frames: Uint8Array[] = [];
      for (;;) {
        if (wanted < 0) {
          if (buffered < 4) return frames;
          const head = takeBytes(4);
          const length = new DataView(head.buffer, head.byteOffset, 4).getInt32(0);
          if (length < 0 || length > maxBytes) {
            throw new WireError("frame-size", `a frame of ${length} bytes; allowed are 0 to ${maxBytes}`);
          }
          wanted = length;
        }
        if (buffered < wanted) return frames;
        frames.push(wanted === 0 ? new Uint8Array(0) : takeBytes(wanted));
        wanted = -1;
      }
    },
  };
}

/** The frame of a payload made of parts. */
export function encodeFrame(...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const frame = new Uint8Array(4 + length);
  new DataView(frame.buffer).setInt32(0, length);
  let offset = 4;
  for (const part of parts) {
    frame.set(part, offset);
    offset += part.length;
  }
  return frame;
}

function concat(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    joined.set(chunk, offset);
    offset += chunk.length;
  }
  return joined;
}
