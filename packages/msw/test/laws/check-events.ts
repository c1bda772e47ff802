import type { SchemaName } from "@ondash/schemas";
import { expect } from "vitest";
import type { ReadEvent } from "../support/sse.ts";
import { type ExpectedEvent, released, seenAs } from "./expected.ts";

/** Checks that a stream gave what the records of a scenario carry, as ProtoJSON and in the order that is fixed. */
export function checkEvents(schema: SchemaName, events: readonly ReadEvent[], records: readonly ExpectedEvent[]): void {
  const wanted = released(schema, records);
  const seen = events.map(seenAs);
  const bare = wanted.map(({ event, json }) => ({ event, json }));
  if (schema === "chat.v2") {
    const isPlaced = ({ json }: { json: unknown }): boolean => typeof json === "object";
    expect(seen.filter(isPlaced)).toEqual(bare.filter(isPlaced));
  }
  // In arrival order, of which only that inside a partition is fixed.
  const key = (event: unknown): string => JSON.stringify(event);
  expect(seen.map(key).toSorted()).toEqual(bare.map(key).toSorted());
  for (const lane of schema === "chat.v1" ? new Set(wanted.map((event) => event.lane)) : []) {
    const inLane = wanted.filter((event) => event.lane === lane).map(({ event, json }) => key({ event, json }));
    const those = new Set(inLane);
    expect(seen.map(key).filter((event) => those.has(event))).toEqual(inLane);
  }
}
