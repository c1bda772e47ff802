/**
 * What can go wrong in `@ondash/contract`:
 * - `recording`: a recording can't be read; the message is `FILE:LINE: why`.
 * - `observation`: the monitor was fed with something that can't have been observed (out of order, a foreign topic).
 * - `message`: a stored message that is not ProtoJSON of its schema version.
 */
export type ContractErrorCode = "recording" | "observation" | "message";

/** Thrown by `@ondash/contract` on misuse and on unreadable input; a broken contract is returned, never thrown. */
export class ContractError extends Error {
  override readonly name: string = "ContractError";
  /** The brand by which `isContractError` knows it, also across two copies of this package. */
  readonly source: string = "@ondash/contract";
  readonly code: ContractErrorCode;
  /** The message without its code: for a recording `FILE:LINE: why`, as a command line prints it. */
  readonly detail: string;
  constructor(code: ContractErrorCode, detail: string, options?: ErrorOptions) {
    super(`[${code}] ${detail}`, options);
    this.code = code;
    this.detail = detail;
  }
}

/** Whether `value` is a `ContractError`. */
export function isContractError(value: unknown): value is ContractError {
  return value instanceof Error && (value as Partial<ContractError>).source === "@ondash/contract";
}
