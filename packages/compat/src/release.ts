import { join, resolve } from "node:path";
import { create, type DescFile, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { listBaseline } from "./baseline.ts";
import { createBuf } from "./buf.ts";
import { type ContractRule, formatContractRules } from "./contract-rules.ts";
import type { Edges } from "./edges.ts";
import { CompatError } from "./error.ts";
import { shown, sideDirectory, sideFiles } from "./module-files.ts";

/** What to release. */
export interface ReleaseOptions {
  readonly edges: Edges;
  readonly cwd: string;
  readonly proto: string;
  /** Protobuf packages; none: all of the module. */
  readonly packages: readonly string[];
  /** All rules of the contract, to be kept beside the images. Default: the file there stays as it is. */
  readonly contract?: readonly ContractRule[] | undefined;
}

/**
 * Writes the newest image of packages into the baseline directory and moves what was there to `<package>/<n>.binpb`.
 * Also copies buf.yaml and the policy there.
 *
 * @returns the files that were written, relative to `cwd`
 * @throws CompatError `syntax`, or `usage` for a package that the module has not
 */
export async function writeRelease({ edges, cwd, proto, packages, contract }: ReleaseOptions): Promise<string[]> {
  const module = resolve(cwd, proto);
  const image = await createBuf(edges, cwd).build(module);
  const known = new Set(image.files.map((file) => file.proto.package));
  const unknown = packages.find((name) => !known.has(name));
  if (unknown !== undefined)
    throw new CompatError("usage", `no package ${unknown}: expected one of ${[...known].join(", ")}`);
  const side = sideDirectory(edges, module);
  const directory = join(side, sideFiles.baseline);
  const written: string[] = [];
  const write = (path: string, content: Uint8Array): void => {
    edges.write(path, content);
    written.push(shown(cwd, path));
  };
  for (const name of packages.length > 0 ? packages : known) {
    const files = withImports(image.files.filter((file) => file.proto.package === name));
    const bytes = toBinary(
      FileDescriptorSetSchema,
      create(FileDescriptorSetSchema, { file: files.map((file) => file.proto) }),
    );
    const path = join(directory, `${name}.binpb`);
    const before = edges.read(path);
    if (before !== undefined && Buffer.compare(before, bytes) === 0) continue;
    const earlier = listBaseline(edges, directory).filter(
      (released) => released.package === name && released.release !== undefined,
    ).length;
    if (before !== undefined) write(join(directory, name, `${earlier + 1}.binpb`), before);
    write(path, bytes);
  }
  for (const name of [sideFiles.buf, sideFiles.policy]) {
    const content = edges.read(join(side, name));
    if (content !== undefined) write(join(directory, name), content);
  }
  if (contract !== undefined) {
    write(join(directory, sideFiles.contract), new TextEncoder().encode(formatContractRules(contract)));
  }
  return written;
}

/** The files and all that they import, the imported ones first. */
function withImports(files: readonly DescFile[]): DescFile[] {
  const all = new Set<DescFile>();
  const visit = (file: DescFile): void => {
    for (const dependency of file.dependencies) visit(dependency);
    all.add(file);
  };
  for (const file of files) visit(file);
  return [...all];
}
