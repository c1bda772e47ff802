import { type ChildProcess, spawn } from "node:child_process";
import { watch } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { startDeadline } from "@ondash/core";

/** How long a test waits for a process at most, on a machine that is busy. */
const TIMEOUT_MS = 40_000;

/** A program that was started; disposed, it is killed. */
export interface Program extends AsyncDisposable {
  /** SIGKILL. Resolves when it is gone. */
  kill(): Promise<void>;
}

/** Starts one of `test/programs/`. Resolved: it has said `ready`. */
export async function startProgram(name: string, args: readonly string[]): Promise<Program> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "../programs", name), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const gone = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
  });
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await gone;
  };
  try {
    await saysReady(child, gone);
  } catch (error) {
    await kill();
    throw error;
  }
  return { kill, [Symbol.asyncDispose]: kill };
}

async function saysReady({ stdout, stderr }: ChildProcess, gone: Promise<void>): Promise<void> {
  using deadline = startDeadline(TIMEOUT_MS);
  const ready = Promise.withResolvers<void>();
  let said = "";
  for (const stream of [stdout, stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (/^ready$/m.test(said)) ready.resolve();
    });
  }
  const over = gone.then((): never => {
    throw new Error(`the program ended: ${said}`);
  });
  over.catch(() => undefined);
  await deadline.race(Promise.race([ready.promise, over]), () => `ready; it said: ${said}`);
}

/** Resolves when a file, which may not be there yet, satisfies a condition. */
export async function fileHas(file: string, suits: (text: string) => boolean): Promise<void> {
  using deadline = startDeadline(TIMEOUT_MS);
  const done = Promise.withResolvers<void>();
  let last = "";
  const look = (): void => {
    readFile(file, "utf8").then(
      (text) => {
        last = text;
        if (suits(text)) done.resolve();
      },
      () => undefined,
    );
  };
  const watcher = watch(dirname(file), look);
  try {
    look();
    await deadline.race(done.promise, () => `more in ${file}: ${last.slice(-300)}`);
  } finally {
    watcher.close();
  }
}
