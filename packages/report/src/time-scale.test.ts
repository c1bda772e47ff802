import { describe, expect, it } from "vitest";
import { timeScale } from "./time-scale.ts";

describe("timeScale", () => {
  it.each([
    [
      [0, 121.5, 1_400],
      ["0.000 s", "0.121 s", "1.400 s"],
    ],
    [
      [0, 0.001, 9.9],
      ["0.000 ms", "0.001 ms", "9.900 ms"],
    ],
    [
      [0, 59_999.6, 3_600_000],
      ["0:00.000", "1:00.000", "60:00.000"],
    ],
    [[0], ["0.000 s"]],
    [
      [null, -300, 100],
      ["?", "-0.300 s", "0.100 s"],
    ],
    [
      [-200_000, 0],
      ["-3:20.000", "0:00.000"],
    ],
  ] as const)("writes %j in one unit", (times, written) => {
    expect(times.map(timeScale(times))).toEqual(written);
  });
});
