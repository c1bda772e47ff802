import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** What a process left behind. */
export interface ProcessResult {
  /** Exit code; null when it was killed. */
  readonly code: number | null;
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

/** All that the gate does to the world. Paths are absolute or relative to the process's directory. */
export interface Edges {
  /**
   * Runs `buf` or `git` with arguments, in `cwd`; undefined when there is no such program.
   */
  run(
    program: "buf" | "git",
    arguments_: readonly string[],
    options: { readonly cwd: string; readonly stdin?: Uint8Array | undefined },
  ): Promise<ProcessResult | undefined>;
  /** What is at a path; undefined: nothing. */
  kindOf(path: string): "file" | "directory" | undefined;
  /** The content of a file; undefined when there is none. */
  read(path: string): Uint8Array | undefined;
  /** Names in a directory, sorted; empty when there is none. */
  list(path: string): readonly string[];
  /** Writes a file, with the directories above it. */
  write(path: string, content: Uint8Array): void;
  /** A new empty directory that is gone after disposal. */
  temporary(): { readonly path: string } & Disposable;
}

/** The edges of a real machine: buf is the one that this package depends on, git the one on the PATH. */
export function nodeEdges(): Edges {
  return {
    run(program, arguments_, { cwd, stdin }) {
      const command: readonly string[] | undefined = program === "git" ? ["git"] : bufCommand();
      if (command === undefined) return Promise.resolve(undefined);
      return runProcess([...command, ...arguments_], cwd, stdin);
    },
    kindOf(path) {
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat === undefined) return undefined;
      return stat.isDirectory() ? "directory" : "file";
    },
    read: (path) => (existsSync(path) ? readFileSync(path) : undefined),
    list: (path) => (existsSync(path) ? readdirSync(path).toSorted() : []),
    write(path, content) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    },
    temporary() {
      const path = mkdtempSync(join(tmpdir(), "ondash-compat-"));
      return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
    },
  };
}

/** The npm package's launcher, which knows where the binary for this platform is. */
function bufCommand(): readonly string[] | undefined {
  try {
    const require = createRequire(import.meta.url);
    return [process.execPath, require.resolve("@bufbuild/buf/bin/buf")];
  } catch {
    return undefined;
  }
}

function runProcess(
  [command = "", ...arguments_]: readonly string[],
  cwd: string,
  stdin: Uint8Array | undefined,
): Promise<ProcessResult | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, arguments_, { cwd, stdio: ["pipe", "pipe", "pipe"] });
    const stdout: Uint8Array[] = [];
    const stderr: Uint8Array[] = [];
    child.stdout.on("data", (chunk: Uint8Array) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Uint8Array) => stderr.push(chunk));
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" && existsSync(cwd)) resolve(undefined);
      else reject(error);
    });
    child.on("close", (code) => {
      resolve({ code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString("utf8") });
    });
    // A program that ends without reading its input is judged by its exit code.
    child.stdin.on("error", () => undefined);
    child.stdin.end(stdin);
  });
}
