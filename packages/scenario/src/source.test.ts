import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { configJson } from "./config-json.ts";
import { isScenarioError } from "./error.ts";
import { locate, parseSource } from "./source.ts";

function problemsOf(text: string): readonly string[] {
  try {
    parseSource(text, "x.yaml");
  } catch (error) {
    if (!isScenarioError(error)) throw error;
    return error.problems.map(({ location: { line, column }, text: problem }) => `${line}:${column}: ${problem}`);
  }
  return [];
}

describe("parseSource", () => {
  it.each([
    ["a NaN", "a: .nan", "1:4: .nan is no number that JSON has; in a chart write it with raw"],
    ["an infinity", "a: [1, 1e400]", "1:8: 1e400 is no number that JSON has; in a chart write it with raw"],
    [
      "an integer that would be rounded",
      "a: 9007199254740993",
      "1:4: the integer 9007199254740993 is too large to be kept exactly; write it as a string, or in a chart with raw",
    ],
    ["a key that YAML can tell from another and JSON can't", '{ 1: a, "1": b }', "1:9: the key 1 stands twice"],
    ["a list as a key", "? [a]\n: b", "1:3: a key must be a plain word"],
    ["two documents", "a: 1\n---\nb: 2\n", "2:1: expected one document, got a second one"],
  ])("refuses %s", (_what, text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it("reads numbers that are written with a point or an exponent as JavaScript does", () => {
    expect(parseSource("[1e21, 4503599627370495.5, 0x10, 0o7, -0.5, 9007199254740991]", "x.yaml")).toEqual([
      1e21, 4503599627370495.5, 16, 7, -0.5, 9007199254740991,
    ]);
  });

  it("knows the place of every member, with a byte order mark and CRLF", () => {
    const value = parseSource("\ufeffa: 1\r\nb:\r\n  - c\r\n  -\r\n  - { d: e }\r\n", "x.yaml");
    const at = (...path: (string | number)[]): string => {
      const found = locate(value, path);
      return `${found?.line}:${found?.column}`;
    };
    expect([at("a"), at("b", 0), at("b", 2, "d")]).toEqual(["1:5", "3:5", "5:10"]);
    expect(locate(value, ["b"], "key")).toMatchObject({ line: 2, column: 1 });
  });
});

describe("configJson", () => {
  it("keeps the order of the file, of keys that look like integers too, and keys that JavaScript treats specially", () => {
    const text =
      '{ "2": b, "1": a, __proto__: { x: 1 }, constructor: 2, z: { 10: x, 9: y }, a: [null, true, "é\\ud800"] }';
    expect(configJson(parseSource(text, "x.yaml"))).toBe(
      '{"2":"b","1":"a","__proto__":{"x":1},"constructor":2,"z":{"10":"x","9":"y"},"a":[null,true,"é\\ud800"]}',
    );
  });

  it("is what JSON.stringify gives, wherever the order is not in question", () => {
    const key = fc.string({ minLength: 1, maxLength: 8 }).filter((name) => !/^\d+$/.test(name) && name !== "__proto__");
    const { value } = fc.letrec<{ value: unknown; leaf: unknown }>((tie) => ({
      leaf: fc.oneof(
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc
          .double({ noNaN: true, noDefaultInfinity: true })
          .filter((n) => !Number.isInteger(n) || Number.isSafeInteger(n)),
      ),
      value: fc.oneof(
        { depthSize: "small" },
        tie("leaf"),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, value, { minKeys: 1, maxKeys: 4, noNullPrototype: true }), (config) => {
        const plain = JSON.parse(JSON.stringify(config)) as unknown;
        const source = stringify(plain, {
          defaultStringType: "QUOTE_DOUBLE",
          aliasDuplicateObjects: false,
          schema: "core",
        });
        expect(JSON.parse(configJson(parseSource(source, "x.yaml")))).toEqual(plain);
        expect(configJson(parseSource(source, "x.yaml"))).toBe(JSON.stringify(plain));
      }),
    );
  });
});
