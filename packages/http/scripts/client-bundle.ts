import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** What `@ondash/http/client` may add to a page, in bytes of gzip: 40 KB. */
export const LIMIT_BYTES = 40_000;

/** The client as a page would load it. */
export interface ClientBundle {
  /** Minified ES module. */
  readonly code: string;
  readonly bytes: number;
  /** gzip, level 9. */
  readonly gzipBytes: number;
  /** Minified bytes of each package, largest first. */
  readonly packages: readonly (readonly [name: string, bytes: number])[];
  /** Minified bytes of each file, largest first. */
  readonly files: readonly (readonly [path: string, bytes: number])[];
}

/**
 * Bundles the whole of `@ondash/http/client` for a browser, in memory.
 * @throws esbuild's error when an import can't be resolved there: one of `node:`, say.
 */
export async function bundleClient(): Promise<ClientBundle> {
  const entry = fileURLToPath(new URL("../src/client/index.ts", import.meta.url));
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2024",
    metafile: true,
    logLevel: "silent",
  });
  const contents = outputFiles[0]?.contents ?? new Uint8Array();
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs: files }) => Object.entries(files));
  const files = inputs.map(([path, { bytesInOutput }]) => [nameOf(path), bytesInOutput] as const);
  const packages = new Map<string, number>();
  for (const [path, bytes] of files) {
    const name = /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path;
    packages.set(name, (packages.get(name) ?? 0) + bytes);
  }
  return {
    code: new TextDecoder().decode(contents),
    bytes: contents.length,
    gzipBytes: gzipSync(contents, { level: 9 }).length,
    packages: largestFirst(packages),
    files: largestFirst(files),
  };
}

function largestFirst(list: Iterable<readonly [string, number]>): (readonly [string, number])[] {
  return [...list].filter(([, bytes]) => bytes > 0).sort(([, a], [, b]) => b - a);
}

/** A file by its package's name, wherever the package manager or the workspace keeps it. */
function nameOf(path: string): string {
  const installed = /.*node_modules\/(.*)$/.exec(path)?.[1];
  if (installed !== undefined) return installed;
  const [, own, rest] =
    /(?:^|.*\/)packages\/([^/]+)\/(.*)$/.exec(path) ?? /^(?:\.\.\/([^/]+)\/)?(.*)$/.exec(path) ?? [];
  return `@ondash/${own ?? "http"}/${rest ?? path}`;
}
