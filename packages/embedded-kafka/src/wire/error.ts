/** What can be wrong with bytes or values on the wire. */
export type WireErrorCode =
  | "truncated"
  | "malformed"
  | "unknown-api"
  | "unsupported-version"
  | "unencodable"
  | "frame-size"
  | "compression"
  | "connection";

/** Where a `WireError` happened. */
export interface WirePlace {
  /** Byte in the given bytes. */
  readonly offset?: number | undefined;
  /** Field, from the message down: `FetchRequest v12.topics[0].partitions`. */
  readonly path?: string | undefined;
}

/** Thrown by the wire layer. `offset` is where in the given bytes, `path` in which field. */
export class WireError extends Error {
  override readonly name: string = "WireError";
  /** The brand by which `isWireError` knows it, also across two copies of this package. */
  readonly source: string = "@ondash/embedded-kafka/wire";
  readonly code: WireErrorCode;
  readonly offset: number | undefined;
  readonly path: string | undefined;
  readonly #what: string;
  constructor(code: WireErrorCode, what: string, options: ErrorOptions & WirePlace = {}) {
    const where = [options.path, options.offset === undefined ? undefined : `byte ${options.offset}`].filter(Boolean);
    super(`[${code}] ${what}${where.length > 0 ? ` (${where.join(", ")})` : ""}`, { cause: options.cause });
    this.code = code;
    this.#what = what;
    this.offset = options.offset;
    this.path = options.path;
  }

  /** The same error seen from the field, element or message around it. */
  within(outer: string): WireError {
    const path = this.path === undefined ? outer : `${outer}${this.path.startsWith("[") ? "" : "."}${this.path}`;
    return new WireError(this.code, this.#what, { cause: this.cause, offset: this.offset, path });
  }
}

/** Whether `value` is a `WireError`. */
export function isWireError(value: unknown): value is WireError {
  return value instanceof Error && (value as Partial<WireError>).source === "@ondash/embedded-kafka/wire";
}
