/**
 * What can go wrong in `@ondash/emitter`. Misuse, thrown: `speed` (a speed that is none), `held` (a held send, and nobody
 * to grant the barrier). Infrastructure, as a result's failure: `indefinite` (nobody knows what became of a record).
 */
export type EmitterErrorCode = "speed" | "held" | "indefinite";

/** An error of `@ondash/emitter`. The message begins with the code in brackets. */
export class EmitterError extends Error {
  override readonly name: string = "EmitterError";
  /** The brand by which `isEmitterError` knows it, also across two copies of this package. */
  readonly source: string = "@ondash/emitter";
  readonly code: EmitterErrorCode;
  constructor(code: EmitterErrorCode, message: string, options?: ErrorOptions) {
    super(`[${code}] ${message}`, options);
    this.code = code;
  }
}

/** Whether `value` is an `EmitterError`. */
export function isEmitterError(value: unknown): value is EmitterError {
  return value instanceof Error && (value as Partial<EmitterError>).source === "@ondash/emitter";
}
