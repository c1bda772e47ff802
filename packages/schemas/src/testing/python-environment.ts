import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";

const packageDirectory = join(import.meta.dirname, "../..");
const pythonDirectory = join(packageDirectory, "python");

/** A Python interpreter with the packages of `python/requirements.txt`, or why there is none. */
export type PythonEnvironment =
  | { readonly available: true /** Path of the interpreter. */; readonly python: string }
  | { readonly available: false /** One sentence, with the way out. */; readonly reason: string };

let environment: Promise<PythonEnvironment> | undefined;

/**
 * A virtual environment with the packages of `python/requirements.txt`, made at first use and kept under
 * `node_modules/.cache/ondash` of this package for as long as interpreter and requirements stay the same. pip loads the
 * packages as it is configured.
 *
 * Without python3 (3.10 or later), its module venv, or the packages, it says why, so that a test can be skipped with a
 * reason. With `ONDASH_REQUIRE_PYTHON=1` in the environment it throws instead: a lane that is left out fails.
 */
export function pythonEnvironment(): Promise<PythonEnvironment> {
  environment ??= makePythonEnvironment("python3", process.env["ONDASH_REQUIRE_PYTHON"] === "1");
  return environment;
}

/**
 * Makes the environment, or finds it made.
 * @param interpreter the program that makes it.
 * @param required whether to throw where there is none.
 */
export async function makePythonEnvironment(interpreter: string, required: boolean): Promise<PythonEnvironment> {
  const made = await makeOrReason(interpreter);
  if (required && !made.available) {
    throw new Error(`ONDASH_REQUIRE_PYTHON=1, and no Python environment: ${made.reason}`);
  }
  return made;
}

async function makeOrReason(interpreter: string): Promise<PythonEnvironment> {
  const version = await run(interpreter, [
    "-c",
    "import sys; print(sys.version_info >= (3, 10), sys.base_prefix, sys.version)",
  ]);
  if (version.status !== 0) return unavailable(`${interpreter} can't be run: install Python 3.10 or later`, version);
  if (!version.stdout.startsWith("True "))
    return unavailable(`${interpreter} is older than 3.10: ${version.stdout.trim()}`);

  const requirements = await readFile(join(pythonDirectory, "requirements.txt"), "utf8");
  const hash = createHash("sha256").update(version.stdout).update(requirements).digest("hex").slice(0, 16);
  const cache = join(packageDirectory, "node_modules/.cache/ondash");
  const directory = join(cache, `venv-${hash}`);
  const python = join(directory, "bin/python");
  if (existsSync(python)) return { available: true, python };

  // Made aside and then renamed: an environment that is there is whole, whoever else makes one at the same time.
  await mkdir(cache, { recursive: true });
  const aside = await mkdtemp(join(cache, "making-"));
  try {
    const venv = await run(interpreter, ["-m", "venv", aside]);
    if (venv.status !== 0) return unavailable("python3 -m venv failed (on Debian: apt install python3-venv)", venv);
    const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    const pip = await run(join(aside, "bin/python"), [...install, "-r", join(pythonDirectory, "requirements.txt")]);
    if (pip.status !== 0) return unavailable("pip could not install python/requirements.txt", pip);
    try {
      await rename(aside, directory);
    } catch (error) {
      // Somebody else was faster.
      if (!existsSync(python)) throw error;
    }
    return { available: true, python };
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

function unavailable(what: string, result?: { readonly stderr: string }): PythonEnvironment {
  const said = result?.stderr.trim().split("\n").at(-1) ?? "";
  return { available: false, reason: said === "" ? what : `${what}: ${said}` };
}

/** What a program said and how it ended; `status` is null when a signal ended it or it could not be started. */
export interface ProgramResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and with what a program runs. */
export interface RunOptions {
  /** Working directory. Default: this process's. */
  readonly cwd?: string;
  /** Ends the program. */
  readonly signal?: AbortSignal;
  /** Its PATH. Default: this process's. */
  readonly path?: string;
  /** Its standard input. Default: empty. */
  readonly input?: string;
}

/** Runs a program to its end. A program that can't be started is a result with the reason in `stderr`. */
export function run(program: string, arguments_: readonly string[], options: RunOptions = {}): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(program, arguments_, {
      env: options.path === undefined ? process.env : { ...process.env, PATH: options.path },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    // A program that does not read its input to the end says so by how it ends.
    child.stdin.on("error", () => {}).end(options.input ?? "");
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    let failed: Error | undefined;
    child.on("error", (error) => {
      failed = error;
    });
    child.on("close", (status) => {
      resolve({ status: failed === undefined ? status : null, stdout, stderr: failed?.message ?? stderr });
    });
  });
}
