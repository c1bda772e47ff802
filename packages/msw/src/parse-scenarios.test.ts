import { plan } from "@ondash/scenario";
import { describe, expect, it } from "vitest";
import { parseScenarios } from "./parse-scenarios.ts";

const BASE = "scenario: base\nsteps: [{ include: parts/greeting.steps.yml }, { completion: { type: CONVERSATION } }]\n";
const CHILD = "scenario: child\nextends: base\nseed: 7\n";
const GREETING = "- status: Hello\n";

describe("parseScenarios", () => {
  it.each(["", "./", "/", "../../", "/src/"])(
    "resolves extends and include among paths that begin with %j",
    (prefix) => {
      const scenarios = parseScenarios({
        [`${prefix}scenarios/child.yaml`]: CHILD,
        [`${prefix}scenarios/parts/greeting.steps.yml`]: GREETING,
        [`${prefix}scenarios/base.yaml`]: BASE,
      });
      expect(scenarios.map(({ name }) => name)).toEqual(["base", "child"]);
      expect(scenarios.map((scenario) => plan(scenario).events.length)).toEqual([2, 2]);
      expect(scenarios.map((scenario) => plan(scenario).seed)).toEqual([42, 7]);
    },
  );

  it("names the file that is missing, and where it is asked for", () => {
    expect(() => parseScenarios({ "a/child.yaml": CHILD })).toThrow(
      /^\[not-found\] a\/child\.yaml:2:10: a\/base\.yaml: not among the 1 files given here/,
    );
  });
});
