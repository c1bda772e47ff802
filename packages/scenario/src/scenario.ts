import { ScenarioError } from "./error.ts";
import type { Param } from "./file-types.ts";
import type { PlanSchema, SourceLocation } from "./plan-types.ts";

/** A scenario file that was read, with what it extends; parameters are not yet put in. */
export interface Scenario {
  readonly name: string;
  readonly file: string;
  readonly title: string | undefined;
  readonly prompt: string | undefined;
  /** Which user messages it answers on the live server. */
  readonly match: { readonly regex: string; readonly flags: string } | undefined;
  readonly schema: PlanSchema;
  readonly params: Readonly<Record<string, Param>>;
  /** The merged file as plain values with their provenance. */
  readonly root: Readonly<Record<string, unknown>>;
  /** Reads a file of `include`, each once: a plan does not change when a file does. */
  readonly load: (path: string) => string;
  readonly knownRules: ReadonlySet<string> | undefined;
  readonly location: SourceLocation;
}

/** A path beside a file, without `.` and `..` where they can be resolved. An absolute path stays. */
export function siblingOf(file: string, path: string): string {
  const folder = /^(.*[/\\])[^/\\]*$/.exec(file)?.[1] ?? "";
  const whole = /^([/\\]|[A-Za-z]:[/\\])/.test(path) ? path : folder + path;
  const parts: string[] = [];
  for (const part of whole.split(/[/\\]/)) {
    const last = parts.at(-1);
    if (part === "." || (part === "" && parts.length > 0)) continue;
    if (part === ".." && last !== undefined && last !== "" && last !== "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}

/** Reads a file that another one names. */
export function loadAt(path: string, location: SourceLocation, load: (path: string) => string): string {
  try {
    return load(path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.replace(/^\[[\w-]+\] /, "") : String(cause);
    throw new ScenarioError("not-found", [{ location, text: why }], { cause });
  }
}
