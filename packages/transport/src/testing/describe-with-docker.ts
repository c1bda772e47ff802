/* oxlint-disable vitest/no-conditional-tests, vitest/no-disabled-tests, vitest/valid-describe-callback, vitest/valid-title -- these suites are declared by the callers */
import { describe, expect, it } from "vitest";
import { dockerProblem } from "../container.ts";

const problem = await dockerProblem();
const isRequired = process.env["ONDASH_REQUIRE_DOCKER"] === "1";
/** Names of this test file's suites that were left out: vitest loads this module anew for each file. */
const leftOut: string[] = [];

/**
 * Declares a suite that needs Docker. It runs where Docker answers. Elsewhere it is left out, and one line on stderr for
 * each test file says what was left out and why; with ONDASH_REQUIRE_DOCKER=1 it fails instead.
 */
export function describeWithDocker(name: string, declare: () => void): void {
  if (problem === undefined) {
    describe(name, declare);
  } else if (isRequired) {
    describe(name, () => {
      it("needs Docker", () => {
        expect.fail(`ONDASH_REQUIRE_DOCKER=1, and Docker does not answer: ${problem}`);
      });
    });
  } else {
    if (leftOut.push(name) === 1) queueMicrotask(report);
    describe.skip(name, declare);
  }
}

function report(): void {
  const file = expect.getState().testPath?.split("/").slice(-3).join("/") ?? "this file";
  process.stderr.write(`left out in ${file}: ${leftOut.join(", ")} (Docker does not answer: ${problem})\n`);
}
