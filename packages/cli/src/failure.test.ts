import { describe, expect, it } from "vitest";
import { UsageError } from "./exit-code.ts";
import { failureOf } from "./failure.ts";

function branded(source: string, code: string, message = "what"): Error {
  return Object.assign(new Error(`[${code}] ${message}`), { source, code });
}

describe("failureOf", () => {
  it.each([
    [new UsageError("no such thing"), 2, "ondash: no such thing"],
    [branded("@ondash/scenario", "invalid", "a.yaml:1:2: one\nb.yaml:3:4: two"), 2, "a.yaml:1:2: one\nb.yaml:3:4: two"],
    [branded("@ondash/contract", "recording", "a.jsonl:7: why"), 2, "a.jsonl:7: why"],
    [branded("@ondash/transport", "config"), 2, "ondash: what"],
    [branded("@ondash/transport", "unreachable"), 3, "ondash: what"],
    [branded("@ondash/transport", "topic-missing"), 3, "ondash: what"],
    [branded("@ondash/transport", "docker-missing"), 3, "ondash: what"],
    [branded("@ondash/core", "deadline"), 3, "ondash: what"],
    [branded("@ondash/emitter", "indefinite"), 3, "ondash: what"],
    [branded("@ondash/embedded-kafka", "port-in-use"), 3, "ondash: what"],
    [branded("@ondash/harness", "scenario-not-found"), 2, "ondash: what"],
    [branded("@ondash/harness", "file"), 2, "ondash: what"],
    [branded("@ondash/harness", "recording"), 3, "ondash: what"],
    [branded("@ondash/harness", "turn"), 2, "ondash: what"],
    [branded("@ondash/harness", "replay"), 3, "ondash: what"],
    [branded("@ondash/harness", "trigger"), 3, "ondash: what"],
    [branded("@ondash/harness", "canary"), 3, "ondash: what"],
  ])("maps %s to %i", (error, code, text) => {
    expect(failureOf(error)).toEqual({ code, text });
  });

  it("does not take what nobody foresaw for a failed contract, and says how to learn more", () => {
    for (const error of [new TypeError("x is undefined"), branded("@ondash/contract", "observation"), "a string"]) {
      const { code, text } = failureOf(error);
      expect(code).toBe(3);
      expect(text).toMatch(/^ondash: unexpected .*ONDASH_DEBUG=1/);
      expect(text.split("\n")).toHaveLength(1);
    }
  });
});
