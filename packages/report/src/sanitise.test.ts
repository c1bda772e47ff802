import { describe, expect, it } from "vitest";
import { sanitise } from "./sanitise.ts";

describe("sanitise", () => {
  it.each([
    ["\u001b[31mred", "\\u001b[31mred"],
    ["\u009b2J", "\\u009b2J"],
    ["a\nb\tc\r", "a\\nb\\tc\\r"],
    ["\u202egnp.exe", "\\u202egnp.exe"],
    ["\u{e0041}", "\\u{e0041}"],
    ["\ud800!", "\\ud800!"],
    ["x\u2028y\u200bz\ufeff", "x\\u2028y\\u200bz\\ufeff"],
  ])("shows %j as %s", (text, shown) => {
    expect(sanitise(text)).toBe(shown);
  });
  it("leaves scripts and emoji alone", () => {
    const text = "Grüße, 界, مبيعات, می‌خواهم, 👩‍👩‍👧‍👦, e\u0301, 🇩🇪, \u0600١";
    expect(sanitise(text)).toBe(text);
  });
});
