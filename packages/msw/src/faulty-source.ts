import type { EventSource } from "@ondash/http";
import { type PostFault, strikesRequest } from "./faults.ts";

/** What `faultySource` needs to know. */
export interface FaultySourceOptions {
  readonly faults: readonly PostFault[];
  /** Counts the POSTs of a conversation: 1 for the first. */
  readonly countOf: (conversationId: string) => number;
  /** Ends the waiting of a POST that never gets an answer, beside the client's own giving up. */
  readonly lifetime: () => AbortSignal;
}

/** A source whose POSTs fail as the faults say. */
export function faultySource(source: EventSource, { faults, countOf, lifetime }: FaultySourceOptions): EventSource {
  return {
    open: (request) => source.open(request),
    cancel: (request) => source.cancel(request),
    history: (request) => source.history(request),
    async post(request) {
      const nth = countOf(request.conversationId);
      const fault = faults.find((candidate) => strikesRequest(candidate, nth));
      if (fault?.do === "refuse") {
        return { kind: "refused", status: fault.status, detail: `refused by a fault of the mock (POST ${nth})` };
      }
      if (fault?.do === "timeout") {
        if (fault.played === true) await source.post(request);
        return aborted(AbortSignal.any([request.signal, lifetime()]));
      }
      return source.post(request);
    },
  };
}

/** Rejects with the signal's reason once it aborts. */
function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  if (signal.aborted) reject(signal.reason);
  else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  return promise;
}
