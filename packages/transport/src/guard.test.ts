import { createManualClock, startDeadline } from "@ondash/core";
import { describe, expect, it } from "vitest";
import { passingTime } from "../test/support/passing-time.ts";
import { TransportError } from "./error.ts";
import { createGuard } from "./guard.ts";

const healing = Object.assign(new Error("no leader yet"), { type: "LEADER_NOT_AVAILABLE", retriable: true });
const missing = (): string => "the answer";

function setUp(signal?: AbortSignal) {
  const clock = createManualClock();
  const lost = Promise.withResolvers<never>();
  const guard = createGuard({ timeoutMs: 1_000, clock, signal, lost: lost.promise });
  return { clock, guard, lose: lost.reject };
}

describe("guard", () => {
  it("asks again what may heal, after growing pauses, until it is answered", async () => {
    const { clock, guard } = setUp();
    const asked: number[] = [];
    const answer = guard.ask(missing, async () => {
      asked.push(clock.monotonic());
      if (asked.length < 8) throw healing;
      return 42;
    });
    expect(await passingTime(clock, answer)).toBe(42);
    expect(asked).toEqual([0, 5, 15, 35, 75, 155, 315, 515]);
    expect(clock.pending).toBe(0);
  });

  it("does not ask again what can't heal", async () => {
    const { guard } = setUp();
    const refused = Object.assign(new Error("no"), { type: "TOPIC_AUTHORIZATION_FAILED", retriable: true });
    let asked = 0;
    const answer = guard.ask(missing, async () => {
      asked++;
      throw refused;
    });
    await expect(answer).rejects.toThrow("[auth] the answer: TOPIC_AUTHORIZATION_FAILED (no)");
    await expect(answer).rejects.toMatchObject({ cause: refused });
    expect(asked).toBe(1);
  });

  it("ends at its bound, saying what was missing and what was answered last", async () => {
    const { clock, guard } = setUp();
    const answer = guard.ask(missing, () => Promise.reject(healing));
    await expect(passingTime(clock, answer)).rejects.toThrow(
      "[deadline] after 1 s, still missing: the answer (last answer: LEADER_NOT_AVAILABLE (no leader yet))",
    );
    const silent = guard.ask(missing, () => new Promise(() => undefined), 50);
    await expect(passingTime(clock, silent)).rejects.toThrow("[deadline] after 50 ms, still missing: the answer");
  });

  it("ends at a deadline from outside", async () => {
    const { clock, guard } = setUp();
    using deadline = startDeadline(300, { clock });
    const answer = guard.ask(missing, () => Promise.reject(healing), deadline);
    await expect(passingTime(clock, answer)).rejects.toThrow("[deadline] after 300 ms, still missing: the answer");
    expect(clock.monotonic()).toBe(300);
  });

  it("ends when the broker is lost, when the signal aborts, and when it is told to", async () => {
    const lost = setUp();
    const answer = lost.guard.ask(missing, () => new Promise(() => undefined));
    lost.lose(new TransportError("broker-lost", "gone"));
    await expect(answer).rejects.toThrow("[broker-lost] gone");
    await expect(lost.guard.ask(missing, async () => 1)).rejects.toThrow("[broker-lost] gone");

    const controller = new AbortController();
    const aborted = setUp(controller.signal);
    const waiting = aborted.guard.wait(missing, new Promise(() => undefined), 1_000);
    controller.abort(new Error("Ctrl-C"));
    await expect(waiting).rejects.toThrow("Ctrl-C");
    expect(aborted.clock.pending).toBe(0);

    const ended = setUp();
    const asking = ended.guard.ask(missing, () => Promise.reject(healing));
    ended.guard.end(new TransportError("closed", "disposed"));
    await expect(asking).rejects.toThrow("[closed] disposed");
  });

  it("leaves no rejection unheard that comes after the end", async () => {
    const { guard } = setUp();
    guard.end(new TransportError("closed", "disposed"));
    await expect(guard.wait(missing, Promise.reject(new Error("late")), 10)).rejects.toThrow("[closed]");
  });
});
