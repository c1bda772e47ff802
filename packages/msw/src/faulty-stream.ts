import { type Clock, parseDuration, type Random } from "@ondash/core";
import { MswError } from "./error.ts";
import type { EventChoice, StreamFault } from "./faults.ts";
import { isEvent, malformed, sseFrames } from "./sse-frames.ts";

/** What faults strike with. */
export interface FaultyStreamOptions {
  readonly faults: readonly StreamFault[];
  /** Of this connection. Each chance is a draw of its own, so that one fault does not move another. */
  readonly random: Random;
  readonly clock: Clock;
}

/**
 * An event stream with faults, maybe none. Frame by frame, each only when it is asked for: what was not read when the
 * stream breaks is not lost in a queue. A comment goes before everything: in Node the mocked answer's head is only seen
 * with the first of its body, which may be long in coming.
 */
export function faultyStream(
  body: ReadableStream<Uint8Array>,
  options: FaultyStreamOptions,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const gone = new AbortController();
  const frames = opened(struck(sseFrames(reader), options, gone.signal));
  const utf8 = new TextEncoder();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await frames.next();
          if (done === true) controller.close();
          else controller.enqueue(utf8.encode(value));
        } catch (error) {
          if (gone.signal.aborted) return;
          controller.error(error);
          await reader.cancel(error);
        }
      },
      async cancel(reason) {
        gone.abort(reason);
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

async function* opened(frames: AsyncIterable<string>): AsyncGenerator<string, void> {
  yield ": open\n\n";
  yield* frames;
}

async function* struck(
  frames: AsyncIterable<string>,
  { faults, random, clock }: FaultyStreamOptions,
  gone: AbortSignal,
): AsyncGenerator<string, void> {
  const of = <Kind extends StreamFault["do"]>(kind: Kind) =>
    faults.flatMap((fault, index) =>
      fault.do === kind ? [{ fault: fault as Extract<StreamFault, { do: Kind }>, index }] : [],
    );
  const isChosen = (choice: EventChoice, nth: number, index: number): boolean =>
    choice === "every" ||
    choice === nth ||
    (typeof choice === "object" && random.fork(index, nth).unit() < choice.chance);
  const cut = (nth: number): void => {
    if (of("cut").some(({ fault, index }) => (nth > 0 || fault.after === 0) && isChosen(fault.after, nth, index))) {
      throw new MswError("fault", `the stream is cut after ${nth} events`);
    }
  };

  cut(0);
  let nth = 0;
  let held: string[] = [];
  for await (const frame of frames) {
    if (!isEvent(frame)) {
      yield frame;
      continue;
    }
    nth++;
    for (const { fault, index } of of("delay")) {
      if (isChosen(fault.at ?? "every", nth, index)) await clock.sleep(parseDuration(fault.by), gone);
    }
    const broken = of("malformed").some(({ fault, index }) => isChosen(fault.at, nth, index))
      ? malformed(frame)
      : frame;
    const twice = of("duplicate").some(({ fault, index }) => isChosen(fault.at ?? "every", nth, index));
    const copies = twice ? [broken, broken] : [broken];
    if (held.length === 0 && of("swap").some(({ fault, index }) => isChosen(fault.at, nth, index))) {
      held = copies;
      continue;
    }
    yield* copies;
    yield* held;
    held = [];
    cut(nth);
  }
}
