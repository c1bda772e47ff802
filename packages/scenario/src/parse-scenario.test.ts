import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isScenarioError, type ScenarioError } from "./error.ts";
import { parseScenario } from "./parse-scenario.ts";
import { plan } from "./plan.ts";

const RULES = ["ORD-04", "ORD-05", "GRM-03"];

/** The problems of a scenario's text, as `line:column: text`. */
function problemsOf(text: string, load?: (path: string) => string): readonly string[] {
  try {
    parseScenario(text, { file: "x.yaml", knownRules: RULES, ...(load === undefined ? {} : { load }) });
  } catch (error) {
    if (!isScenarioError(error)) throw error;
    return error.problems.map(({ location, text: problem }) => {
      const file = location.file === "x.yaml" ? "" : `${location.file}:`;
      return `${file}${location.line}:${location.column}: ${problem}`;
    });
  }
  return [];
}

const STEPS = "steps:\n  - status: Thinking...\n";

describe("parseScenario", () => {
  it("reads the smallest scenario and fills in the defaults", () => {
    const scenario = parseScenario(`scenario: x\n${STEPS}`, { file: "dir/x.yaml" });
    expect(scenario).toMatchObject({ name: "x", file: "dir/x.yaml", schema: "chat.v1", params: {} });
    expect(plan(scenario)).toMatchObject({ seed: 42, partitions: 8, expect: { verdict: "passed", violations: [] } });
  });

  it.each<[string, string, readonly string[]]>([
    ["an empty file", "", ["1:1: the file is empty: expected a scenario"]],
    ["a list", "- a\n", ["1:1: expected a mapping with scenario, steps, …"]],
    ["a duplicate key", "scenario: x\nscenario: y\n", ["2:1: Map keys must be unique"]],
    [
      "an alias",
      "scenario: x\ntitle: &t hi\nprompt: *t\n",
      ["3:9: aliases (*t) are not supported: write it out, or use extends, include or repeat"],
    ],
    ["an unknown key", `scenario: x\ntitel: y\n${STEPS}`, ["2:1: unknown key `titel`: did you mean `title`?"]],
    [
      "a name with a space",
      `scenario: x y\n${STEPS}`,
      ['1:11: scenario: expected a name of letters, digits, hyphens, dots and underscores, got "x y"'],
    ],
    ["no steps", "scenario: x\n", ["1:1: steps: missing: expected a list"]],
    [
      "an unknown step kind",
      "scenario: x\nsteps:\n  - status: a\n  - txet: { position: BEFORE, body: b }\n",
      ["4:5: unknown step kind `txet`: did you mean `text`?"],
    ],
    [
      "two kinds in one step",
      "scenario: x\nsteps:\n  - status: a\n    text: { position: BEFORE, body: b }\n",
      ["4:5: a step is one thing: status and text need a step each"],
    ],
    [
      "a step without a kind",
      "scenario: x\nsteps: [{ id: a }]\n",
      [
        "2:9: a step without a kind: expected one of status, text, chart, error, completion, repeat, when, include, wait_for",
      ],
    ],
    [
      "an unknown enum value",
      "scenario: x\nsteps:\n  - text: { position: BEFOR, body: b }\n",
      ['3:23: text.position: expected one of BEFORE, AFTER, STANDALONE, got "BEFOR"'],
    ],
    ["a number for a text", "scenario: x\nsteps:\n  - status: 42\n", ["3:13: status: expected a string, got 42"]],
    [
      "config and raw at once",
      "scenario: x\nsteps:\n  - chart: { type: bar, config: {}, raw: '{}' }\n",
      ["3:12: chart: expected either config or raw"],
    ],
    [
      "an unknown parameter",
      `scenario: x\nparams: { region: { type: string, default: EMEA } }\nsteps:\n  - status: in \${regoin}\n`,
      ["4:13: unknown parameter ${regoin}: did you mean ${region}?"],
    ],
    [
      "a default out of bounds",
      `scenario: x\nparams: { n: { type: int, default: 9, max: 3 } }\n${STEPS}`,
      ["2:36: params.n.default: expected at most 3, got 9"],
    ],
    [
      "a duration without a unit",
      `scenario: x\ntiming: { gap: "300" }\n${STEPS}`,
      ['2:16: timing.gap: expected a duration: a number and a unit, as in 300ms, 1.5s, 2m or 1h, got "300"'],
    ],
    [
      "a start that is no time",
      `scenario: x\nstart: yesterday\n${STEPS}`,
      ["2:8: start: expected RFC 3339 text, as in 2025-10-29T10:30:00Z, got yesterday"],
    ],
    [
      "a regular expression that is none",
      `scenario: x\nmatch: { user_message: { regex: "(" } }\n${STEPS}`,
      ["2:33: match: Invalid regular expression: /(/: Unterminated group"],
    ],
    [
      "an unknown fault",
      `scenario: x\n${STEPS}faults: [{ at: 1, do: dorp }]\n`,
      ["4:23: unknown fault `dorp`: did you mean `drop`?"],
    ],
    [
      "a fault at an event that is not there",
      `scenario: x\n${STEPS}faults: [{ at: 7, do: drop }]\n`,
      ["4:16: drop: there is no event 7: the scenario has 1"],
    ],
    [
      "a fault at a step id that is not there",
      "scenario: x\nsteps: [{ status: a, id: chart }]\nfaults: [{ at: chrat, do: drop }]\n",
      ["3:16: drop: unknown step `chrat`: did you mean `chart`?"],
    ],
    [
      "a field that the event does not have",
      `scenario: x\n${STEPS}faults: [{ at: 1, do: set, path: status.mesage, value: a }]\n`,
      ["4:34: set: status.mesage: unknown field `mesage`: did you mean `message`?"],
    ],
    [
      "an unknown rule",
      `scenario: x\n${STEPS}expect: { violations: [ORD-14] }\n`,
      ["4:24: expect: unknown rule `ORD-14`: did you mean `ORD-04`?"],
    ],
    ["a key of a later time", `scenario: x\n${STEPS}kafka: []\n`, ["4:1: kafka: not supported yet"]],
    [
      "an id that stands twice",
      "scenario: x\nsteps:\n  - { status: a, id: s }\n  - { status: b, id: s }\n",
      ["4:5: the id s stands twice, first at line 3:5"],
    ],
    [
      "a lone surrogate",
      'scenario: x\nsteps:\n  - status: "\\uD800"\n',
      ["3:5: status.message has a lone surrogate, which UTF-8 can't hold; remove it, or complete the pair"],
    ],
    [
      "nothing to emit",
      "scenario: x\nsteps: [{ repeat: { times: 0, do: [{ status: a }] } }]\n",
      ["2:8: steps: nothing is emitted; expected at least one event"],
    ],
  ])("refuses %s, naming the place", (_what, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  it("tells all that is wrong at once, in the order of the file", () => {
    const text = `scenario: x
titel: a
timing: { gap: 5 }
steps:
  - txet: a
  - status: \${nobody}
faults: [{ at: 1, do: dorp }]
`;
    expect(problemsOf(text).map((problem) => problem.slice(0, problem.indexOf(": ")))).toEqual([
      "2:1",
      "3:16",
      "5:5",
      "6:13",
      "7:23",
    ]);
  });

  it("places problems of inherited and included parts in the file they stand in", () => {
    const files: Readonly<Record<string, string>> = {
      "base.yaml": "scenario: base\nsteps:\n  - status: a\n  - include: part.yaml\n",
      "part.yaml": "- text: { position: BEFORE }\n",
    };
    const load = (path: string): string => {
      const text = files[path];
      if (text === undefined) throw new Error(`no file ${path}`);
      return text;
    };
    expect(problemsOf("scenario: x\nextends: base\n", load)).toEqual([
      "part.yaml:1:9: text.body: missing: expected a string",
    ]);
    expect(problemsOf("scenario: x\nextends: bsae\n", load)).toEqual(["2:10: no file bsae.yaml"]);
    expect(problemsOf("scenario: x\nextends: x\n", () => "scenario: x\nextends: x\n")).toEqual([
      "2:10: extends goes in a circle: x.yaml → x.yaml",
    ]);
  });

  it("stops a repeat that would not end, and nesting without end", () => {
    const hundred = (inner: string): string => `[{ repeat: { times: 100000, do: ${inner} } }]`;
    expect(problemsOf(`scenario: x\nsteps: ${hundred(hundred("[{ status: a }]"))}\n`)).toEqual([
      expect.stringMatching(/more than 100000 events$/) as string,
    ]);
    expect(problemsOf("scenario: x\nsteps: [{ include: x.yaml }]\n", () => "- include: x.yaml\n")).toEqual([
      "1:3: steps nested deeper than 32 levels",
    ]);
    expect(problemsOf(`scenario: ${"[".repeat(100_000)}`).length).toBeGreaterThan(0);
  });

  it("throws nothing but a ScenarioError, whatever the text is", () => {
    const words = fc.constantFrom(
      "scenario",
      "steps",
      "status",
      "text",
      "faults",
      "do",
      "at",
      "drop",
      "params",
      "${x}",
      "-",
    );
    const glue = fc.constantFrom(
      ": ",
      "\n",
      "\n  ",
      "{ ",
      " }",
      "[",
      "]",
      ", ",
      "- ",
      "& ",
      "*a",
      "#",
      '"',
      "\t",
      "!!binary ",
    );
    const text = fc
      .array(fc.oneof(words, glue, fc.string({ maxLength: 4 })), { maxLength: 40 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (yaml) => {
        try {
          parseScenario(yaml, { file: "x.yaml", load: () => yaml });
        } catch (error) {
          expect(isScenarioError(error), String(error)).toBe(true);
          expect((error as ScenarioError).problems.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
