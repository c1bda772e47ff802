import { describe, expect, it } from "vitest";
import { createManualClock, systemClock } from "./clock.ts";

describe("createManualClock", () => {
  it("runs what falls due in order of time, then of scheduling, and nothing else", async () => {
    const clock = createManualClock(1_000);
    const seen: string[] = [];
    clock.schedule(20, () => seen.push(`b at ${clock.now()}`));
    clock.schedule(10, () => seen.push(`a at ${clock.now()}`));
    clock.schedule(20, () => seen.push(`c at ${clock.now()}`));
    clock.schedule(21, () => seen.push("too late"));
    await clock.advance(20);
    expect(seen).toEqual(["a at 1010", "b at 1020", "c at 1020"]);
    expect(clock.pending).toBe(1);
    expect(clock.monotonic()).toBe(20);
  });

  it("lets a sleeper sleep again within one advance", async () => {
    const clock = createManualClock();
    const woken: number[] = [];
    const sleeper = (async () => {
      for (let i = 0; i < 3; i++) {
        await clock.sleep(10);
        woken.push(clock.now());
      }
    })();
    await clock.advance(30);
    await sleeper;
    expect(woken).toEqual([10, 20, 30]);
  });

  it("cancels what was scheduled", async () => {
    const clock = createManualClock();
    const cancel = clock.schedule(5, () => expect.unreachable());
    cancel();
    await clock.advance(10);
    expect(clock.pending).toBe(0);
  });
});

describe.each([
  ["system", () => systemClock],
  ["manual", () => createManualClock()],
])("sleep on the %s clock", (_name, make) => {
  it("resolves at once for no time", async () => {
    await expect(make().sleep(0)).resolves.toBeUndefined();
    await expect(make().sleep(-1)).resolves.toBeUndefined();
  });

  it("rejects with the signal's reason, before and during the sleep, and leaves nothing pending", async () => {
    const clock = make();
    const reason = new Error("Ctrl-C");
    await expect(clock.sleep(1, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const sleeping = clock.sleep(3_600_000, controller.signal);
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
    if ("pending" in clock) expect(clock.pending).toBe(0);
  });
});

describe("systemClock", () => {
  it("wakes a sleeper not before its time", async () => {
    const before = systemClock.monotonic();
    await systemClock.sleep(5);
    expect(systemClock.monotonic() - before).toBeGreaterThanOrEqual(4);
  });
});
