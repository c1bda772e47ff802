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

/** Thrown by the wire layer. `offset` is where in the given bytes, `path` in which field. */
export class WireError extends Error {
  override readonly name: string = "WireError";
  readonly source: string = "@ondash/embedded-kafka/wire";
  readonly code: WireErrorCode;
  readonly offset: number | undefined;
  readonly path: string | undefined;
  constructor(
    code: WireErrorCode,
    message: string,
    options: ErrorOptions & { readonly offset?: number; readonly path?: string } = {},
  ) {
    const where = [options.path, options.offset === undefined ? undefined : `byte ${options.offset}`].filter(Boolean);
    super(`[${code}] ${message}${where.length > 0 ? ` (${where.join(", ")})` : ""}`, { cause: options.cause });
    this.code = code;
    this.offset = options.offset;
    this.path = options.path;
  }
}

/** Whether `value` is a `WireError`. */
export function isWireError(value: unknown): value is WireError {
  return value instanceof Error && (value as Partial<WireError>).source === "@ondash/embedded-kafka/wire";
}
