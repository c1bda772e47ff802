import { isMswError } from "@ondash/msw";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { httpLaws } from "./laws/http-laws.ts";
import { nodeServer } from "./support/subjects.ts";

// The server logs a stream that breaks, and gives no way to tell it not to; the laws break some on purpose, and a test
// that ends stops the source of those that are still open.
const logged: unknown[] = [];
beforeAll(() => {
  vi.spyOn(console, "error").mockImplementation((error: unknown) => logged.push(error));
});
afterAll(() => {
  vi.restoreAllMocks();
});

httpLaws(nodeServer);

it("logs no other errors", () => {
  const isMeant = (error: unknown): boolean =>
    String(error) === "Error: the source broke off" || (isMswError(error) && error.code === "closed");
  expect(logged.filter((error) => !isMeant(error))).toEqual([]);
});
