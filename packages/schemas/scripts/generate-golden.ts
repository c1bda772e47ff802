/**
 * Writes the golden vectors, `proto/golden/<package>/<Message>/<case>.{json,binpb.hex,expect.json}`, that are not there
 * yet. A vector that is there is never changed or removed, since released bytes stay what they are: a difference is an
 * error, and nothing is written, unless `--force` says that the version is not released. With `--check` nothing is written
 * in any case, and a missing vector is an error too.
 */
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DescFile } from "@bufbuild/protobuf";
import { file_chat_v1_chat, file_chat_v1_events } from "../src/chat/v1.ts";
import { file_chat_v2_chat, file_chat_v2_events } from "../src/chat/v2.ts";
import { goldenFiles } from "./golden/golden-files.ts";
import { rejectCases } from "./golden/reject-cases.ts";
import { salesChartCases } from "./golden/sales-chart-cases.ts";
import { soundCases } from "./golden/sound-cases.ts";

const directory = join(import.meta.dirname, "../../../proto/golden");
const [check, force] = ["--check", "--force"].map((flag) => process.argv.includes(flag)) as [boolean, boolean];

const schemas: readonly DescFile[] = [file_chat_v1_events, file_chat_v1_chat, file_chat_v2_events, file_chat_v2_chat];
const cases = [
  ...schemas.flatMap(({ messages }) => messages.flatMap((desc) => [...soundCases(desc), ...rejectCases(desc)])),
  ...salesChartCases(),
];
const wanted = new Map(cases.flatMap(goldenFiles));
const present = new Map(
  globSync("*/*/*.{json,hex}", { cwd: directory }).map((path) => [path, readFileSync(join(directory, path), "utf8")]),
);

const missing = [...wanted.keys()].filter((path) => !present.has(path)).toSorted();
const changed = [...present.keys()].filter((path) => wanted.get(path) !== present.get(path)).toSorted();

if (changed.length > 0 && !force) {
  report(changed, (path) => (wanted.has(path) ? "is different" : "is one too many"));
  process.stderr.write("golden vectors of a released version never change; of another: generate-golden.ts --force\n");
} else if (check) {
  report(missing, () => "is missing: run `pnpm generate`");
} else {
  for (const path of [...missing, ...changed]) write(path);
}

function report(paths: readonly string[], state: (path: string) => string): void {
  if (paths.length > 0) process.exitCode = 1;
  for (const path of paths.slice(0, 20)) process.stderr.write(`proto/golden/${path} ${state(path)}\n`);
  if (paths.length > 20) process.stderr.write(`… and ${paths.length - 20} more\n`);
}

function write(path: string): void {
  const file = join(directory, path);
  const content = wanted.get(path);
  if (content === undefined) {
    rmSync(file);
    return;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
