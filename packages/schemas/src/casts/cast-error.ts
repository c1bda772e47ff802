/**
 * Why something of one version can't be said in the other: a field's value (`value`), an unknown field whose number the
 * other version uses (`unknown-field`), an event that is not of the turn (`turn`) or not later than the one before it
 * (`order`), a turn that has no completion (`no-end`), an event after the turn's final completion (`after-end`).
 */
export type CastErrorCode = "value" | "unknown-field" | "turn" | "order" | "no-end" | "after-end";

/** What a cast was about to read. */
export interface CastSubject {
  /** `event` of an event's id, or `message` of a stored message's. */
  readonly kind: "event" | "message";
  readonly id: string;
  /** Its version, as `chat.v1`. */
  readonly from: "chat.v1" | "chat.v2";
  /** The version that it is to be cast to. */
  readonly to: "chat.v1" | "chat.v2";
}

/**
 * Thrown by the casts between chat.v1 and chat.v2 for what the other version can't hold: never a default in its place.
 * The message begins with the code in brackets and names the event or message, and the field.
 */
export class CastError extends Error {
  override readonly name: string = "CastError";
  /** The brand by which `isCastError` knows it, also across two copies of this package. */
  readonly source: string = "@ondash/schemas/cast";
  readonly code: CastErrorCode;
  readonly subject: CastSubject;
  /** Path from the event or message inwards, in the names of the .proto file: `content[2].chart.chart_type`; "" for none. */
  readonly field: string;
  constructor(code: CastErrorCode, subject: CastSubject, field: string, detail: string) {
    const id = subject.id === "" ? "without an id" : subject.id;
    super(`[${code}] ${subject.kind} ${id}: ${field === "" ? "" : `${field}: `}${detail}`);
    this.code = code;
    this.subject = subject;
    this.field = field;
  }
}

/** Whether `value` is a `CastError`. */
export function isCastError(value: unknown): value is CastError {
  return value instanceof Error && (value as Partial<CastError>).source === "@ondash/schemas/cast";
}
