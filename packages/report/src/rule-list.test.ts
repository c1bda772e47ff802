import { describe, expect, it } from "vitest";
import { abbreviateRules } from "./rule-list.ts";

describe("abbreviateRules", () => {
  it("joins a family and makes a range of three in a row", () => {
    expect(
      abbreviateRules([
        "REC-01",
        "REC-02",
        "REC-03",
        "REC-05",
        "ORD-04",
        "GRM-01",
        "GRM-02",
        "CHT-09",
        "CHT-10",
        "CHT-11",
      ]),
    ).toEqual(["REC-01..03, 05", "ORD-04", "GRM-01, 02", "CHT-09..11"]);
  });
  it("puts the ids of a family in order", () => {
    expect(abbreviateRules(["ORD-04", "ORD-05", "ORD-03"])).toEqual(["ORD-03..05"]);
    expect(abbreviateRules([])).toEqual([]);
  });
});
