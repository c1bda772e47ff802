import { basename, dirname, join, relative, resolve } from "node:path";
import { parse } from "yaml";
import { type BreakingConfig, fileConfig } from "./buf.ts";
import type { Edges } from "./edges.ts";
import { CompatError } from "./error.ts";

/** Names of the files beside the schemas that the gate reads. */
export const sideFiles = {
  policy: "compat-policy.yaml",
  waivers: "waivers.yaml",
  consumers: "consumers.yaml",
  buf: "buf.yaml",
  baseline: "baseline",
  contract: "contract-rules.json",
} as const;

/**
 * The directory that holds what belongs to a module (baseline/, buf.yaml, policy, waivers, consumers): the module's own,
 * or the one above it, whichever has one of them. Else the module's own.
 */
export function sideDirectory(edges: Edges, directory: string): string {
  const has = (path: string): boolean =>
    Object.values(sideFiles).some((name) => edges.kindOf(join(path, name)) !== undefined);
  const above = dirname(resolve(directory));
  return !has(directory) && has(above) ? above : directory;
}

/** The text of a file; undefined when there is none. */
export function readText(edges: Edges, path: string): string | undefined {
  const bytes = edges.read(path);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

/** Where a file of a module stands on the disk, relative to `cwd`; the path itself when it can't be found. */
export function placeInTree(edges: Edges, cwd: string, directory: string, path: string): string {
  const side = sideDirectory(edges, directory);
  const roots = [
    directory,
    side,
    ...modulePaths(readText(edges, join(side, sideFiles.buf))).map((root) => join(side, root)),
  ];
  const found = roots.map((root) => join(root, path)).find((candidate) => edges.kindOf(candidate) === "file");
  const place = found ?? join(directory, path);
  return relative(cwd, resolve(cwd, place)).replaceAll("\\", "/");
}

interface BufYaml {
  readonly modules?: readonly { readonly path?: string }[];
  readonly breaking?: {
    readonly ignore?: readonly string[];
    readonly ignore_only?: Readonly<Record<string, readonly string[]>>;
  };
}

function readBufYaml(text: string | undefined): BufYaml {
  if (text === undefined) return {};
  const value = parse(text) as unknown;
  return typeof value === "object" && value !== null ? value : {};
}

function modulePaths(text: string | undefined): string[] {
  try {
    return (readBufYaml(text).modules ?? []).flatMap(({ path }) => path ?? []);
  } catch {
    return [];
  }
}

/**
 * The `breaking` section of a buf.yaml for comparing images: category FILE where it has none. Paths in it lose the
 * module's own path, as the paths in images do.
 *
 * @throws CompatError `file`
 */
export function breakingConfig(text: string | undefined, file: string): BreakingConfig {
  let yaml: BufYaml;
  try {
    yaml = readBufYaml(text);
  } catch (cause) {
    throw new CompatError("file", `${file}: ${(cause as Error).message}`, { cause });
  }
  if (yaml.breaking === undefined) return fileConfig;
  const roots = (yaml.modules ?? []).flatMap(({ path }) =>
    path === undefined || path === "." ? [] : `${path.replace(/^\.\/|\/$/g, "")}/`,
  );
  const inside = (path: string): string => {
    const root = roots.find((candidate) => path.startsWith(candidate));
    return root === undefined ? path : path.slice(root.length);
  };
  const { ignore, ignore_only: ignoreOnly, ...rest } = yaml.breaking;
  const breaking = {
    ...rest,
    ...(ignore === undefined ? {} : { ignore: ignore.map(inside) }),
    ...(ignoreOnly === undefined
      ? {}
      : {
          ignore_only: Object.fromEntries(Object.entries(ignoreOnly).map(([rule, paths]) => [rule, paths.map(inside)])),
        }),
  };
  return JSON.stringify({ version: "v2", breaking });
}

/** The name of a file or directory for messages, relative to `cwd` where that is shorter. */
export function shown(cwd: string, path: string): string {
  const short = relative(cwd, resolve(cwd, path)).replaceAll("\\", "/");
  return short === "" ? basename(path) : short.startsWith("../../..") ? path : short;
}
