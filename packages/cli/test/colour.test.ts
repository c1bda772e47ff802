import { main } from "@ondash/cli";
import { describe, expect, it } from "vitest";
import { root } from "./support/ondash.ts";

/** What is printed on stdout when it is a terminal, or is not. */
async function print(isTTY: boolean, env: Readonly<Record<string, string>> = {}): Promise<string> {
  let text = "";
  const stdout = { write: (piece: string) => void (text += piece), isTTY, columns: isTTY ? 70 : undefined };
  const stderr = { write: () => undefined, isTTY: false, columns: undefined };
  const { signal } = new AbortController();
  expect(await main(["run", "text-only"], { cwd: root, env, stdout, stderr, signal })).toBe(0);
  return text;
}

describe("the terminal report of the command", () => {
  it("is coloured, and as wide as the terminal, for a person", async () => {
    const text = await print(true);
    expect(text).toContain("\u001b[32m");
    // oxlint-disable-next-line no-control-regex -- colours take no room
    const widths = text.split("\n").map((line) => line.replaceAll(/\u001b\[\d+m/g, "").length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(70);
  });

  it.each([
    [false, {}],
    [true, { NO_COLOR: "1" }],
    [true, { TERM: "dumb" }],
  ])("is plain otherwise: terminal %s, %j", async (isTTY, env) => {
    expect(await print(isTTY, env)).not.toContain("\u001b");
  });

  it("takes an empty NO_COLOR for none, as no-color.org has it", async () => {
    expect(await print(true, { NO_COLOR: "" })).toContain("\u001b[");
  });
});
