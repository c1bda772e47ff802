import { startDeadline } from "@ondash/core";

/** One event as a client gets it. */
export interface SseEvent {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

/** Reads a `text/event-stream` body chunk by chunk. */
export interface SseReader {
  /** The next event; undefined at a clean end. Rejects when the stream is cut. */
  next(): Promise<SseEvent | undefined>;
  /** The next `count` events. Throws when the stream ends before. */
  take(count: number): Promise<SseEvent[]>;
  /** Comment lines met so far, without the colon. */
  readonly comments: readonly string[];
  cancel(reason?: unknown): Promise<void>;
}

/** Reads an answer's body; every wait is bounded by `ms`, default 10 s. */
export function readSse(response: Response, ms = 10_000): SseReader {
  if (response.body === null) throw new Error("the answer has no body");
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const comments: string[] = [];
  let text = "";

  async function next(): Promise<SseEvent | undefined> {
    using deadline = startDeadline(ms);
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end >= 0) {
        const block = text.slice(0, end);
        text = text.slice(end + 2);
        const event = parseBlock(block, comments);
        if (event !== undefined) return event;
        continue;
      }
      const { done, value } = await deadline.race(reader.read(), () => `an event; so far: ${JSON.stringify(text)}`);
      if (done) {
        if (text !== "") throw new Error(`the stream ends inside of an event: ${JSON.stringify(text)}`);
        return undefined;
      }
      text += value;
    }
  }

  return {
    next,
    async take(count) {
      const events: SseEvent[] = [];
      while (events.length < count) {
        const event = await next();
        if (event === undefined) throw new Error(`the stream ends after ${events.length} of ${count} events`);
        events.push(event);
      }
      return events;
    },
    comments,
    cancel: (reason) => reader.cancel(reason),
  };
}

function parseBlock(block: string, comments: string[]): SseEvent | undefined {
  const data: string[] = [];
  let event = "message";
  let id = "";
  for (const line of block.split("\n")) {
    const [, field, value = ""] = /^([^:]*): ?(.*)$/.exec(line) ?? [undefined, line, ""];
    if (field === "") comments.push(value);
    else if (field === "event") event = value;
    else if (field === "id") id = value;
    else if (field === "data") data.push(value);
    else throw new Error(`an unknown line: ${line}`);
  }
  return data.length === 0 ? undefined : { event, id, data: data.join("\n") };
}
