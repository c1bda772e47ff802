import { describeWithChromium } from "@ondash/msw/testing";
import { expect, it } from "vitest";
import { scenarioFiles, useChromium } from "./browser-fixture.ts";

const text = "Create a chart with sales data";

describeWithChromium("the handlers behind a service worker", (chromium) => {
  const browser = useChromium(chromium);

  it("stream incrementally: an event is in the page's hands before the next one is emitted", async () => {
    const page = await browser.open();
    const seen = await page.evaluate(
      async ({ files, prompt }) => {
        await ondash.start(files, { speed: 1, manual: true });
        await ondash.say("c", prompt);
        const response = await fetch("/api/conversations/c/events");
        const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
        const emitted = async (): Promise<number> =>
          (await ondash.mock.source.history({ conversationId: "c", schema: "chat.v2" })).length;
        const steps: { read: number; emitted: number; data: string }[] = [];
        let buffered = "";
        /** The next event; comments are no events, and a piece may hold one and more, or none. */
        const nextEvent = async (): Promise<string> => {
          for (;;) {
            const end = buffered.indexOf("\n\n");
            if (end < 0) {
              const { value, done } = await reader.read();
              if (done) throw new Error("the stream ended");
              buffered += value;
              continue;
            }
            const block = buffered.slice(0, end);
            buffered = buffered.slice(end + 2);
            if (!block.startsWith(":")) return block;
          }
        };
        for (let read = 1; read <= 7; read++) {
          // Time goes on only when all that was emitted has been read.
          while ((await emitted()) < read) await ondash.clock.advance(10);
          const data = await nextEvent();
          steps.push({ read, emitted: await emitted(), data });
        }
        await reader.cancel();
        return { type: response.headers.get("content-type"), status: response.status, steps };
      },
      { files: scenarioFiles("sales-chart"), prompt: text },
    );
    expect(seen).toMatchObject({ status: 200, type: "text/event-stream" });
    expect(seen.steps.map(({ read, emitted }) => [read, emitted])).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => [n, n]));
    expect(seen.steps.map(({ data }) => /^event: (\w+)$/m.exec(data)?.[1])).toEqual([
      "status",
      "status",
      "status",
      "text",
      "chart",
      "text",
      "completion",
    ]);
  });

  it("keep the scenario's timing at speed 1: the turn still runs when its first event is handled", async () => {
    const page = await browser.open();
    const seen = await page.evaluate(
      async ({ files, prompt }) => {
        await ondash.start(files, { speed: 1 });
        const messageId = await ondash.say("c", prompt);
        let isOver = false;
        void ondash.mock.source.idle("c").then(() => {
          isOver = true;
        });
        const turn = ondash.streamTurn({ baseUrl: "", conversationId: "c", messageId });
        const overAt: boolean[] = [];
        for await (const _ of turn) overAt.push(isOver);
        return { overAt, end: (await turn.ended).kind };
      },
      { files: scenarioFiles("sales-chart"), prompt: text },
    );
    expect(seen.end).toBe("complete");
    expect(seen.overAt).toHaveLength(7);
    expect(seen.overAt.slice(0, 6)).toEqual(Array(6).fill(false));
  });

  it("break off, at whatever event, as an error of fetch and never as an end", async () => {
    const page = await browser.open();
    const positions = [0, 1, 2, 3, 4, 5, 6, 7];
    const seen = await page.evaluate(
      async ({ files, prompt, cuts }) => {
        await ondash.start(files, { faults: cuts.map((after, index) => ({ do: "cut", after, nth: index + 1 })) });
        await ondash.say("c", prompt);
        const readings: { frames: number; end: string }[] = [];
        for (const _ of cuts) {
          let frames = 0;
          try {
            const response = await fetch("/api/conversations/c/events");
            const body = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream());
            for await (const chunk of body) frames += chunk.match(/^event:/gm)?.length ?? 0;
            readings.push({ frames, end: "its end" });
          } catch (error) {
            readings.push({ frames, end: (error as Error).name });
          }
        }
        return readings;
      },
      { files: scenarioFiles("sales-chart"), prompt: text, cuts: positions },
    );
    expect(seen.map(({ end }) => end)).toEqual(positions.map(() => "TypeError"));
    // What was on its way when the stream broke may be lost, as on a network: a broken stream drops what it holds.
    for (const after of positions) expect(seen[after]?.frames).toBeLessThanOrEqual(after);
    expect(seen.at(-1)?.frames).toBeGreaterThan(0);
  });

  it("break off as `truncated` for streamTurn when it can't reconnect, and resume without loss when it can", async () => {
    const page = await browser.open();
    const seen = await page.evaluate(
      async ({ files, prompt }) => {
        await ondash.start(files, {
          faults: [1, 2, 3, 4].map((nth) => ({ do: "cut", after: nth === 1 ? 5 : 2, nth })),
        });
        const messageId = await ondash.say("c", prompt);
        const once = ondash.streamTurn({ baseUrl: "", conversationId: "c", messageId, maxAttempts: 1 });
        const end = await once.ended;
        const truncated = {
          kind: end.kind,
          blocks: end.message?.content.map(({ block }) => block.case) ?? [],
          cause: end.kind === "truncated" ? String(end.cause) : "",
        };
        return { truncated, resumed: await ondash.follow("c", messageId) };
      },
      { files: scenarioFiles("sales-chart"), prompt: text },
    );
    expect(seen.truncated.kind).toBe("truncated");
    expect(["text", "chart"].slice(0, seen.truncated.blocks.length)).toEqual(seen.truncated.blocks);
    expect(seen.truncated.cause).toBe("TypeError: network error");
    expect(seen.resumed.end).toBe("complete");
    expect(new Set(seen.resumed.ids).size).toBe(7);
    expect(seen.resumed.ids).toHaveLength(7);
  });

  it("notice that the page went away: nothing stays open after an abort, a cancelled body, a loop that was left", async () => {
    const page = await browser.open();
    await page.evaluate(
      async ({ files, prompt }) => {
        await ondash.start(files, { speed: 1, manual: true });
        await ondash.say("c", prompt);
      },
      { files: scenarioFiles("sales-chart"), prompt: text },
    );
    // On the mock's clock are the turn's next event and one heartbeat for each open stream.
    const openStreams = (count: number) => page.waitForFunction((open) => ondash.clock.pending === 1 + open, count);
    await openStreams(0);

    const aborted = page.evaluate(async () => {
      const controller = new AbortController();
      const response = await fetch("/api/conversations/c/events", { signal: controller.signal });
      Object.assign(globalThis, { abort: () => controller.abort() });
      return response.text().catch((error: Error) => error.name);
    });
    await openStreams(1);
    await page.evaluate(() => (globalThis as unknown as { abort(): void }).abort());
    expect(await aborted).toBe("AbortError");
    await openStreams(0);

    const cancelled = page.evaluate(async () => {
      const response = await fetch("/api/conversations/c/events");
      const reader = (response.body as ReadableStream<Uint8Array>).getReader();
      Object.assign(globalThis, { abort: () => void reader.cancel() });
      for (;;) if ((await reader.read()).done) return "over";
    });
    await openStreams(1);
    await page.evaluate(() => (globalThis as unknown as { abort(): void }).abort());
    expect(await cancelled).toBe("over");
    await openStreams(0);

    const reason = page.evaluate(async () => {
      const controller = new AbortController();
      Object.assign(globalThis, { abort: () => controller.abort(new Error("the user left")) });
      const turn = ondash.streamTurn({ baseUrl: "", conversationId: "c", signal: controller.signal });
      return turn.ended.catch(String);
    });
    await openStreams(1);
    await page.evaluate(() => (globalThis as unknown as { abort(): void }).abort());
    expect(await reason).toBe("Error: the user left");
    await openStreams(0);

    await page.evaluate(() => ondash.mock.reset());
    expect(await page.evaluate(() => ondash.clock.pending)).toBe(0);
  });

  it("serve a hundred turns at the same time", async () => {
    const page = await browser.open();
    await page.evaluate(
      async ({ files, prompt }) => {
        await ondash.start(files, { speed: 1, manual: true });
        const ids = Array.from({ length: 100 }, (_, index) => `c${index}`);
        const results = ids.map(async (conversationId) => {
          return ondash.follow(conversationId, await ondash.say(conversationId, prompt));
        });
        Object.assign(globalThis, { results: Promise.all(results) });
      },
      { files: scenarioFiles("sales-chart"), prompt: text },
    );
    // All of them are open before any event is emitted: a turn's next event and a stream's heartbeat each.
    await page.waitForFunction(() => ondash.clock.pending === 200);
    const results = await page.evaluate(async () => {
      await ondash.clock.advance(60_000);
      return (globalThis as unknown as { results: Promise<Awaited<ReturnType<typeof ondash.follow>>[]> }).results;
    });
    expect(results.map(({ end }) => end)).toEqual(Array(100).fill("complete"));
    expect(results.every(({ ids }) => ids.length === 7 && ids.join() === results[0]?.ids.join())).toBe(true);
  });

  it("answer errors as problem+json, and refuse a POST on demand", async () => {
    const page = await browser.open(/Failed to load resource: the server responded with a status of (503|404) /);
    const seen = await page.evaluate(
      async ({ files, prompt }) => {
        await ondash.start(files, { faults: [{ do: "refuse", status: 503 }] });
        const post = async (said: string): Promise<unknown[]> => {
          const response = await fetch("/api/conversations/c/messages", {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ text: said }),
          });
          const { status, candidates } = (await response.json()) as { status?: number; candidates?: string[] };
          return [response.status, response.headers.get("content-type"), status, candidates];
        };
        return [await post(prompt), await post("nothing answers this"), (await post(prompt)).slice(0, 1)];
      },
      { files: scenarioFiles("sales-chart"), prompt: text },
    );
    expect(seen).toEqual([
      [503, "application/problem+json", 503, undefined],
      [404, "application/problem+json", 404, ["sales-chart"]],
      [202],
    ]);
  });

  it("let a POST that is never answered end when the client gives up, and the next one through", async () => {
    const page = await browser.open();
    const seen = await page.evaluate(
      async ({ files, prompt }) => {
        await ondash.start(files, { faults: [{ do: "timeout", played: true }] });
        const controller = new AbortController();
        const givenUp = fetch("/api/conversations/c/messages", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ text: prompt }),
          signal: controller.signal,
        }).catch((error: Error) => error.name);
        // The turn runs all the same: the handlers have the POST when its events come.
        const { body } = await fetch("/api/conversations/c/events");
        const reader = (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
        while (!(await reader.read()).value?.includes("event: completion"));
        await reader.cancel();
        controller.abort();
        const first = await givenUp;
        await ondash.say("c", prompt);
        const messages = (await (await fetch("/api/conversations/c/messages")).json()) as unknown[];
        return { first, messages: messages.length };
      },
      { files: scenarioFiles("sales-chart"), prompt: text },
    );
    // Whoever posts again says it twice.
    expect(seen).toEqual({ first: "AbortError", messages: 2 });
  });
});
