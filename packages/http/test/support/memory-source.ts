import { type EventSource, HttpError, type OpenRequest, type PostOutcome, type SourceEvent } from "@ondash/http";
import type { AnyEnvelope, SchemaName } from "@ondash/schemas";

/** What a test puts into a conversation. */
export type Payload = SourceEvent["payload"];

/** An EventSource over arrays, driven by the test. A position is the number of events up to it. */
export interface MemorySource extends EventSource {
  /** Adds events to a conversation; the streams that are open on it get them. */
  push(conversationId: string, schema: SchemaName, ...payloads: Payload[]): void;
  /** Breaks the conversation's streams off with `error` once they have read what there is. */
  fail(conversationId: string, schema: SchemaName, error: unknown): void;
  /** Ends the conversation's streams once they have read what there is. */
  end(conversationId: string, schema: SchemaName): void;
  /** Resolves as soon as `count` iterations are open. */
  whenOpen(count: number): Promise<void>;
  /** Iterations that were begun and have not ended. */
  readonly openCount: number;
  /** Events handed out over all iterations. */
  readonly taken: number;
  /** What `open` was asked for, in order. */
  readonly opened: readonly Omit<OpenRequest, "signal">[];
  readonly posted: readonly { readonly conversationId: string; readonly text: string }[];
  readonly cancelled: readonly { readonly conversationId: string; readonly messageId: string }[];
}

interface Log {
  readonly payloads: Payload[];
  readonly wakes: Set<() => void>;
  ending: { readonly error?: unknown } | undefined;
}

/** Creates an empty source. `post` answers each message, by default with `msg_<n>`; `cancel` knows what was posted. */
export function createMemorySource(
  answer: (text: string, count: number) => PostOutcome | Promise<PostOutcome> = (_text, count) => ({
    kind: "accepted",
    messageId: `msg_${count}`,
  }),
): MemorySource {
  const logs = new Map<string, Log>();
  const opened: Omit<OpenRequest, "signal">[] = [];
  const posted: { conversationId: string; text: string }[] = [];
  const cancelled: { conversationId: string; messageId: string }[] = [];
  const turns = new Set<string>();
  const openWaits = new Set<() => void>();
  let open = 0;
  let taken = 0;

  function logOf(conversationId: string, schema: SchemaName): Log {
    const key = JSON.stringify([conversationId, schema]);
    const log = logs.get(key) ?? { payloads: [], wakes: new Set(), ending: undefined };
    logs.set(key, log);
    return log;
  }

  function wake(waits: Set<() => void>): void {
    for (const resolve of waits) resolve();
    waits.clear();
  }

  async function* iterate({ conversationId, schema, after, signal }: OpenRequest): AsyncGenerator<SourceEvent> {
    const log = logOf(conversationId, schema);
    let next = after === undefined ? 0 : Number(after);
    if (!Number.isInteger(next) || next < 0 || next > log.payloads.length) {
      throw new HttpError("position", `"${after}" is no position of this source`);
    }
    open++;
    wake(openWaits);
    const onAbort = (): void => wake(log.wakes);
    signal.addEventListener("abort", onAbort);
    try {
      while (!signal.aborted) {
        const payload = log.payloads[next];
        if (payload !== undefined) {
          taken++;
          yield { position: String(++next), payload };
        } else if (log.ending !== undefined) {
          if ("error" in log.ending) throw log.ending.error;
          return;
        } else {
          await new Promise<void>((resolve) => log.wakes.add(resolve));
        }
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
      open--;
      wake(openWaits);
    }
  }

  return {
    push(conversationId, schema, ...payloads) {
      const log = logOf(conversationId, schema);
      log.payloads.push(...payloads);
      wake(log.wakes);
    },
    fail(conversationId, schema, error) {
      const log = logOf(conversationId, schema);
      log.ending = { error };
      wake(log.wakes);
    },
    end(conversationId, schema) {
      const log = logOf(conversationId, schema);
      log.ending = {};
      wake(log.wakes);
    },
    async whenOpen(count) {
      for (;;) {
        if (open === count) return;
        await new Promise<void>((resolve) => openWaits.add(resolve));
      }
    },
    get openCount() {
      return open;
    },
    get taken() {
      return taken;
    },
    opened,
    posted,
    cancelled,
    open(request) {
      const { signal: _, ...rest } = request;
      opened.push(rest);
      return iterate(request);
    },
    async post({ conversationId, text }) {
      posted.push({ conversationId, text });
      const outcome = await answer(text, posted.length);
      if (outcome.kind === "accepted") turns.add(JSON.stringify([conversationId, outcome.messageId]));
      return outcome;
    },
    async cancel({ conversationId, messageId }) {
      if (!turns.has(JSON.stringify([conversationId, messageId]))) return "unknown";
      cancelled.push({ conversationId, messageId });
      return "accepted";
    },
    async history({ conversationId, schema }) {
      const envelopes: AnyEnvelope[] = [];
      for (const payload of logOf(conversationId, schema).payloads) {
        if ("envelope" in payload) envelopes.push(payload.envelope);
      }
      return envelopes;
    },
  };
}
