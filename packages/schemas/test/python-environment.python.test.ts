import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makePythonEnvironment, run } from "../src/testing/python-environment.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ondash-interpreter-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** An interpreter that is a shell script. */
async function interpreter(script: string): Promise<string> {
  const path = join(directory, "python");
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

describe("makePythonEnvironment", () => {
  it("says so when there is no interpreter", async () => {
    expect(await makePythonEnvironment(join(directory, "none"), false)).toEqual({
      available: false,
      reason: expect.stringMatching(/^.*none can't be run: install Python 3.10 or later: .*ENOENT$/),
    });
  });

  it("says so when the interpreter is too old", async () => {
    const old = await interpreter('echo "False /usr 3.8.10 (default)"');
    expect(await makePythonEnvironment(old, false)).toMatchObject({
      reason: expect.stringContaining("is older than 3.10: False /usr 3.8.10"),
    });
  });

  it("says so when the interpreter can make no environment", async () => {
    const bare = await interpreter(
      `[ "$1" = -c ] && echo "True ${directory} 3.12" && exit; echo "No module named venv" >&2; exit 1`,
    );
    expect(await makePythonEnvironment(bare, false)).toEqual({
      available: false,
      reason: "python3 -m venv failed (on Debian: apt install python3-venv): No module named venv",
    });
  });

  it("throws instead where Python is required", async () => {
    await expect(makePythonEnvironment(join(directory, "none"), true)).rejects.toThrow(
      "ONDASH_REQUIRE_PYTHON=1, and no Python environment",
    );
  });
});

describe("run", () => {
  it("tells what a program wrote and how it ended", async () => {
    const program = await interpreter('read line; echo "out $line $(pwd)"; echo err >&2; exit 3');
    const result = await run(program, [], { input: "in\n", cwd: "/" });
    expect(result).toEqual({ status: 3, stdout: "out in /\n", stderr: "err\n" });
  });

  it("ends the program when it is told to", async () => {
    const endless = await interpreter("exec sleep 60");
    const controller = new AbortController();
    const running = run(endless, [], { signal: controller.signal });
    controller.abort();
    expect(await running).toMatchObject({ status: null });
  });
});
