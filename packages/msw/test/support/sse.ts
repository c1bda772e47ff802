import { startDeadline } from "@ondash/core";

/** An event as a client reads it. */
export interface ReadEvent {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

/** An open event stream. */
export interface EventReader {
  /** The next event; undefined: the stream has ended. Rejects when it broke off. Comments are passed over. */
  next(): Promise<ReadEvent | undefined>;
  /** So many events. */
  take(count: number): Promise<readonly ReadEvent[]>;
  /** Everything up to the first event for which `isLast` holds, this one included. */
  until(isLast: (event: ReadEvent) => boolean): Promise<readonly ReadEvent[]>;
  /** What is left to how it ended. */
  rest(): Promise<{
    readonly events: readonly ReadEvent[];
    readonly end: "ended" | "broken";
    readonly error?: unknown;
  }>;
  /** Goes away, as a page that is closed. */
  close(): Promise<void>;
}

/** How long a test waits for an event that must come. */
const PATIENCE_MS = 20_000;

/** Reads a response's body as an event stream. */
export function readEvents(response: Response): EventReader {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = "";
  async function next(): Promise<ReadEvent | undefined> {
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end >= 0) {
        const frame = text.slice(0, end);
        text = text.slice(end + 2);
        if (/^data:/m.test(frame)) return parse(frame);
        continue;
      }
      using deadline = startDeadline(PATIENCE_MS);
      const { done, value } = await deadline.race(reader.read(), () => `an event after ${JSON.stringify(text)}`);
      if (done) return undefined;
      text += decoder.decode(value, { stream: true });
    }
  }
  async function until(isLast: (event: ReadEvent) => boolean): Promise<readonly ReadEvent[]> {
    const events: ReadEvent[] = [];
    for (;;) {
      const event = await next();
      if (event === undefined) throw new Error(`the stream ended after ${events.length} events`);
      events.push(event);
      if (isLast(event)) return events;
    }
  }
  return {
    next,
    until,
    async take(count) {
      let left = count;
      return count === 0 ? [] : until(() => --left === 0);
    },
    async rest() {
      const events: ReadEvent[] = [];
      try {
        for (let event = await next(); event !== undefined; event = await next()) events.push(event);
        return { events, end: "ended" };
      } catch (error) {
        return { events, end: "broken", error };
      }
    },
    close: () => reader.cancel(),
  };
}

function parse(frame: string): ReadEvent {
  const field = (name: string): string =>
    frame
      .split("\n")
      .filter((line) => line.startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).replace(/^ /, ""))
      .join("\n");
  return { event: field("event"), id: field("id"), data: field("data") };
}
