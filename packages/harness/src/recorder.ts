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

/** Lines are collected to this many characters before they are written. */
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
  let empty = true;
  const flush = (): void => {
    if (descriptor === undefined || buffer === "") return;
    const bytes = Buffer.from(buffer);
    buffer = "";
    empty = false;
    attempt("write", () => {
      // A write may be short: disk almost full, a pipe.
      for (let at = 0; at < bytes.length; ) at += writeSync(descriptor as number, bytes, at);
    });
  };
  const end = (): void => {
    if (descriptor === undefined) return;
    closeSync(descriptor);
    descriptor = undefined;
  };
  return {
    write(observation) {
      buffer += `${formatRecordingLine(observation)}\n`;
      if (buffer.length >= BUFFER_CHARACTERS) flush();
    },
    close() {
      if (descriptor === undefined) return;
      flush();
      end();
      attempt("rename", () => renameSync(partial, file));
    },
    [Symbol.dispose]() {
      if (descriptor === undefined) return;
      flush();
      end();
      if (empty) rmSync(partial, { force: true });
    },
  };
}
