/**
 * The gate without the `ondash` command: `node packages/compat/scripts/compat.ts [--proto DIR] [--against WHAT]
 * [--format terminal|json|github] [--seed N]`.
 */
import { parseArgs } from "node:util";
import { runCompat } from "../src/index.ts";

const { values } = parseArgs({
  options: {
    proto: { type: "string" },
    against: { type: "string" },
    format: { type: "string" },
    seed: { type: "string" },
  },
});
const { exitCode, stdout, stderr } = await runCompat({
  cwd: process.cwd(),
  proto: values.proto,
  against: values.against,
  format: values.format as "terminal" | undefined,
  seed: values.seed === undefined ? undefined : Number(values.seed),
});
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = exitCode;
