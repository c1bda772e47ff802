import { dirname, join, relative, resolve } from "node:path";
import { readReleases } from "./baseline.ts";
import type { BreakingConfig, Buf } from "./buf.ts";
import { type ContractRule, parseContractRules } from "./contract-rules.ts";
import type { Edges } from "./edges.ts";
import { CompatError } from "./error.ts";
import { readTree } from "./git.ts";
import { type Image, readImage } from "./image.ts";
import { breakingConfig, readText, shown, sideDirectory, sideFiles } from "./module-files.ts";
import { defaultPolicy, type Policy, parsePolicy } from "./policy.ts";

/** The other side of the comparison, with the rules of the gate that come from there. */
export interface Against {
  /** What it is, for people. */
  readonly what: string;
  /** The newest first. */
  readonly releases: readonly Image[];
  readonly config: BreakingConfig;
  readonly policy: Policy;
  /** The rules of the contract at the last release; undefined when they were not kept. */
  readonly contract: readonly ContractRule[] | undefined;
  /** Released images that the working tree has changed or removed; only a git ref can tell. */
  readonly changedReleases: readonly string[];
}

/** What to compare, and with what. */
export interface AgainstOptions {
  readonly edges: Edges;
  readonly buf: Buf;
  readonly cwd: string;
  /** Directory of the module. */
  readonly proto: string;
  /** `baseline`, a directory, an image or a git ref. */
  readonly against: string;
}

/**
 * Finds the other side. buf.yaml and the policy are read beside it, never from the working tree: a change can't weaken
 * its own gate. Where they are missing there, category FILE and the default policy count.
 *
 * @throws CompatError `baseline` when there is no such thing
 */
export async function resolveAgainst(options: AgainstOptions): Promise<Against> {
  const { edges, buf, cwd, proto, against } = options;
  if (against === "baseline") {
    const directory = join(sideDirectory(edges, proto), sideFiles.baseline);
    const releases = readReleases(edges, directory, cwd);
    return {
      what: shown(cwd, directory),
      releases,
      ...rulesIn(edges, directory, shown(cwd, directory)),
      changedReleases: [],
    };
  }
  const path = resolve(cwd, against);
  switch (edges.kindOf(path)) {
    case "directory": {
      const side = sideDirectory(edges, path);
      return {
        what: against,
        releases: [await buf.build(path)],
        ...rulesIn(edges, side, shown(cwd, side)),
        changedReleases: [],
      };
    }
    case "file": {
      const bytes = edges.read(path);
      if (bytes === undefined) throw new CompatError("baseline", `${against} can't be read`);
      const side = dirname(path);
      return {
        what: against,
        releases: [readImage(bytes, against)],
        ...rulesIn(edges, side, shown(cwd, side)),
        changedReleases: [],
      };
    }
    default:
      return againstRef(options);
  }
}

function rulesIn(edges: Edges, side: string, name: string): Pick<Against, "config" | "policy" | "contract"> {
  const directory =
    edges.kindOf(join(side, sideFiles.baseline)) === "directory" ? join(side, sideFiles.baseline) : side;
  const contract = readText(edges, join(directory, sideFiles.contract));
  const policy = readText(edges, join(side, sideFiles.policy));
  return {
    config: breakingConfig(readText(edges, join(side, sideFiles.buf)), `${name}/${sideFiles.buf}`),
    contract: contract === undefined ? undefined : parseContractRules(contract, `${name}/${sideFiles.contract}`),
    policy: policy === undefined ? defaultPolicy : parsePolicy(policy, `${name}/${sideFiles.policy}`),
  };
}

async function againstRef({ edges, buf, proto, against }: AgainstOptions): Promise<Against> {
  const side = sideDirectory(edges, proto);
  const tree = await readTree(edges, side, against);
  using directory = edges.temporary();
  for (const [path, content] of tree) edges.write(join(directory.path, path), content);
  const module = join(directory.path, relative(resolve(side), resolve(proto)));
  if (edges.kindOf(module) !== "directory") throw new CompatError("baseline", `${against} has no ${proto}`);
  const image = await buildOther(buf, module, against);
  const changedReleases = [...tree].flatMap(([path, content]) => {
    if (!path.startsWith(`${sideFiles.baseline}/`) || !path.endsWith(".binpb")) return [];
    const now = edges.read(join(side, path));
    // The newest image moves to <package>/<n>.binpb when there is a newer one.
    const moved = listedElsewhere(edges, side, path, content);
    return (now !== undefined && Buffer.compare(now, content) === 0) || moved ? [] : [path];
  });
  return { what: against, releases: [image], ...rulesIn(edges, directory.path, against), changedReleases };
}

function listedElsewhere(edges: Edges, side: string, path: string, content: Uint8Array): boolean {
  const directory = join(side, path.replace(/(?:\/\d+)?\.binpb$/, ""));
  return edges.list(directory).some((name) => {
    const bytes = edges.read(join(directory, name));
    return bytes !== undefined && Buffer.compare(bytes, content) === 0;
  });
}

async function buildOther(buf: Buf, module: string, name: string): Promise<Image> {
  try {
    return await buf.build(module);
  } catch (cause) {
    throw new CompatError("baseline", `${name} can't be compiled: ${(cause as Error).message}`, { cause });
  }
}
