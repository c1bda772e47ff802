import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Another place of the repository, in which packages/contract may be changed. */
export interface Workspace extends Disposable {
  /** The root of the repository there. */
  readonly root: string;
}

const PACKAGE = "packages/contract";

/**
 * Copies packages/contract into a temporary folder, with links to all that stands around it, so that imports and paths
 * lead where they do here. Disposing removes the folder. It can't be inside node_modules: Node strips no types there.
 */
export function createWorkspace(): Workspace {
  const here = fileURLToPath(new URL("../../..", import.meta.url));
  const root = mkdtempSync(join(tmpdir(), "ondash-mutants-"));
  linkAll(here, root, ["packages", ".git"]);
  mkdirSync(join(root, PACKAGE), { recursive: true });
  linkAll(join(here, "packages"), join(root, "packages"), ["contract"]);
  for (const name of readdirSync(join(here, PACKAGE))) {
    const [from, to] = [join(here, PACKAGE, name), join(root, PACKAGE, name)];
    if (name === "node_modules") symlinkSync(from, to);
    else cpSync(from, to, { recursive: true });
  }
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}

function linkAll(from: string, to: string, but: readonly string[]): void {
  for (const name of readdirSync(from)) if (!but.includes(name)) symlinkSync(join(from, name), join(to, name));
}
