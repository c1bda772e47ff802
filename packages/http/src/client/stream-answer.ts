import { ClientError } from "./error.ts";
import { statusError, wordsOf } from "./request.ts";

/** An answer that is not the event stream. */
export interface Refusal {
  readonly why: string;
  readonly cause?: unknown;
  /** Whether trying again is of no use. */
  readonly final?: boolean;
  /** The pause that the server asked for (`Retry-After` in seconds), in milliseconds. */
  readonly retryAfterMs?: number;
}

/** What an answer is good for. */
export type StreamAnswer =
  | { readonly kind: "stream"; readonly body: NonNullable<Response["body"]> }
  /** As EventSource has it, 204 says that there is nothing to come. */
  | { readonly kind: "nothing" }
  | ({ readonly kind: "refusal" } & Refusal);

/** What an answer to the request for the event stream means. 5xx, 408 and 429 are worth another try. */
export async function readAnswer(response: Response): Promise<StreamAnswer> {
  const { status, body } = response;
  if (!response.ok) {
    const cause = await statusError(response, "the event stream");
    const final = status < 500 && status !== 408 && status !== 429;
    const seconds = Number(response.headers.get("retry-after") ?? 0);
    return { kind: "refusal", why: wordsOf(cause), cause, final, retryAfterMs: seconds > 0 ? seconds * 1000 : 0 };
  }
  if (status === 204) return { kind: "nothing" };
  const type = response.headers.get("content-type") ?? "no content type";
  if (!/^text\/event-stream\b/i.test(type)) {
    await body?.cancel();
    const cause = new ClientError("response", `expected text/event-stream, got ${type}`, { status });
    return { kind: "refusal", why: wordsOf(cause), cause, final: true };
  }
  return body === null ? { kind: "refusal", why: "the answer has no body" } : { kind: "stream", body };
}
