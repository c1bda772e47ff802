import { parseScenario, type Scenario } from "@ondash/scenario";

/** What only others `include`: a list of steps, no scenario. */
const PARTS = /\.steps\.ya?ml$/;

/**
 * Scenarios from the texts of their files, by path, as bundlers give them:
 * `import.meta.glob("../scenarios/**\/*.{yaml,yml}", { query: "?raw", import: "default", eager: true })`. `extends` and
 * `include` are looked up among them; files called `*.steps.yml` are there for `include` only. In order of the paths.
 * Runs in browsers.
 * @throws ScenarioError for what is wrong in a file, or names a file that is not there.
 */
export function parseScenarios(files: Readonly<Record<string, string>>): readonly Scenario[] {
  const texts = new Map(Object.entries(files).map(([path, text]) => [normal(path), text]));
  const load = (path: string): string => {
    const text = texts.get(path);
    if (text === undefined) throw new Error(`${path}: not among the ${texts.size} files given here`);
    return text;
  };
  return [...texts]
    .filter(([path]) => !PARTS.test(path))
    .toSorted(([a], [b]) => Number(a > b) - Number(a < b))
    .map(([file, text]) => parseScenario(text, { file, load }));
}

/** As the parser names the files that it asks for: without `.`. */
function normal(path: string): string {
  return path.replaceAll("\\", "/").replace(/(^|\/)(?:\.\/)+/g, "$1");
}
