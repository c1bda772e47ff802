/** An RFC 9457 problem body; members beyond the standard's are kept. */
export interface Problem {
  readonly type?: string;
  readonly title?: string;
  readonly status?: number;
  readonly detail?: string;
  readonly instance?: string;
  readonly [member: string]: unknown;
}

/**
 * What can go wrong in `@ondash/http/client`:
 * - `argument`: what the caller gave can't be used.
 * - `status`: the server answered with a status that is no success; `status` and `problem` tell more.
 * - `response`: the answer is not what this API gives (a page instead of an event stream, a body that does not decode).
 * - `network`: no answer: the connection failed, broke off, or stayed silent. The cause is kept.
 */
export type ClientErrorCode = "argument" | "status" | "response" | "network";

/** Thrown by `@ondash/http/client`, and the `cause` of a truncated turn. The message begins with the code in brackets. */
export class ClientError extends Error {
  override readonly name: string = "ClientError";
  /** The brand by which `isClientError` knows it, also across two copies of this package. */
  readonly source: string = "@ondash/http/client";
  readonly code: ClientErrorCode;
  /** The HTTP status, where there was an answer. */
  readonly status: number | undefined;
  /** The problem body, where the server sent one. */
  readonly problem: Problem | undefined;
  constructor(
    code: ClientErrorCode,
    message: string,
    options: ErrorOptions & { readonly status?: number; readonly problem?: Problem | undefined } = {},
  ) {
    super(`[${code}] ${message}`, options);
    this.code = code;
    this.status = options.status;
    this.problem = options.problem;
  }
}

/** Whether `value` is a `ClientError`. */
export function isClientError(value: unknown): value is ClientError {
  return value instanceof Error && (value as Partial<ClientError>).source === "@ondash/http/client";
}
