import { stripVTControlCharacters } from "node:util";
import type { Environment, Output } from "./environment.ts";

/** One line that is written over: what is being done just now. Nothing at all where no person reads it. */
export interface Progress {
  show(text: string): void;
  /** Removes the line: call before anything else is written. */
  clear(): void;
}

const ERASE_LINE = "\r\u001b[2K";

/** Creates the progress line on a stream. A terminal that can't erase a line (TERM=dumb) gets none. */
export function createProgress(output: Output, env: Environment["env"]): Progress {
  let isShown = false;
  if (!output.isTTY || env["TERM"] === "dumb") return { show: () => undefined, clear: () => undefined };
  const width = Math.max(20, (output.columns ?? 80) - 1);
  return {
    show(text) {
      isShown = true;
      output.write(`${ERASE_LINE}${stripVTControlCharacters(text).slice(0, width)}`);
    },
    clear() {
      if (isShown) output.write(ERASE_LINE);
      isShown = false;
    },
  };
}
