// The two platform classes that this package and what it imports may use, and nothing else of any platform: with
// `"types": []` neither `node:` modules nor timers nor fetch are there to be used. Known to tsconfig.json here only.

declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(label?: string, options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean });
  decode(input?: Uint8Array): string;
}

/** Named by the type of a record sink in @ondash/schemas; this package calls none. */
interface AbortSignal {
  readonly aborted: boolean;
}
