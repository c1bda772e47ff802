/**
 * Writes every generated file of the repository, or with `--check` fails when one of them is not what its source
 * gives. Each generator belongs to the package that owns the output and knows both modes itself.
 */
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";

const generators = globSync("packages/*/scripts/generate*.ts").toSorted();
const arguments_ = process.argv.slice(2);
let failed = 0;
for (const generator of generators) {
  const { status } = spawnSync(process.execPath, [generator, ...arguments_], { stdio: "inherit" });
  if (status !== 0) {
    process.stderr.write(`${generator} ${arguments_.join(" ")}: exit ${status}\n`);
    failed += 1;
  }
}
if (generators.length === 0 || failed > 0) process.exit(1);
