/* oxlint-disable vitest/no-conditional-tests, vitest/no-disabled-tests, vitest/valid-describe-callback, vitest/valid-title -- these suites are declared by the callers */
import { describe, expect, it } from "vitest";
import { findChromium } from "./find-chromium.ts";

/** Names of this test file's suites that were left out: vitest loads this module anew for each file. */
const leftOut: string[] = [];

/**
 * Declares a suite that needs a Chromium; `declare` gets the path of the program. Where none is installed the suite is
 * left out, and one line on stderr for each test file says what was left out and why; with ONDASH_REQUIRE_BROWSER=1 it
 * fails instead.
 */
export function describeWithChromium(name: string, declare: (chromium: string) => void): void {
  const found = findChromium();
  if (found.available) {
    describe(name, () => declare(found.path));
  } else if (process.env["ONDASH_REQUIRE_BROWSER"] === "1") {
    describe(name, () => {
      it("needs a browser", () => {
        expect.fail(`ONDASH_REQUIRE_BROWSER=1, and ${found.reason}`);
      });
    });
  } else {
    if (leftOut.push(name) === 1) queueMicrotask(() => report(found.reason));
    describe.skip(name, () => declare("chromium"));
  }
}

function report(reason: string): void {
  const file = expect.getState().testPath?.split("/").slice(-3).join("/") ?? "this file";
  process.stderr.write(`left out in ${file}: ${leftOut.join(", ")} (${reason})\n`);
}
