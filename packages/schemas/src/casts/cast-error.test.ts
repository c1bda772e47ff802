import { describe, expect, it } from "vitest";
import { CastError, isCastError, isSchemasError } from "../index.ts";

describe("CastError", () => {
  it("is told from other errors", () => {
    const error = new CastError("no-end", { kind: "event", id: "", from: "chat.v1", to: "chat.v2" }, "", "nothing");
    expect(error.message).toBe("[no-end] event without an id: nothing");
    expect([isCastError(error), isSchemasError(error), isCastError(new Error("no-end")), isCastError(0)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
