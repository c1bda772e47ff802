import { globSync, readFileSync, statSync } from "node:fs";
import { basename, isAbsolute, relative, resolve, sep } from "node:path";
import { rules } from "@ondash/contract";
import { nearest } from "@ondash/core";
import { parseScenario, type Scenario } from "@ondash/scenario";
import { HarnessError } from "./error.ts";

/** Where scenarios are looked for. */
export interface ScenarioSource {
  /** The working directory: paths and patterns are relative to it, and files are named relative to it. */
  readonly cwd: string;
  /** Where names are looked up. */
  readonly directory: string;
}

const EXTENSION = /\.ya?ml$/;

/**
 * The scenario files that names, paths (of files or of folders of them) or glob patterns stand for, each once, in the order given; none given: all of the
 * directory, by name. Paths come back relative to `cwd`.
 * @throws HarnessError `scenario-not-found`, naming the nearest scenario.
 */
export function findScenarios(wanted: readonly string[], source: ScenarioSource): readonly string[] {
  const all = listScenarios(source.directory);
  const files =
    wanted.length === 0
      ? all.map((file) => resolve(source.directory, file))
      : wanted.flatMap((item) => findOne(item, all, source));
  if (files.length === 0) {
    throw new HarnessError("scenario-not-found", `no scenario files in ${shown(source.directory, source.cwd)}`);
  }
  return [...new Set(files)].map((file) => shown(file, source.cwd));
}

function listScenarios(directory: string): readonly string[] {
  return globSync("*.{yaml,yml}", { cwd: directory }).toSorted(byName);
}

/** Without the extension, so that `sales-chart` stands before `sales-chart-lost-chart`. */
function byName(a: string, b: string): number {
  const [one, other] = [a.replace(EXTENSION, ""), b.replace(EXTENSION, "")];
  return one < other ? -1 : one > other ? 1 : 0;
}

function findOne(item: string, all: readonly string[], source: ScenarioSource): readonly string[] {
  const named = all.find((file) => file.replace(EXTENSION, "") === item);
  if (named !== undefined) return [resolve(source.directory, named)];
  const path = resolve(source.cwd, item);
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry?.isFile()) return [path];
  if (entry?.isDirectory()) return listScenarios(path).map((file) => resolve(path, file));
  if (/[*?[\]{}]/.test(item)) {
    const paths = globSync(item, { cwd: source.cwd }).map((file) => resolve(source.cwd, file));
    const names = globSync(`${item}.{yaml,yml}`, { cwd: source.directory }).map((file) =>
      resolve(source.directory, file),
    );
    const found = [...paths, ...names].filter((file) => EXTENSION.test(file)).toSorted(byName);
    if (found.length > 0) return found;
    throw new HarnessError("scenario-not-found", `no scenario fits the pattern ${item}`);
  }
  const known = all.map((file) => file.replace(EXTENSION, ""));
  const meant = nearest(basename(item).replace(EXTENSION, ""), known);
  const hint = meant === undefined ? "`ondash scenarios` lists those that there are" : `did you mean ${meant}?`;
  throw new HarnessError(
    "scenario-not-found",
    `there is no scenario "${item}", neither in ${shown(source.directory, source.cwd)} nor as a file: ${hint}`,
  );
}

/**
 * Reads and parses a scenario file; `file` is relative to `cwd` or absolute, and is the name that errors carry.
 * @throws ScenarioError for what is wrong in it, HarnessError `file` when it can't be read.
 */
export function loadScenario(file: string, cwd: string): Scenario {
  const read = (path: string): string => {
    try {
      return readFileSync(resolve(cwd, path), "utf8");
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new HarnessError("file", `can't read ${path}: ${why}`, { cause });
    }
  };
  return parseScenario(read(file), { file, load: read, knownRules: rules.map(({ id }) => id) });
}

function shown(path: string, cwd: string): string {
  const short = relative(cwd, path);
  const inside = short !== "" && !short.startsWith(`..${sep}`) && !isAbsolute(short);
  return (inside ? short : path).split(sep).join("/");
}
