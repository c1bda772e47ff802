import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { editorSchema } from "./editor-schema.ts";

const directory = fileURLToPath(new URL("../../../scenarios/", import.meta.url));
const files = globSync("*.yaml", { cwd: directory }).toSorted();
const schema = z.fromJSONSchema(editorSchema());

/** Whether an editor that checks with the schema has nothing to say. */
const fits = (text: string): boolean => schema.safeParse(parse(text)).success;

describe("the schema for editors", () => {
  it.each(files)("fits %s", (file) => {
    const result = schema.safeParse(parse(readFileSync(directory + file, "utf8")));
    expect(result.error?.issues ?? []).toEqual([]);
  });

  it.each([
    ["an unknown key", "scenario: x\ntitel: a\n"],
    ["an unknown step", "scenario: x\nsteps: [{ txet: a }]\n"],
    ["an unknown member deep inside", "scenario: x\nsteps: [{ repeat: { times: 2, do: [{ text: { body: a } }] } }]\n"],
    ["an unknown position", "scenario: x\nsteps: [{ text: { position: BEFOR, body: a } }]\n"],
    ["an unknown fault", "scenario: x\nfaults: [{ at: 1, do: dorp }]\n"],
    ["a duration without a unit", "scenario: x\ntiming: { gap: '300' }\n"],
    ["a parameter's default that is none", "scenario: x\nparams: { n: { type: int, default: '${n}' } }\n"],
    ["no name", "steps: [{ status: a }]\n"],
  ])("refuses %s", (_what, text) => {
    expect(fits(text)).toBe(false);
  });

  it("takes a lone parameter where a number, a word or a duration stands", () => {
    expect(
      fits(`scenario: x
timing: { gap: '\${gap}' }
steps:
  - repeat: { times: '\${n}', do: [{ text: { position: '\${where}', body: a } }] }
faults: [{ at: 1, do: partition, value: '\${p}' }]
`),
    ).toBe(true);
  });
});
