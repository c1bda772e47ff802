import { describe, expect, it } from "vitest";
import { accepts } from "./accept.ts";

describe("the Accept field", () => {
  it.each([
    [undefined, true],
    ["", true],
    ["*/*", true],
    ["text/*", true],
    ["Text/Event-Stream", true],
    ["text/event-stream;charset=utf-8", true],
    ["application/json, text/event-stream;q=0.1", true],
    ["text/html, */*;q=0.8", true],
    ["application/json", false],
    ["application/*", false],
    ["text/event-stream;q=0", false],
    ["*/*, text/event-stream;q=0", false],
    ["*/*, text/*;q=0", false],
    ["text/*;q=0, text/event-stream", true],
    [",;=,", false],
  ])("%s: %s for a stream", (field, expected) => {
    expect(accepts(field, "text/event-stream")).toBe(expected);
  });
});
