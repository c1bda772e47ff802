import { describe, expect, it } from "vitest";
import { formatContractRules, parseContractRules, stricterRules } from "./contract-rules.ts";

describe("stricterRules", () => {
  it("names rules that are new or weigh more, not those that are gone or weigh less", () => {
    const released = [
      { id: "A-1", severity: "warning" },
      { id: "A-2", severity: "error" },
      { id: "A-3", severity: "error" },
      { id: "A-4", severity: "error" },
    ] as const;
    const now = [
      { id: "A-1", severity: "error" },
      { id: "A-2", severity: "warning" },
      { id: "A-3", severity: "error" },
      { id: "A-5", severity: "warning" },
    ] as const;
    expect(stricterRules(released, now)).toEqual([
      { id: "A-1", change: "warning → error" },
      { id: "A-5", change: "new, warning" },
    ]);
    expect(stricterRules(parseContractRules(formatContractRules(now), "f"), now)).toEqual([]);
  });

  it.each(["{}", "[1]", "[null]", '[{"id":"A-1"}]', "["])("refuses %s with the file's name", (text) => {
    expect(() => parseContractRules(text, "rules.json")).toThrow("[file] rules.json:1: ");
  });
});
