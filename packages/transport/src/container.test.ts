import { startDeadline } from "@ondash/core";
import { describe, expect, it, vi } from "vitest";
import { containerProvider, dockerProblem } from "./container.ts";

vi.mock("testcontainers", () => ({
  GenericContainer: vi.fn(),
  RandomPortGenerator: vi.fn(),
  Wait: {},
  getContainerRuntimeClient: async () => {
    throw new Error("Could not find a working container runtime strategy");
  },
}));

describe("container provider without Docker", () => {
  it("says so, with the way out, and never falls back", async () => {
    using deadline = startDeadline(5_000);
    await expect(containerProvider().start(deadline)).rejects.toThrow(
      "[docker-missing] no container runtime answers; start Docker (or set DOCKER_HOST), or use the broker in this process: --broker embedded",
    );
  });

  it("tells why", async () => {
    expect(await dockerProblem()).toBe("Could not find a working container runtime strategy");
  });

  it("gives the caller's own reason when it was interrupted", async () => {
    using deadline = startDeadline(5_000, { signal: AbortSignal.abort(new Error("Ctrl-C")) });
    await expect(containerProvider().start(deadline)).rejects.toThrow("Ctrl-C");
  });
});
