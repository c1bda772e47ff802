import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** A Chromium to drive, or why there is none. */
export type ChromiumFound =
  | { readonly available: true /** Path of the program. */; readonly path: string }
  | { readonly available: false /** One sentence, with the way out. */; readonly reason: string };

/** Names under which distributions and vendors install it; all of them speak the same protocol. */
const programs = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** Where it is when it is not on the PATH. */
const usualPaths = [
  ...programs.map((name) => `/usr/bin/${name}`),
  "/snap/bin/chromium",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/**
 * Looks for an installed Chromium: what ONDASH_CHROMIUM names (and then nothing else), the PATH, the usual places.
 * @param isExecutable whether a path is a program; default: asks the file system.
 */
export function findChromium(
  env: Readonly<Record<string, string | undefined>> = process.env,
  isExecutable: (path: string) => boolean = canExecute,
): ChromiumFound {
  const named = env["ONDASH_CHROMIUM"];
  if (named !== undefined && named !== "") {
    return isExecutable(named)
      ? { available: true, path: named }
      : { available: false, reason: `ONDASH_CHROMIUM names ${named}, which is no program` };
  }
  const onPath = (env["PATH"] ?? "")
    .split(delimiter)
    .filter(isAbsolute)
    .flatMap((folder) => programs.map((name) => join(folder, name)));
  const path = [...onPath, ...usualPaths].find(isExecutable);
  return path === undefined
    ? { available: false, reason: "no Chromium is installed: install one, or name it by ONDASH_CHROMIUM" }
    : { available: true, path };
}

function canExecute(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
