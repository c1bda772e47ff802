import type { DescMessage } from "@bufbuild/protobuf";

/** One golden vector before it is written down. */
export interface GoldenCase {
  readonly desc: DescMessage;
  /** Kebab-case; the files are called after it. */
  readonly name: string;
  /** One clause: what the bytes are, or what is wrong with them. */
  readonly what: string;
  readonly bytes: Uint8Array;
  /**
   * `canonical`: the bytes that a writer makes of the JSON. `decode-only`: sound, but nobody's writer makes them.
   * `reject`: no encoding under strict decoding.
   */
  readonly expect: "canonical" | "decode-only" | "reject";
  /** decode-only: why the message has no JSON. */
  readonly noJson?: string;
  /** Decoders that make something else of it. */
  readonly elsewhere?: readonly Elsewhere[];
}

/**
 * An implementation of protobuf, as Python's `api_implementation.Type()` names it: `upb` (PyPI's packages), `cpp` (C++,
 * Debian 12's package), `python` (the fallback in pure Python).
 */
export type Decoder = "upb" | "cpp" | "python";

/** What decoders make of bytes that strict decoding refuses, or reads otherwise. */
export interface Elsewhere {
  readonly by: readonly Decoder[];
  readonly because: string;
  /** What they write again for what they have read. */
  readonly rewritten: Uint8Array;
}

/** The bytes of several pieces in a row. */
export function concat(...pieces: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}
