/** What a program has written, of which only so much is kept. */
export interface KeptOutput {
  add(chunk: Uint8Array): void;
  /** The beginning and the end, with a line between them that says how much was left out. */
  text(): string;
}

/** Bytes kept of the beginning: what it said when it started. */
const HEAD_BYTES = 16_384;
/** Bytes kept of the end: what it said before it died. */
const TAIL_BYTES = 49_152;

/** Creates the empty output; at most `head` + 2 × `tail` bytes are held at any time. */
export function createKeptOutput(head: number = HEAD_BYTES, tail: number = TAIL_BYTES): KeptOutput {
  let first = new Uint8Array();
  let last = new Uint8Array();
  let leftOut = 0;
  return {
    add(chunk) {
      const room = head - first.length;
      if (room > 0) first = join(first, chunk.subarray(0, room));
      const rest = chunk.subarray(Math.max(0, room));
      if (rest.length === 0) return;
      // Of a long chunk only its end can stay.
      const over = Math.max(0, rest.length - tail);
      last = join(last, rest.subarray(over));
      leftOut += over;
      if (last.length <= 2 * tail) return;
      leftOut += last.length - tail;
      last = last.slice(-tail);
    },
    text() {
      const utf8 = new TextDecoder();
      const over = Math.max(0, last.length - tail);
      if (leftOut + over === 0) return utf8.decode(join(first, last));
      const gap = `… ${leftOut + over} bytes left out …`;
      return `${utf8.decode(first)}\n${gap}\n${utf8.decode(last.subarray(over))}`;
    },
  };
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
