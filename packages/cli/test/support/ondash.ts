import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startDeadline } from "@ondash/core";

/** The root of the repository. */
export const root: string = join(import.meta.dirname, "../../../..");

const bin = join(root, "packages/cli/bin/ondash.mjs");

/** How long a test waits for a process at most. */
const TIMEOUT_MS = 40_000;

/** How a process ended. */
export interface Ended {
  /** null: by a signal. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running `ondash`. Disposed, it is killed. */
export interface Running extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Resolves, with the match, when stdout or stderr has matched. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  readonly ended: Promise<Ended>;
}

/** How `ondash` is started. */
export interface StartOptions {
  /** Default: the repository. */
  readonly cwd?: string;
  /** Beside a PATH and a home; nothing else is inherited. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the real command in a process of its own. */
export function start(args: readonly string[], options: StartOptions = {}): Running {
  const { PATH = "", HOME = "", NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: options.cwd ?? root,
    env: { PATH, HOME, ...(NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }), ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  const listeners = new Set<() => void>();
  const hear = (): void => {
    for (const listener of listeners) listener();
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    hear();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    hear();
  });
  const closed = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const deadline = startDeadline(TIMEOUT_MS);
  const ended = deadline.race(closed, () => `the end of ondash ${args.join(" ")}; so far: ${stdout}${stderr}`);
  ended.catch(() => undefined).finally(() => deadline[Symbol.dispose]());
  return {
    child,
    ended,
    async printed(pattern) {
      const matched = Promise.withResolvers<RegExpExecArray>();
      const look = (): void => {
        const match = pattern.exec(stdout) ?? pattern.exec(stderr);
        if (match !== null) matched.resolve(match);
      };
      listeners.add(look);
      look();
      const over = closed.then((end): never => {
        throw new Error(`ondash ended without printing ${String(pattern)}: ${JSON.stringify(end)}`);
      });
      over.catch(() => undefined);
      try {
        return await deadline.race(
          Promise.race([matched.promise, over]),
          () => `${String(pattern)} in ${stdout}${stderr}`,
        );
      } finally {
        listeners.delete(look);
      }
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await closed.catch(() => undefined);
    },
  };
}

/** Runs the command to its end. */
export async function ondash(args: readonly string[], options: StartOptions = {}): Promise<Ended> {
  await using running = start(args, options);
  return await running.ended;
}

/** A folder with files in it, that goes with the test. */
export async function folderWith(
  files: Readonly<Record<string, string>> = {},
): Promise<Disposable & { readonly path: string; file(name: string): string }> {
  const path = mkdtempSync(join(tmpdir(), "ondash-cli-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  return {
    path,
    file: (name) => join(path, name),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
