/**
 * Writes the baseline images of a release: `node packages/compat/scripts/release.ts chat.v1 …`. The image that was the
 * newest of a package becomes `baseline/<package>/<n>.binpb`, and copies of buf.yaml and the policy are put beside the
 * images: from then on they are what the gate goes by. A package whose schemas are what was released stays as it is.
 */

import { nodeEdges } from "../src/index.ts";
import { writeRelease } from "../src/release.ts";

const written = await writeRelease({
  edges: nodeEdges(),
  cwd: process.cwd(),
  proto: "proto/schemas",
  packages: process.argv.slice(2),
});
for (const path of written) process.stdout.write(`${path}\n`);
