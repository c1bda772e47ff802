/**
 * Generates the TypeScript of the .proto files into `src/gen`. With `--check` nothing is written: it generates into a
 * temporary directory and fails, naming the files, when the committed ones are different, missing or too many.
 */
import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const root = join(import.meta.dirname, "../../..");
const binaries = join(root, "node_modules/.bin");
const generated = join(root, "packages/schemas/src/gen");

/** Runs `buf generate`; `output` stands for proto/ as the directory that its output paths are relative to. */
function generate(output: string | undefined): void {
  const arguments_ = output === undefined ? ["generate"] : ["generate", "--output", output];
  const { error, status } = spawnSync(join(binaries, "buf"), arguments_, {
    cwd: join(root, "proto"),
    stdio: "inherit",
    // buf finds its plugins on the PATH.
    env: { ...process.env, PATH: `${binaries}${delimiter}${process.env["PATH"] ?? ""}` },
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

function contents(directory: string): Map<string, string> {
  const files = globSync("**/*.ts", { cwd: directory });
  return new Map(files.map((file) => [file, readFileSync(join(directory, file), "utf8")]));
}

if (process.argv.includes("--check")) {
  const temporary = mkdtempSync(join(tmpdir(), "ondash-generate-"));
  try {
    // The output directory in buf.gen.yaml is relative to proto/, so it comes to lie beside this one.
    generate(join(temporary, "proto"));
    const fresh = contents(join(temporary, "packages/schemas/src/gen"));
    const committed = contents(generated);
    const names = new Set([...fresh.keys(), ...committed.keys()]);
    const stale = [...names].filter((file) => fresh.get(file) !== committed.get(file)).toSorted();
    for (const file of stale) {
      process.stderr.write(`packages/schemas/src/gen/${file} is not what proto/ gives: run \`pnpm generate\`\n`);
    }
    if (fresh.size === 0 || stale.length > 0) process.exitCode = 1;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
} else {
  generate(undefined);
}
