/**
 * Writes the baseline of a release: `node packages/cli/scripts/release.ts [chat.v1 …]`. The image that was the newest of
 * a package becomes `baseline/<package>/<n>.binpb`; copies of buf.yaml, the policy and the rules of the contract are put
 * beside the images: from then on they are what the gate goes by. A package whose schemas are what was released stays.
 */
import { nodeEdges, writeRelease } from "@ondash/compat";
import { contractRules } from "../src/contract-rules.ts";

const written = await writeRelease({
  edges: nodeEdges(),
  cwd: process.cwd(),
  proto: "proto/schemas",
  packages: process.argv.slice(2),
  contract: contractRules,
});
for (const path of written) process.stdout.write(`${path}\n`);
