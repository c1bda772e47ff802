import { describe, expect, it } from "vitest";
import { findChromium } from "./find-chromium.ts";

const only =
  (...paths: string[]) =>
  (path: string): boolean =>
    paths.includes(path);

describe("findChromium", () => {
  it("takes what ONDASH_CHROMIUM names, and nothing else then", () => {
    const env = { ONDASH_CHROMIUM: "/opt/chrome", PATH: "/usr/bin" };
    expect(findChromium(env, only("/opt/chrome", "/usr/bin/chromium"))).toEqual({
      available: true,
      path: "/opt/chrome",
    });
    expect(findChromium(env, only("/usr/bin/chromium"))).toEqual({
      available: false,
      reason: "ONDASH_CHROMIUM names /opt/chrome, which is no program",
    });
  });

  it("looks on the PATH, in its order, before the usual places", () => {
    const env = { PATH: "/first:/second", ONDASH_CHROMIUM: "" };
    expect(findChromium(env, only("/usr/bin/chromium", "/second/google-chrome"))).toEqual({
      available: true,
      path: "/second/google-chrome",
    });
    expect(findChromium({ PATH: ".:" }, only("/usr/bin/chromium", "chromium"))).toEqual({
      available: true,
      path: "/usr/bin/chromium",
    });
  });

  it("says the way out where there is none", () => {
    expect(findChromium({}, () => false)).toEqual({
      available: false,
      reason: "no Chromium is installed: install one, or name it by ONDASH_CHROMIUM",
    });
  });
});
