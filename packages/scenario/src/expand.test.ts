import { describe, expect, it } from "vitest";
import { isScenarioError } from "./error.ts";
import { parseScenario } from "./parse-scenario.ts";
import { plan } from "./plan.ts";

const PARAMS =
  "params: { loud: { type: bool, default: false }, n: { type: int, default: 0 }, lang: { type: enum, values: [en, de], default: en } }\n";

function problemsOf(steps: string, load?: (path: string) => string): readonly string[] {
  try {
    parseScenario(`scenario: x\n${PARAMS}steps:\n${steps}`, {
      file: "x.yaml",
      ...(load === undefined ? {} : { load }),
    });
  } catch (error) {
    if (!isScenarioError(error)) throw error;
    return error.problems.map(({ location: at, text }) => `${at.file}:${at.line}:${at.column}: ${text}`);
  }
  return [];
}

const UNKNOWN = "unknown step kind `txet`: did you mean `text`?";

describe("steps that these parameters don't reach", () => {
  it.each<[string, string, readonly string[]]>([
    ["then", "  - status: a\n  - when: { param: loud, equals: true, then: [{ txet: b }] }\n", ["x.yaml:5:49"]],
    [
      "else",
      "  - status: a\n  - when: { param: loud, equals: false, then: [], else: [{ txet: b }] }\n",
      ["x.yaml:5:60"],
    ],
    ["no round", "  - status: a\n  - repeat: { times: '${n}', do: [{ txet: b }] }\n", ["x.yaml:5:37"]],
    ["a signal", "  - status: a\n  - wait_for: { signal: cancel, then: [{ txet: b }] }\n", ["x.yaml:5:42"]],
    [
      "both lists of a when that is not reached itself",
      `  - status: a
  - when:
      param: loud
      equals: true
      then:
        - when: { param: lang, equals: de, then: [{ txet: b }], else: [{ txet: c }] }
`,
      ["x.yaml:9:53", "x.yaml:9:74"],
    ],
  ])("are checked all the same: %s", (_what, steps, places) => {
    expect(problemsOf(steps)).toEqual(places.map((place) => `${place}: ${UNKNOWN}`));
  });

  it("emit nothing", () => {
    const steps = `  - status: a
  - when: { param: loud, equals: true, then: [{ status: b }], else: [{ status: c }] }
  - repeat: { times: '\${n}', do: [{ status: d }] }
  - wait_for: { signal: cancel, timeout: 30s, then: [{ status: e }] }
`;
    const scenario = parseScenario(`scenario: x\n${PARAMS}steps:\n${steps}`, { file: "x.yaml" });
    expect(plan(scenario).events.map(({ location }) => location.line)).toEqual([4, 5]);
    expect(plan(scenario, { set: { n: "2", loud: "true" } }).events).toHaveLength(4);
  });

  it("take the value that would lead there", () => {
    const rounds = (then: string): string => `scenario: x
params: { n: { type: int, default: -1 } }
steps:
  - status: a
  - when: { param: n, equals: 5, then: [${then}] }
`;
    const repeat = "{ repeat: { times: '${n}', do: [{ status: b }] } }";
    expect(() => parseScenario(rounds(repeat), { file: "x.yaml" })).not.toThrow();
    expect(() => parseScenario(rounds(repeat).replace("equals: 5", "equals: -5"), { file: "x.yaml" })).toThrow(
      "repeat.times: too small",
    );
  });

  it("are not guessed at where a parameter would name the file, and looked for where it is named", () => {
    const load = (path: string): string => {
      throw new Error(`no file ${path}`);
    };
    const steps = (then: string, otherwise: string): string =>
      `  - status: a\n  - when: { param: lang, equals: en, then: [${then}], else: [${otherwise}] }\n`;
    expect(problemsOf(steps("", "{ include: '${lang}.yaml' }"), load)).toEqual([]);
    expect(problemsOf(steps("", "{ include: ed.yaml }"), load)).toEqual(["x.yaml:5:55: no file ed.yaml"]);
    expect(problemsOf(steps("{ include: '${lang}.yaml' }", ""), load)).toEqual(["x.yaml:5:45: no file en.yaml"]);
  });
});

describe("when", () => {
  it.each([
    [
      "a text for a number",
      "n, equals: '3'",
      '31: when.equals: n is a number, and "3" is a string: they are never equal',
    ],
    ["a word that is none", "lang, equals: fr", "34: when.equals: unknown value of lang `fr`: did you mean `en`?"],
    ["an unknown parameter", "lnag, equals: de", "20: unknown parameter `lnag`: did you mean `lang`?"],
  ])("refuses %s", (_what, text, problem) => {
    expect(problemsOf(`  - status: a\n  - when: { param: ${text}, then: [] }\n`)).toEqual([`x.yaml:5:${problem}`]);
  });

  it("sees the counter of the repeat around it", () => {
    const steps = `  - repeat:
      times: 3
      as: i
      do:
        - when: { param: i, equals: 2, then: [{ status: "two" }], else: [{ status: "not \${i}" }] }
`;
    const { events } = plan(parseScenario(`scenario: x\nsteps:\n${steps}`, { file: "x.yaml" }));
    const said = events.map(
      ({ record }) => new TextDecoder().decode(record.value ?? undefined).match(/two|not \d/)?.[0],
    );
    expect(said).toEqual(["not 1", "two", "not 3"]);
  });
});

describe("the bounds", () => {
  it.each([
    [
      "a repeat of steps that emit nothing",
      "  - repeat: { times: 100000, do: [{ repeat: { times: 100000, do: [{ wait_for: { signal: cancel } }] } }] }\n",
      "more than 400000 steps to expand",
    ],
    [
      "one event too many",
      "  - status: a\n  - repeat: { times: 100000, do: [{ status: b }] }\n",
      "more than 100000 events",
    ],
  ])("end %s with one clear error", (_what, steps, text) => {
    expect(problemsOf(steps)).toEqual([expect.stringMatching(new RegExp(`: ${text}$`)) as string]);
  });

  it("allow exactly as many events as they say", () => {
    // Another mistake ends it before so many events are planned, which takes seconds.
    const steps =
      "  - { status: a, id: a }\n  - repeat: { times: 99999, do: [{ status: b }] }\nfaults: [{ at: 1, do: dorp }]\n";
    expect(problemsOf(steps)).toEqual(["x.yaml:6:23: unknown fault `dorp`: did you mean `drop`?"]);
  });

  it("hold for time: a hundred days, in which every nanosecond can be told", () => {
    expect(problemsOf("  - { status: a, after: 2400h }\n  - { status: b, after: 0ms }\n")).toEqual([
      "x.yaml:5:5: more than 100 days after the turn's start",
    ]);
    const steps = "steps: [{ status: a, after: 2399h }, { status: b, after: 0ms }, { status: c, after: 0ms }]\n";
    const { events } = plan(parseScenario(`scenario: x\n${steps}`, { file: "x.yaml" }));
    expect(new Set(events.map(({ record }) => String(record.value?.slice(-40)))).size).toBe(3);
    const ats = events.map(({ at }) => Math.round((at - 2_399 * 3_600_000) * 1e6));
    expect(ats[0]).toBe(0);
  });
});

describe("include", () => {
  it("is read once, so that a plan stays what it was when the file changes", () => {
    let reads = 0;
    const load = (): string => `- status: version ${++reads}\n`;
    const scenario = parseScenario("scenario: x\nsteps: [{ repeat: { times: 3, do: [{ include: p.yaml }] } }]\n", {
      file: "x.yaml",
      load,
    });
    const first = plan(scenario);
    expect(plan(scenario)).toEqual(first);
    expect(first.events).toHaveLength(3);
    expect(reads).toBe(1);
  });

  it("tells a missing file, one that is no YAML and one that is no list beside the other problems", () => {
    const load = (path: string): string => {
      if (path === "dir/none.yaml") throw new Error(`no file ${path}`);
      return path === "dir/bad.yaml" ? "- [\n" : "status: a\n";
    };
    const steps = "steps:\n  - include: none.yaml\n  - include: bad.yaml\n  - include: map.yaml\n  - txet: a\n";
    try {
      parseScenario(`scenario: x\n${steps}`, { file: "dir/x.yaml", load });
      expect.unreachable();
    } catch (error) {
      if (!isScenarioError(error)) throw error;
      expect(error.code).toBe("invalid");
      expect(error.problems.map(({ location: at }) => `${at.file}:${at.line}`)).toEqual(
        expect.arrayContaining(["dir/bad.yaml:2", "dir/map.yaml:1", "dir/x.yaml:3", "dir/x.yaml:6"]),
      );
    }
    const alone = (): unknown =>
      parseScenario("scenario: x\nsteps: [{ include: none.yaml }]\n", { file: "dir/x.yaml", load });
    expect(alone).toThrow(expect.objectContaining({ code: "not-found" }));
  });
});
