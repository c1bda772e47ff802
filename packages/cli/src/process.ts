import { isatty } from "node:tty";
import type { Environment, Output } from "./environment.ts";
import { failureOf } from "./failure.ts";
import { main } from "./main.ts";

/**
 * Runs the command in this process: streams, signals, exit code.
 *
 * The first SIGINT or SIGTERM asks everything to end and clean up (containers, sockets, files), and the process then
 * ends with 128 + the signal's number; for `ondash broker`, whose proper end it is, with 0. A second one ends it at once.
 */
export async function runProcess(): Promise<void> {
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  const onSignal = (name: NodeJS.Signals): void => {
    if (received !== undefined) process.exit(numberOf(name));
    received = name;
    controller.abort(new Error(`ended by ${name}`));
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  // What nobody foresaw must not look like a failed contract (Node's own exit code is 1).
  process.on("uncaughtException", (error) => {
    const failure = failureOf(error);
    process.stderr.write(`${failure.text}\n${process.env["ONDASH_DEBUG"] === "1" ? `${error.stack}\n` : ""}`);
    process.exit(failure.code);
  });
  // A reader that has gone (`ondash run | head`) is no error of ours.
  process.stdout.on("error", onStreamError);
  process.stderr.on("error", onStreamError);

  const environment: Environment = {
    cwd: process.cwd(),
    env: process.env,
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    signal: controller.signal,
  };
  try {
    process.exitCode = await main(process.argv.slice(2), environment);
  } catch (error) {
    if (received === undefined) throw error;
    process.stderr.write(`ondash: ended by ${received}\n`);
    process.exitCode = numberOf(received);
  } finally {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
}

function onStreamError(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

function numberOf(signal: NodeJS.Signals): number {
  return signal === "SIGINT" ? 130 : 143;
}

function outputOf(stream: NodeJS.WriteStream & { readonly fd: number }): Output {
  const isTerminal = isatty(stream.fd);
  return {
    write: (text) => void stream.write(text),
    isTTY: isTerminal,
    // A terminal may not know how wide it is.
    columns: isTerminal ? stream.columns || 80 : undefined,
  };
}
