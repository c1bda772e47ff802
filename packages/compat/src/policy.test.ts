import { describe, expect, it } from "vitest";
import { defaultPolicy, heaviest, parsePolicy } from "./policy.ts";

const kinds = ["lost", "changed", "throws"] as const;

describe("the default policy", () => {
  it.each([
    ["B", "wire", ["break", "break", "break"]],
    ["B", "silent", ["note", "note", "note"]],
    ["B", "name", ["break", "break", "break"]],
    ["B", "relay", ["warn", "warn", "warn"]],
    ["B", "json", ["break", "break", "break"]],
    ["F", "wire", ["note", "break", "break"]],
    ["F", "silent", ["note", "break", "break"]],
    ["F", "name", ["note", "break", "break"]],
    ["F", "relay", ["warn", "warn", "warn"]],
    ["F", "json", ["note", "warn", "warn"]],
  ] as const)("weighs %s %s as %j", (direction, oracle, levels) => {
    expect(kinds.map((kind) => defaultPolicy.ofWitness(direction, oracle, kind))).toEqual(levels);
  });

  it("takes every finding of buf and of the project for a break", () => {
    expect(defaultPolicy.ofBuf("FIELD_SAME_NAME")).toBe("break");
    expect(defaultPolicy.ofRule("TOPIC_MAP")).toBe("break");
  });
});

describe("parsePolicy", () => {
  const text = (...changes: string[]): string =>
    `policy: 1\nchanges:\n${changes.map((change) => `  - {${change}, reason: because}\n`).join("")}`;

  it("changes one place and leaves the others", () => {
    const policy = parsePolicy(
      text(
        "at: F.json.throws, level: break",
        "at: buf, level: warn",
        "at: buf.FIELD_SAME_TYPE, level: break",
        "at: rules.TOPIC_MAP, level: note",
      ),
      "p",
    );
    expect(policy.ofWitness("F", "json", "throws")).toBe("break");
    expect(policy.ofWitness("F", "json", "lost")).toBe("note");
    expect(policy.ofBuf("FIELD_SAME_NAME")).toBe("warn");
    expect(policy.ofBuf("FIELD_SAME_TYPE")).toBe("break");
    expect(policy.ofRule("TOPIC_MAP")).toBe("note");
  });

  it.each([
    ["policy: 2\nchanges: []\n", "p:1: expected policy: 1"],
    ["policy: 1\nchange: []\n", "p:1: unknown key change"],
    [text("at: F.json, level: break"), "p:3: no place F.json"],
    [text("at: F.json.throws, level: fatal"), "p:3: level fatal"],
    ["policy: 1\nchanges:\n  - {at: buf, level: warn}\n", "p:3: expected a text here"],
  ])("refuses %j", (bad, said) => {
    expect(() => parsePolicy(bad, "p")).toThrow(said);
  });
});

describe("heaviest", () => {
  it("is the level that fails first, off for none", () => {
    expect(heaviest([])).toBe("off");
    expect(heaviest(["note", "warn", "off"])).toBe("warn");
    expect(heaviest(["note", "break", "warn"])).toBe("break");
  });
});
