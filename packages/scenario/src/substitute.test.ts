import { describe, expect, it } from "vitest";
import { isScenarioError } from "./error.ts";
import { parseScenario } from "./parse-scenario.ts";
import { plan } from "./plan.ts";
import { hasParams, substitute } from "./substitute.ts";

const HERE = { file: "x.yaml", line: 1, column: 1 };

describe("substitute", () => {
  it("gives back what holds no parameter as it is, and changes no original", () => {
    const value = { a: [1, { b: "c" }], d: { e: "${n}" } };
    const before = structuredClone(value);
    const result = substitute(value, { n: 3 }, HERE, []) as typeof value;
    expect(result).toEqual({ a: [1, { b: "c" }], d: { e: 3 } });
    expect(result.a).toBe(value.a);
    expect(value).toEqual(before);
  });

  it.each([
    ["${n}", 3],
    ["${n} ", "3 "],
    ["$${n}", "${n}"],
    ["$${n}${n}", "${n}3"],
    ["$${", "${"],
    ["${", "${"],
    ["$n", "$n"],
    ["${n}${n}", "33"],
  ])("reads %s as %j", (text, expected) => {
    expect(substitute(text, { n: 3 }, HERE, [])).toBe(expected);
  });

  it("knows what holds a parameter", () => {
    expect([hasParams({ a: ["${n}"] }), hasParams("$${n}"), hasParams(["a", 1, null])]).toEqual([true, false, false]);
  });

  it("ends a text that parameters would grow without bound", () => {
    const text = `scenario: x\nparams: { a: { type: string, default: "${"y".repeat(1_000_000)}" } }\nsteps:\n  - status: "${"${a}".repeat(1_000)}"\n`;
    try {
      parseScenario(text, { file: "x.yaml" });
      expect.unreachable();
    } catch (error) {
      if (!isScenarioError(error)) throw error;
      expect(error.problems.map((problem) => `${problem.location.line}: ${problem.text}`)).toEqual([
        "4: with its parameters a text of more than 4194304 characters",
      ]);
    }
  });

  it("writes a lone number out where only text can stand, and nowhere else", () => {
    const steps = `steps:
  - { status: "\${n}", task: "\${n}", id: "\${n}" }
  - { text: { position: STANDALONE, body: "\${loud}" }, task: "\${n}" }
  - { chart: { type: bar, config: { n: "\${n}", s: "\${n}." } } }
`;
    const params = "params: { n: { type: int, default: 7 }, loud: { type: bool, default: true } }\n";
    const { events } = plan(parseScenario(`scenario: x\n${params}${steps}`, { file: "x.yaml" }));
    const bytes = events.map(({ record }) => new TextDecoder().decode(record.value ?? undefined));
    expect(events[0]).toMatchObject({ stepId: "7", taskId: "7" });
    expect(bytes[1]).toContain("true");
    expect(bytes[2]).toContain('{"n":7,"s":"7."}');
    // A literal number is a mistake, as before.
    expect(() => parseScenario("scenario: x\nsteps: [{ status: 7 }]\n", { file: "x.yaml" })).toThrow(
      "x.yaml:2:19: status: expected a string, got 7",
    );
    expect(() =>
      parseScenario(`scenario: x\n${params}steps: [{ repeat: { times: "\${loud}", do: [{ status: a }] } }]\n`, {
        file: "x.yaml",
      }),
    ).toThrow("expected a number, got true");
  });

  it("takes names that JavaScript objects have of their own for names like any other", () => {
    const text =
      "scenario: x\nparams: { constructor: { type: int, default: 1 }, __proto__: { type: int, default: 2 } }\n";
    const scenario = parseScenario(`${text}steps: [{ status: "\${constructor} \${__proto__}" }]\n`, { file: "x.yaml" });
    const said = (set: Record<string, string>): string =>
      new TextDecoder().decode(plan(scenario, { set }).events[0]?.record.value ?? undefined);
    expect(said({})).toContain("1 2");
    expect(said({ constructor: "5" })).toContain("5 2");
    const other = parseScenario("scenario: x\nsteps: [{ status: a }]\n", { file: "x.yaml" });
    for (const name of ["constructor", "toString"]) {
      expect(() => plan(other, { set: { [name]: "1" } })).toThrow(`--set ${name}=1: the scenario x has no params`);
    }
    expect(() =>
      parseScenario("scenario: x\nparams: { n: { type: toString, default: 1 } }\nsteps: [{ status: a }]\n", {
        file: "x.yaml",
      }),
    ).toThrow("unknown type `toString`");
  });
});
