import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isEvent, malformed, sseFrames } from "./sse-frames.ts";

async function framesOf(chunks: readonly Uint8Array[]): Promise<readonly string[]> {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  return Array.fromAsync(sseFrames(stream.getReader()));
}

describe("sseFrames", () => {
  it("gives the frames as they were written, however they are cut into chunks", async () => {
    const frames = ['event: text\nid: 1\ndata: {"text":"مبيعات 📈"}\n\n', ": heartbeat\n\n", "data: é\n\n"];
    const bytes = new TextEncoder().encode(`${frames.join("")}data: unfinished\n`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 10 }), async (cuts) => {
        const ends = [...cuts.toSorted((a, b) => a - b), bytes.length];
        const chunks = ends.map((end, index) => bytes.slice(ends[index - 1] ?? 0, end));
        expect(await framesOf(chunks)).toEqual(frames);
      }),
    );
  });

  it("knows an event by its data", () => {
    expect(["data: x\n\n", "event: a\ndata: x\n\n", ": data:\n\n", "retry: 5\n\n"].map(isEvent)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe("malformed", () => {
  it("breaks off the data and leaves the rest", () => {
    const broken = malformed('event: text\nid: 1\ndata: {"text":"hello"}\n\n');
    expect(broken).toMatch(/^event: text\nid: 1\ndata: \{"text.*\n\n$/);
    expect(() => JSON.parse(/data: (.*)/.exec(broken)?.[1] ?? "") as unknown).toThrow(SyntaxError);
  });
});
