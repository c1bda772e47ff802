import type { Clock } from "@ondash/core";
import type { ChatSchema } from "@ondash/schemas";
import { formatEventId, type ResumePoint } from "./event-id.ts";
import type { EventSource, SourceEvent } from "./event-source.ts";
import { envelopeJson } from "./proto-json.ts";
import { createArrivalOrder } from "./release/arrival-order.ts";
import type { Arrival } from "./release/release-order.ts";
import { createSequenceOrder, type HoldBackLimits } from "./release/sequence-order.ts";
import { eventFrame, heartbeatFrame } from "./sse-frame.ts";

/** What an SSE body is made of. */
export interface EventStreamOptions {
  readonly source: EventSource;
  readonly clock: Clock;
  readonly schema: ChatSchema;
  readonly conversationId: string;
  readonly resume: ResumePoint;
  /** Milliseconds without an event after which a heartbeat is written. */
  readonly heartbeat: number;
  readonly limits: HoldBackLimits;
  /** Each of them ends the stream: the client went away, the server stops. */
  readonly signals: readonly AbortSignal[];
  /** Told what broke the stream; not told when it was aborted. */
  readonly onError: (error: unknown) => void;
}

/** How many turns of the microtask queue a source has to refuse what it was asked, before the answer is a stream. */
const REFUSAL_TURNS = 16;

/** A source that was asked for its next event. */
interface Question {
  readonly answer: Promise<IteratorResult<SourceEvent, unknown>>;
  answered: boolean;
}

/**
 * Opens the source and gives the body of a `text/event-stream` over it. The body asks the source for an event when its
 * reader asks for a chunk, not before; one chunk is one event. A source that breaks off makes it an error: that is what
 * tells a cut stream from one that has ended. Whatever ends the body ends the source's iteration, also while it waits.
 * @throws whatever the source refuses the request with.
 */
export async function openEventStream(options: EventStreamOptions): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const { source, clock, schema, conversationId, resume, heartbeat, limits, signals, onError } = options;
  for (const signal of signals) signal.throwIfAborted();
  const order = schema.sequenced ? createSequenceOrder(resume, limits) : createArrivalOrder();
  const abort = new AbortController();
  const request = { conversationId, schema: schema.name, after: resume.position, signal: abort.signal };
  const events = source.open(request)[Symbol.asyncIterator]();

  /** What the source was asked for and has not been taken from it. */
  let question: Question | undefined;
  let wake: (() => void) | undefined;

  function ask(): Question {
    // Async: an iterator that throws instead of rejecting is one that rejects.
    const asked: Question = { answer: (async () => events.next())(), answered: false };
    const note = (): void => {
      asked.answered = true;
      wake?.();
    };
    // One reaction for the whole wait: an idle stream must not gather one with every heartbeat.
    asked.answer.then(note, note);
    return asked;
  }

  async function nextFrame(): Promise<string | undefined> {
    let due = false;
    const cancel = clock.schedule(heartbeat, () => {
      due = true;
      wake?.();
    });
    try {
      for (;;) {
        const release = order.take();
        if (release !== undefined) {
          const id = formatEventId(schema, conversationId, release.point);
          return eventFrame({ kind: release.kind, id, data: release.data });
        }
        question ??= ask();
        if (!question.answered && !due && !abort.signal.aborted) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        abort.signal.throwIfAborted();
        if (!question.answered) return heartbeatFrame;
        const { done, value } = await question.answer;
        question = undefined;
        if (done === true) return undefined;
        order.offer(toArrival(schema, value));
      }
    } finally {
      cancel();
    }
  }

  /** Ends the source's iteration: by the signal if it is waiting, else by `return`. */
  async function close(reason: unknown): Promise<void> {
    for (const signal of signals) signal.removeEventListener("abort", onAbort);
    abort.abort(reason);
    wake?.();
    try {
      await events.return?.();
    } catch {
      // The stream has ended already, with its own reason; nobody is there to hear of a second one.
    }
  }

  let controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  function onAbort(this: AbortSignal): void {
    void close(this.reason);
    // A server that cancels the body of a client that went away does so in the same breath, and must not be told of an
    // error that nobody is left to see (@hono/node-server prints it). Whoever still reads sees the stream cut.
    queueMicrotask(() => controller?.error(this.reason));
  }
  for (const signal of signals) signal.addEventListener("abort", onAbort);

  question = ask();
  for (let turn = 0; turn < REFUSAL_TURNS && !question.answered; turn++) await Promise.resolve();
  if (question.answered) {
    try {
      await question.answer;
    } catch (error) {
      void close(error);
      throw error;
    }
  }

  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      start(own) {
        controller = own;
      },
      async pull(own) {
        try {
          const frame = await nextFrame();
          if (frame !== undefined) return own.enqueue(encoder.encode(frame));
          void close(undefined);
          own.close();
        } catch (error) {
          if (!abort.signal.aborted) {
            onError(error);
            void close(error);
          }
          // The stream becomes an error with it, unless it is one already.
          throw error;
        }
      },
      cancel(reason) {
        void close(reason);
      },
    },
    // Nothing is read ahead: a break is met where it happened, after all that came before it.
    { highWaterMark: 0 },
  );
}

function toArrival(schema: ChatSchema, { position, payload }: SourceEvent): Arrival {
  if ("raw" in payload) return { position, kind: payload.kind, data: payload.raw, place: undefined };
  const { envelope } = payload;
  const data = envelopeJson(schema, envelope);
  const sequence = "sequence" in envelope ? envelope.sequence : 0;
  const place = sequence > 0 ? { messageId: envelope.messageId, sequence } : undefined;
  return { position, kind: envelope.event.case, data, place };
}
