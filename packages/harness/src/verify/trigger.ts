import { type ChildProcess, spawn } from "node:child_process";
import { type Clock, startDeadline, systemClock } from "@ondash/core";
import { HarnessError } from "../error.ts";
import { createKeptOutput } from "./kept-output.ts";

/** How a trigger ended by itself. */
export interface TriggerEnd {
  /** null: by a signal. */
  readonly code: number | null;
  readonly signal: string | null;
}

/** A trigger that was started. Disposing it ends it, and everything it started in its process group. */
export interface RunningTrigger extends AsyncDisposable {
  /** Resolves when it has ended, by itself or not; never rejects. */
  readonly ended: Promise<TriggerEnd>;
  /** Ends it: resolves when it is gone. Does nothing to one that has ended, but for what it left running. */
  stop(): Promise<void>;
  /** What it wrote on stdout and stderr so far, the middle of very much left out. */
  output(): string;
}

/** What makes the real producer produce: a command, or a function in a test. */
export interface Trigger {
  /** For people. */
  readonly description: string;
  /**
   * Starts it.
   * @param variables what it may want to know: `ONDASH_BROKERS`, `ONDASH_SCHEMA`, `ONDASH_CONVERSATION_ID`, `ONDASH_PROMPT`.
   * @throws HarnessError `trigger` when it can't be started.
   */
  start(variables: Readonly<Record<string, string>>): Promise<RunningTrigger>;
}

/** Where and with what a shell trigger runs. */
export interface ShellTriggerOptions {
  readonly cwd: string;
  /** Its environment, beside the variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock?: Clock;
}

/** For how long a trigger that was asked to end may tidy up. */
const GRACE_MS = 2_000;

/**
 * A command for the shell, in a process group of its own: ended, its children end with it, and a Ctrl-C at the terminal
 * reaches it only through `stop`. Whatever ends this process ends the group too (but a SIGKILL, which nobody hears).
 */
export function shellTrigger(command: string, { cwd, env, clock = systemClock }: ShellTriggerOptions): Trigger {
  return {
    description: command,
    async start(variables) {
      const child = spawn(command, {
        shell: true,
        detached: true,
        cwd,
        env: { ...env, ...variables },
        stdio: ["ignore", "pipe", "pipe"],
      });
      await started(child, command);
      return watchTrigger(child, clock);
    },
  };
}

function started(child: ChildProcess, command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (cause) => {
      reject(new HarnessError("trigger", `the trigger can't be started: ${command}: ${cause.message}`, { cause }));
    });
  });
}

function watchTrigger(child: ChildProcess, clock: Clock): RunningTrigger {
  const kept = createKeptOutput();
  child.stdout?.on("data", (chunk: Uint8Array) => kept.add(chunk));
  child.stderr?.on("data", (chunk: Uint8Array) => kept.add(chunk));
  const ended = new Promise<TriggerEnd>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  // Closed: it has exited, and so has whoever held its output.
  const closed = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
  });
  const signalGroup = (signal: NodeJS.Signals): boolean => {
    if (child.pid === undefined) return false;
    try {
      return process.kill(-child.pid, signal);
    } catch {
      // Nobody of it is left.
      return false;
    }
  };
  const onExit = (): void => void signalGroup("SIGKILL");
  process.once("exit", onExit);

  /** Waits for its output's end, but not for one who has left the group and holds on to it. */
  const tidiedUp = async (): Promise<void> => {
    using grace = startDeadline(GRACE_MS, { clock });
    await grace.race(closed, () => "the end of the trigger's output").catch(() => undefined);
  };
  const end = async (): Promise<void> => {
    try {
      if (signalGroup("SIGTERM")) {
        await tidiedUp();
        // Also what has closed its output and goes on.
        signalGroup("SIGKILL");
      }
      await ended;
      await tidiedUp();
      child.stdout?.destroy();
      child.stderr?.destroy();
    } finally {
      process.off("exit", onExit);
    }
  };
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= end());
  return { ended, stop, output: () => kept.text(), [Symbol.asyncDispose]: stop };
}
