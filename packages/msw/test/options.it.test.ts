import { type HandlersOptions, handlers, isMswError } from "@ondash/msw";
import { describe, expect, it } from "vitest";
import { shippedScenario } from "./support/scenarios.ts";

const sales = shippedScenario("sales-chart");

describe("options that it does not take", () => {
  it.each<[HandlersOptions, RegExp]>([
    [{ speed: -1 }, /^\[option\] speed: expected a number from 0/],
    [{ speed: Number.NaN }, /^\[option\] speed/],
    [{ seed: 1.5 }, /^\[option\] seed: expected an integer, got 1.5/],
    [{ latency: "soon" }, /^\[option\] latency: /],
    [{ latency: -1 }, /^\[option\] latency: expected milliseconds/],
    [{ latency: { min: 2, max: 1 } }, /^\[option\] latency: min \(2 ms\) is more than max \(1 ms\)/],
    [{ faults: [{ do: "cut", after: -1 }] }, /^\[option\] faults\[0\] \(cut\): after: expected an integer from 0/],
    [
      {
        faults: [
          { do: "cut", after: 1 },
          { do: "delay", by: "1 moon" },
        ],
      },
      /^\[option\] faults\[1\] \(delay\): by: /,
    ],
    [{ faults: [{ do: "swap", at: 0 }] }, /at: expected an integer from 1/],
    [{ faults: [{ do: "malformed", at: { chance: 2 } }] }, /at.chance: expected a number from 0 to 1, got 2/],
    [{ faults: [{ do: "duplicate", nth: 0 }] }, /nth: expected an integer from 1/],
    [{ faults: [{ do: "refuse", status: 418 as 500 }] }, /status: expected 500, 502, 503 or 504/],
    [{ faults: [{ do: "explode" as "timeout" }] }, /there is no such fault/],
    [{ set: { "sales-chat": {} } }, /^\[option\] set: no scenario sales-chat here; did you mean sales-chart\?/],
  ])("%j", (options, message) => {
    let error: unknown;
    try {
      handlers([sales], options);
    } catch (thrown) {
      error = thrown;
    }
    expect(isMswError(error) && error.message).toMatch(message);
  });
});
