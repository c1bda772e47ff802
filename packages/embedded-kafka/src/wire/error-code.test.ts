import { describe, expect, it } from "vitest";
import { errorName, isRetriable } from "./error-code.ts";
import { ErrorCode } from "./errors.generated.ts";

describe("error codes", () => {
  it("have a name, also those that are not known", () => {
    expect(errorName(ErrorCode.UNKNOWN_SERVER_ERROR)).toBe("UNKNOWN_SERVER_ERROR");
    expect(errorName(0)).toBe("NONE");
    expect(errorName(35)).toBe("UNSUPPORTED_VERSION");
    expect(errorName(9_999)).toBe("ERROR_9999");
  });

  it("are each of their own", () => {
    const codes = Object.values(ErrorCode);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it("say whether trying again may help", () => {
    expect(isRetriable(ErrorCode.NOT_LEADER_OR_FOLLOWER)).toBe(true);
    expect(isRetriable(ErrorCode.CORRUPT_MESSAGE)).toBe(true);
    expect(isRetriable(ErrorCode.MESSAGE_TOO_LARGE)).toBe(false);
    expect(isRetriable(ErrorCode.NONE)).toBe(false);
  });
});
