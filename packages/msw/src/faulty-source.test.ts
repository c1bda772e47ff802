import type { EventSource, PostOutcome } from "@ondash/http";
import { describe, expect, it } from "vitest";
import type { PostFault } from "./faults.ts";
import { faultySource } from "./faulty-source.ts";

function sourceWith(...faults: readonly PostFault[]) {
  const posted: string[] = [];
  const sound: EventSource = {
    async *open() {
      // Nothing is said.
    },
    async post({ text }): Promise<PostOutcome> {
      posted.push(text);
      return { kind: "accepted", messageId: text };
    },
    cancel: async () => "accepted",
    history: async () => [],
  };
  const server = new AbortController();
  let count = 0;
  const source = faultySource(sound, { faults, countOf: () => ++count, lifetime: () => server.signal });
  const post = (text: string, signal: AbortSignal = new AbortController().signal): Promise<PostOutcome> =>
    source.post({ conversationId: "c", text, signal });
  return { post, posted, server };
}

describe("faultySource", () => {
  it("strikes the first POST, or the one that is named, or every one", async () => {
    const first = sourceWith({ do: "refuse", status: 503 });
    expect([(await first.post("a")).kind, (await first.post("b")).kind]).toEqual(["refused", "accepted"]);
    expect(first.posted).toEqual(["b"]);
    const second = sourceWith({ do: "refuse", status: 503, nth: 2 });
    expect([(await second.post("a")).kind, (await second.post("b")).kind]).toEqual(["accepted", "refused"]);
    const every = sourceWith({ do: "refuse", status: 502, nth: "every" });
    expect(await every.post("a")).toMatchObject({ kind: "refused", status: 502 });
    expect(await every.post("b")).toMatchObject({ kind: "refused", status: 502 });
  });

  it("answers nothing until the client or the server ends it, and plays the turn only when it is told to", async () => {
    const page = new AbortController();
    const { post, posted, server } = sourceWith({ do: "timeout" }, { do: "timeout", nth: 2, played: true });
    const outcomes: string[] = [];
    const note = (promise: Promise<PostOutcome>): Promise<unknown> =>
      promise.then(
        () => outcomes.push("answered"),
        (error: unknown) => outcomes.push(String(error)),
      );
    const first = note(post("a", page.signal));
    const second = note(post("b"));
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    expect([outcomes, posted]).toEqual([[], ["b"]]);
    page.abort("page closed");
    await first;
    server.abort("server stopped");
    await second;
    expect(outcomes).toEqual(["page closed", "server stopped"]);
    await expect(sourceWith({ do: "timeout" }).post("a", AbortSignal.abort("gone"))).rejects.toBe("gone");
  });
});
