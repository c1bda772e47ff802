import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { formatRecordingLine, type Observation } from "@ondash/contract";
import { HarnessError } from "./error.ts";

/** Writes what the monitor observes. The file carries its name only once it is whole. */
export interface Recorder extends Disposable {
  write(observation: Observation): void;
  /** Writes what is left and renames `FILE.partial` to `FILE`. */
  close(): void;
  /** Disposed without `close`: what was written stays in `FILE.partial`, for it may be all that is known of a crash. */
  [Symbol.dispose](): void;
}

/** Lines are collected to this many characters, or to the end of the event loop's turn, before they are written. */
const BUFFER_CHARACTERS = 65_536;

/**
 * Opens `FILE.partial`.
 * @throws HarnessError `file` when it can't be created; its methods: HarnessError `recording` when it can't be written.
 */
export function openRecorder(file: string): Recorder {
  const partial = `${file}.partial`;
  const attempt = <T>(what: "create" | "write" | "rename", action: () => T): T => {
    try {
      return action();
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      const code = what === "create" ? "file" : "recording";
      throw new HarnessError(code, `can't ${what} the recording ${partial}: ${why}`, { cause });
    }
  };
  let descriptor: number | undefined = attempt("create", () => openSync(partial, "w"));
  let buffer = "";
  let isEmpty = true;
  let failure: unknown;
  let soon: NodeJS.Immediate | undefined;
  const flush = (): void => {
    if (descriptor === undefined || buffer === "") return;
    const bytes = Buffer.from(buffer);
    buffer = "";
    isEmpty = false;
    attempt("write", () => {
      // A write may be short: disk almost full, a pipe.
      for (let at = 0; at < bytes.length; ) at += writeSync(descriptor as number, bytes, at);
    });
  };
  /** Whoever looks into the file sees what was observed up to now, and so it is when this process is killed. */
  const flushSoon = (): void => {
    soon ??= setImmediate(() => {
      soon = undefined;
      try {
        flush();
      } catch (error) {
        // Told to whoever writes next.
        failure ??= error;
      }
    });
  };
  const end = (): void => {
    clearImmediate(soon);
    if (descriptor === undefined) return;
    closeSync(descriptor);
    descriptor = undefined;
  };
  return {
    write(observation) {
      if (failure !== undefined) throw failure;
      buffer += `${formatRecordingLine(observation)}\n`;
      if (buffer.length >= BUFFER_CHARACTERS) flush();
      else flushSoon();
    },
    close() {
      if (descriptor === undefined) return;
      if (failure !== undefined) throw failure;
      flush();
      end();
      attempt("rename", () => renameSync(partial, file));
    },
    [Symbol.dispose]() {
      if (descriptor === undefined) return;
      try {
        flush();
      } catch {
        // It could not be written before either: that is the error that ended the run.
      }
      end();
      if (isEmpty) rmSync(partial, { force: true });
    },
  };
}
