import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { shellTrigger, type Trigger, type Verification, type VerifyOptions, verify } from "@ondash/harness";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scenario, startKafka, type TestKafka, TIMEOUT_MS, temporaryFolder } from "./support/kafka.ts";

describe("verify", () => {
  let kafka: TestKafka;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    kafka = await startKafka();
    folder = await temporaryFolder();
  });
  afterAll(async () => {
    await kafka[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  const check = (name: string, options: Partial<VerifyOptions> = {}): Promise<Verification> =>
    verify(scenario(name), { broker: kafka.broker, session: kafka.session, timeoutMs: TIMEOUT_MS, ...options });

  describe("with a shell trigger", () => {
    const shell = (command: string): Trigger => shellTrigger(command, { cwd: folder.path, env: process.env });

    it("says that the command can't be started", async () => {
      await expect(check("sales-chart", { trigger: shell("no-such-command-anywhere") })).rejects.toMatchObject({
        code: "trigger",
        message: expect.stringMatching(/exit code 127.*no-such-command-anywhere/),
      });
      const nowhere = shellTrigger("true", { cwd: "/no/such/folder", env: process.env });
      await expect(check("sales-chart", { trigger: nowhere })).rejects.toMatchObject({ code: "trigger" });
    });

    it("keeps its output, and counts its failure", async () => {
      const found = await check("sales-chart", { trigger: shell("echo out; echo err >&2; exit 7") });
      expect(found.trigger?.end).toEqual({ code: 7, signal: null });
      expect(found.trigger?.output.split("\n").toSorted()).toEqual(["", "err", "out"]);
      expect(found.result.unmet).toContain("the trigger ended with exit code 7");
    });

    it("leaves nothing behind: neither children nor what does not want to end", async () => {
      const controller = new AbortController();
      const stubborn = shell("trap '' TERM; echo $$ > shell.pid; sleep 1000 & echo $! > child.pid; wait; sleep 1000");
      const running = check("sales-chart", {
        trigger: {
          ...stubborn,
          async start(variables) {
            const started = await stubborn.start(variables);
            await Promise.race([written(join(folder.path, "child.pid")), started.ended]);
            controller.abort(new Error("enough"));
            return started;
          },
        },
        signal: controller.signal,
      });
      await expect(running).rejects.toThrow("enough");
      for (const name of ["shell.pid", "child.pid"]) {
        const pid = Number(readFileSync(join(folder.path, name), "utf8"));
        expect(pid).toBeGreaterThan(1);
        expect(isRunning(pid)).toBe(false);
      }
    });
  });
});

/** Resolves when a file is there and has a line. */
async function written(file: string): Promise<void> {
  while (!existsSync(file) || !readFileSync(file, "utf8").endsWith("\n")) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** Whether a process is there, and not just waiting for its parent to hear of its end. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = `/proc/${pid}/stat`;
  return !existsSync(status) || !/\) Z /.test(readFileSync(status, "utf8"));
}
