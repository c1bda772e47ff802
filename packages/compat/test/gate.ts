import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type CompatOptions, type CompatResult, runCompat } from "@ondash/compat";

/** A copy of this repository's proto/ in a directory of its own, gone after disposal. */
export interface Gate extends Disposable {
  readonly cwd: string;
  read(path: string): string;
  write(path: string, text: string | Uint8Array): void;
  /** Replaces text that must be there. */
  edit(path: string, from: string | RegExp, to: string): void;
  remove(path: string): void;
  run(options?: Omit<CompatOptions, "cwd">): Promise<CompatResult>;
}

const root = join(import.meta.dirname, "../../..");

/** What v1 calls its events file. */
export const events = "proto/schemas/chat/v1/events.proto";

/** `empty`: nothing is copied. */
export function openGate({ empty = false }: { readonly empty?: boolean } = {}): Gate {
  const cwd = mkdtempSync(join(tmpdir(), "ondash-gate-"));
  if (!empty) cpSync(join(root, "proto"), join(cwd, "proto"), { recursive: true });
  const gate: Gate = {
    cwd,
    read: (path) => readFileSync(join(cwd, path), "utf8"),
    write(path, text) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), text);
    },
    edit(path, from, to) {
      const text = gate.read(path);
      const edited = text.replace(from, to);
      if (edited === text) throw new Error(`${path} has no ${String(from)}`);
      gate.write(path, edited);
    },
    remove: (path) => rmSync(join(cwd, path), { recursive: true }),
    run: (options = {}) => runCompat({ cwd, ...options }),
    [Symbol.dispose]: () => rmSync(cwd, { recursive: true, force: true }),
  };
  return gate;
}

/** Line of the first line that has a text, counted from 1. */
export function lineOf(text: string, wanted: string): number {
  return text.split("\n").findIndex((line) => line.includes(wanted)) + 1;
}
