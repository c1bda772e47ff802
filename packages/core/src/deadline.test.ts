import { describe, expect, it } from "vitest";
import { createManualClock } from "./clock.ts";
import { startDeadline } from "./deadline.ts";
import { isCoreError } from "./error.ts";

const never = new Promise<never>(() => {});

describe("startDeadline", () => {
  it("gives the promise's own result while there is time", async () => {
    using deadline = startDeadline(100, { clock: createManualClock() });
    await expect(deadline.race(Promise.resolve(7), () => "nothing")).resolves.toBe(7);
    const cause = new Error("refused");
    await expect(deadline.race(Promise.reject(cause), () => "nothing")).rejects.toBe(cause);
  });

  it("says what was missing at the moment the time was over, not when the wait began", async () => {
    const clock = createManualClock();
    using deadline = startDeadline(1_500, { clock });
    let position = 3;
    const wait = deadline.race(never, () => `ondash.llm.text/3 at ${position} of 19`);
    position = 17;
    // oxlint-disable-next-line vitest/valid-expect -- awaited below, after the time has passed
    const rejection = expect(wait).rejects.toThrow(
      "[deadline] after 1.5 s, still missing: ondash.llm.text/3 at 17 of 19",
    );
    await clock.advance(1_500);
    await rejection;
    expect(deadline.signal.aborted).toBe(true);
    expect(isCoreError(deadline.signal.reason)).toBe(true);
    expect(deadline.remaining).toBe(0);
  });

  it("refuses to wait once it is over", async () => {
    const clock = createManualClock();
    using deadline = startDeadline(10, { clock });
    await clock.advance(11);
    await expect(deadline.race(Promise.resolve(1), () => "an answer")).rejects.toThrow("still missing: an answer");
  });

  it("leaves no rejection unhandled of a promise that came too late", async () => {
    const clock = createManualClock();
    using deadline = startDeadline(10, { clock });
    await clock.advance(11);
    const unhandled: unknown[] = [];
    const hear = (reason: unknown): void => void unhandled.push(reason);
    process.on("unhandledRejection", hear);
    try {
      const failing = Promise.withResolvers<never>();
      await expect(deadline.race(failing.promise, () => "an answer")).rejects.toThrow("still missing");
      failing.reject(new Error("refused"));
      await new Promise((resolve) => setImmediate(resolve));
      expect(unhandled).toEqual([]);
    } finally {
      process.off("unhandledRejection", hear);
    }
  });

  it("ends with the outer signal's reason", async () => {
    const clock = createManualClock();
    const controller = new AbortController();
    using deadline = startDeadline(1_000, { clock, signal: controller.signal });
    const wait = deadline.race(never, () => "an answer");
    const reason = new Error("SIGINT");
    controller.abort(reason);
    await expect(wait).rejects.toBe(reason);
    await expect(deadline.race(never, () => "an answer")).rejects.toBe(reason);
    expect(clock.pending).toBe(0);
  });

  it("leaves no timer behind when disposed", () => {
    const clock = createManualClock();
    startDeadline(1_000, { clock })[Symbol.dispose]();
    expect(clock.pending).toBe(0);
  });
});
