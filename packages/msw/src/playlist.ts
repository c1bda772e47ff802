import { createRandom } from "@ondash/core";
import type { SourceEvent } from "@ondash/http";
import { type Plan, type PlanOptions, type PlanSchema, plan, type Scenario } from "@ondash/scenario";
import type { SchemaName } from "@ondash/schemas";
import { type Seen, seen } from "./payload.ts";
import { arrivalsOf, shuffled } from "./schedule.ts";

/** One event of a turn as it reaches a consumer. */
export interface PlaylistEntry extends Seen {
  /** The step that it stems from, 1-based, the same in both versions. */
  readonly step: number;
  /** Milliseconds after the start of the turn at speed 1. */
  readonly at: number;
}

/** A turn, ready to be played. */
export interface Playlist {
  readonly scenario: string;
  readonly seed: number;
  readonly conversationId: string;
  readonly messageId: string;
  /** In order of arrival. */
  readonly entries: readonly PlaylistEntry[];
  /** What the backend means to say in each published version, step by step, before any fault. */
  readonly meant: ReadonlyMap<SchemaName, readonly SourceEvent["payload"][]>;
}

/** What a playlist is made with. */
export interface PlaylistOptions {
  readonly conversationId: string;
  /** What the backend publishes; undefined: each version as if it were alone (a scenario for both: side by side). */
  readonly schema: PlanSchema | undefined;
  readonly seed: number | undefined;
  readonly set: Readonly<Record<string, string>> | undefined;
  readonly arrival: "planned" | "shuffled";
}

/** Expands a scenario to what its consumers see. Pure: the same inputs give the same list. Throws what `plan` throws. */
export function playlistOf(scenario: Scenario, options: PlaylistOptions): Playlist {
  const published = options.schema ?? (scenario.schema === "both" ? "both" : undefined);
  const parts =
    published === undefined
      ? (["chat.v1", "chat.v2"] as const).map((schema) => partOf(scenario, options, schema))
      : [partOf(scenario, options, published)];
  const { seed, messageId, conversationId } = (parts[0] as Part).from;
  return {
    scenario: scenario.name,
    seed,
    conversationId,
    messageId,
    entries: parts.flatMap(({ entries }) => entries).toSorted((a, b) => a.at - b.at),
    meant: new Map(parts.flatMap(({ meant }) => [...meant])),
  };
}

interface Part {
  readonly from: Plan;
  readonly entries: readonly PlaylistEntry[];
  readonly meant: Playlist["meant"];
}

/** What the consumers see of one run. Of a run in one version nothing is seen by those of the other. */
function partOf(scenario: Scenario, options: PlaylistOptions, schema: PlanSchema): Part {
  const { conversationId, seed, set } = options;
  const planOptions: PlanOptions = {
    schema,
    conversationId,
    ...(seed === undefined ? {} : { seed }),
    ...(set === undefined ? {} : { set }),
  };
  const from = plan(scenario, planOptions);
  const planned = arrivalsOf(from);
  const random = createRandom(from.seed).fork(from.scenario, "arrival");
  const arrivals = options.arrival === "planned" ? planned : shuffled(planned, random);
  const isPublished = (version: SchemaName): boolean => schema === "both" || schema === version;
  const entries = arrivals.flatMap(({ send, at }): PlaylistEntry[] => {
    const event = seen(send.record);
    return event === undefined || !isPublished(event.schema) ? [] : [{ ...event, step: send.event, at }];
  });
  const meant = Map.groupBy(
    from.events.flatMap(({ record }) => seen(record) ?? []),
    (event) => event.schema,
  );
  return {
    from,
    entries,
    meant: new Map([...meant].map(([key, events]) => [key, events.map(({ payload }) => payload)])),
  };
}
