/**
 * Writes `scenarios/scenario.schema.json`, by which editors complete and check scenario files, from the definition that
 * the parser uses. With `--check` writes nothing and exits 1 when the committed file is not what the definition gives.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { editorSchema } from "../src/editor-schema.ts";

const file = new URL("../../../scenarios/scenario.schema.json", import.meta.url);
const text = `${JSON.stringify({ title: "ondash scenario", ...editorSchema() }, null, 2)}\n`;
if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  process.stderr.write("scenarios/scenario.schema.json is stale: run `pnpm generate`\n");
  process.exitCode = 1;
}
