import { describe, expect, it } from "vitest";
import { ContractError, isContractError } from "./error.ts";

describe("a contract error", () => {
  it("says its code, what happened and why", () => {
    const cause = new Error("why");
    const error = new ContractError("recording", "f:2: a blank line", { cause });
    expect(error).toMatchObject({
      name: "ContractError",
      message: "[recording] f:2: a blank line",
      code: "recording",
      detail: "f:2: a blank line",
      cause,
    });
    expect(error).toBeInstanceOf(Error);
  });

  it("is known by its brand, also when another copy of the package threw it", () => {
    const brand = { source: "@ondash/contract" };
    expect(isContractError(new ContractError("message", "m"))).toBe(true);
    expect(isContractError(Object.assign(new Error("m"), brand))).toBe(true);
    for (const other of [
      new Error("m"),
      Object.assign(new Error("m"), { source: "@ondash/core" }),
      brand,
      null,
      undefined,
    ])
      expect(isContractError(other)).toBe(false);
  });
});
