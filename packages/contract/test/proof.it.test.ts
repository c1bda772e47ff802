import { chatSchemas } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { proveArrivals } from "./simulator/interleavings.ts";
import { profiles } from "./simulator/profile.ts";
import { proveLegal } from "./simulator/prove-legal.ts";
import { shapes } from "./simulator/shapes.ts";
import { salesChart } from "./support/chat.ts";

const SEED = 42;
/** Legal turns of each profile; the nightly command takes a million. */
const TURNS = Number(process.env["ONDASH_TURNS"] ?? 10_000);

describe("legal turns", { timeout: 600_000 }, () => {
  it.each(profiles)("raise no false alarm in the profile $name: $does", (profile) => {
    const row = proveLegal(profile, { seed: SEED, turns: TURNS });
    expect(row.failures).toEqual([]);
    expect(row.alarms).toBe(0);
    expect(row.facts.turns).toBeGreaterThanOrEqual(TURNS);
  });
});

describe.each(chatSchemas)("a turn of $name", { timeout: 600_000 }, (schema) => {
  it.each([
    // All arrivals of turns of up to 6 events; of longer ones every so manieth (the nightly command takes all).
    [2, 1, 6],
    [3, 1, 42],
    [4, 1, 328],
    [5, 1, 2_525],
    [6, 3, 5_000],
    [7, 97, 1_000],
    [8, 997, 700],
  ])("of %i events passes in its legal arrivals, whatever its events (1 of %i)", (events, every, least) => {
    const row = proveArrivals(schema, shapes(events), { every });
    expect(row.failures).toEqual([]);
    expect(row.arrivals).toBeGreaterThanOrEqual(least);
  });

  it("passes in all 420 arrivals of the sales chart", () => {
    expect(proveArrivals(schema, [salesChart])).toMatchObject({ arrivals: 420, alarms: 0, failures: [] });
  });
});
