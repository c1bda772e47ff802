import type { Edges } from "./edges.ts";
import { CompatError } from "./error.ts";

/**
 * The files of a directory at a git ref that matter here (.proto, .yaml, .lock, .binpb), by their path in it.
 *
 * @throws CompatError `baseline` when there is no git, no repository or no such ref
 */
export async function readTree(edges: Edges, directory: string, ref: string): Promise<Map<string, Uint8Array>> {
  const git = async (arguments_: readonly string[], stdin?: string): Promise<Uint8Array | undefined> => {
    const result = await edges.run("git", arguments_, {
      cwd: directory,
      stdin: stdin === undefined ? undefined : new TextEncoder().encode(stdin),
    });
    return result?.code === 0 ? result.stdout : undefined;
  };
  const commit = text(await git(["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`])).trim();
  if (commit === "") {
    throw new CompatError(
      "baseline",
      `--against ${ref}: expected baseline, a directory, an image or a git ref; it is no path, and git knows no such commit (a shallow clone lacks other branches: git fetch)`,
    );
  }
  const prefix = text(await git(["rev-parse", "--show-prefix"])).trim();
  const paths = text(await git(["ls-tree", "-r", "-z", "--name-only", commit]))
    .split("\0")
    .filter((path) => /\.(?:proto|yaml|lock|binpb)$/.test(path));
  const batch = await git(["cat-file", "--batch"], paths.map((path) => `${commit}:${prefix}${path}\n`).join(""));
  const files = new Map<string, Uint8Array>();
  let position = 0;
  for (const path of paths) {
    // "<object> blob <size>", a line feed, the content, a line feed.
    const end = batch?.indexOf(10, position) ?? -1;
    if (batch === undefined || end < 0) break;
    const size = Number(text(batch.subarray(position, end)).split(" ")[2]);
    files.set(path, batch.slice(end + 1, end + 1 + size));
    position = end + 1 + size + 1;
  }
  return files;
}

function text(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes ?? new Uint8Array());
}
