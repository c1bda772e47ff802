import { cancelMessage, isClientError, postMessage, streamTurn } from "@ondash/http/client";
import type { TurnAction } from "./turn.ts";

/** Where the backend is, and which conversation this page shows. */
export interface Backend {
  /** "" for the page's own origin. */
  readonly baseUrl: string;
  readonly conversationId: string;
  /** Milliseconds before a broken connection is opened again the first time; default: the client's own. */
  readonly retryMs?: number;
}

/** Asks, and tells step by step what comes back. Resolves when the turn is over, however it ended; it never rejects. */
export async function ask(
  backend: Backend,
  text: string,
  signal: AbortSignal,
  dispatch: (action: TurnAction) => void,
): Promise<void> {
  try {
    const { messageId } = await postMessage({ ...backend, text, signal });
    dispatch({ type: "accepted", messageId });
    const turn = streamTurn({ ...backend, messageId, maxAttempts: 4, signal });
    for await (const { event } of turn) dispatch({ type: "event", event });
    const end = await turn.ended;
    if (end.kind === "truncated") dispatch({ type: "left", as: "truncated", why: end.why });
  } catch (error) {
    if (signal.aborted) dispatch({ type: "left", as: "cancelled" });
    else dispatch({ type: "left", as: "refused", why: reasonOf(error) });
  }
}

/** Tells the backend to stop. That it can't be told changes nothing for the user, who has left this answer. */
export async function cancel(backend: Backend, messageId: string): Promise<void> {
  try {
    await cancelMessage({ ...backend, messageId });
  } catch (error) {
    if (!isClientError(error)) throw error;
  }
}

/** In the server's own words where it gave some. */
function reasonOf(error: unknown): string {
  if (isClientError(error) && error.problem !== undefined) return error.problem.detail ?? error.problem.title ?? "";
  return error instanceof Error ? error.message : String(error);
}
