import { compareInstants, type EventBody, type PlacedEvent, type SoundEvent } from "../event.ts";
import { type Check, contrast, held, nameRecord, unprovable, violated } from "../finding.ts";
import { doubt, type TurnFacts } from "../turn/facts.ts";
import type { Checks } from "../turn/judge-turn.ts";

/** One version of a turn, judged by itself. */
export interface VersionOfTurn {
  readonly facts: TurnFacts;
  readonly checks: Checks;
  /** Why nothing can be said of it: a broken record; undefined: nothing stands against it. */
  readonly spoiled: string | undefined;
}

/** ORD-09: both versions of a turn agree, event by event. */
export function versionsAgree(older: VersionOfTurn, newer: VersionOfTurn): Check {
  const why = reservation(older) ?? reservation(newer);
  if (why !== undefined) return unprovable(why);
  const [olderName, newerName] = [older.facts.schema.name, newer.facts.schema.name];
  const olderById = byId(older.facts.events);
  const pairs: [PlacedEvent, PlacedEvent][] = [];
  for (const placed of newer.facts.events) {
    const counterpart = olderById.get(placed.event.eventId);
    if (counterpart === undefined) return missing(placed, newerName, olderName);
    pairs.push([counterpart, placed]);
  }
  const newerById = byId(newer.facts.events);
  const lonely = older.facts.events.find(({ event }) => !newerById.has(event.eventId));
  if (lonely !== undefined) return missing(lonely, olderName, newerName);
  for (const [counterpart, placed] of pairs) {
    const field = difference(counterpart.event, placed.event);
    if (field === undefined) continue;
    return violated({
      message: `The two versions of event ${placed.event.eventId} differ in ${field[0]}.`,
      expected: `${olderName} as ${newerName} says: ${field[2]}`,
      actual: field[1],
      records: [counterpart.place, placed.place],
      eventIds: [placed.event.eventId],
    });
  }
  return held;
}

function reservation({ facts, checks, spoiled }: VersionOfTurn): string | undefined {
  const { name } = facts.schema;
  if (spoiled !== undefined) return spoiled;
  if (!facts.ended) return `the turn has not ended in ${name}`;
  const why = doubt(facts);
  if (why !== undefined) return why;
  const broken = checks.find(
    ([id, check]) => ["ORD-04", "ORD-05", "ORD-07"].includes(id) && check.status === "violated",
  );
  if (broken !== undefined) return `the turn breaks ${broken[0]} in ${name}`;
  const { ledger } = facts;
  if ((ledger?.absent.length ?? 0) > 0) return `acknowledged events are not in the log in ${name} (KAF-04)`;
  if ((ledger?.unseen.length ?? 0) > 0) return `acknowledged events of ${name} lie where nobody looked`;
  return (ledger?.indefinite.length ?? 0) > 0
    ? `nobody knows of some events of ${name} whether they were written`
    : undefined;
}

function byId(events: readonly PlacedEvent[]): ReadonlyMap<string, PlacedEvent> {
  return new Map(events.map((placed) => [placed.event.eventId, placed]));
}

function missing(lonely: PlacedEvent, present: string, absent: string): Check {
  return violated({
    message: `Event ${lonely.event.eventId} (${lonely.event.body.kind}) was published in ${present} only.`,
    expected: `the same event in ${absent}`,
    actual: `${nameRecord(lonely.place)}, and none in ${absent}`,
    records: [lonely.place],
    eventIds: [lonely.event.eventId],
  });
}

/** The first field of two events that differs once what only the newer version has is left out; undefined: they agree. */
function difference(
  older: SoundEvent,
  newer: SoundEvent,
): readonly [field: string, older: string, newer: string] | undefined {
  if (older.taskId !== newer.taskId) return ["task_id", ...contrast(older.taskId, newer.taskId)];
  if (compareInstants(older.timestamp, newer.timestamp) !== 0) {
    return ["timestamp", describe(older.timestamp), describe(newer.timestamp)];
  }
  const [left, right] = [shared(older.body), shared(newer.body)];
  if (older.body.kind !== newer.body.kind) return ["kind", older.body.kind, newer.body.kind];
  const name = Object.keys(left).find((field) => left[field] !== right[field]);
  return name === undefined
    ? undefined
    : [`${older.body.kind}.${name}`, ...contrast(String(left[name]), String(right[name]))];
}

function describe({ seconds, nanos }: SoundEvent["timestamp"]): string {
  return `${seconds}.${nanos.toString().padStart(9, "0")}`;
}

/** What of a body both versions have, by the names of the .proto files. */
function shared(body: EventBody): Readonly<Record<string, string | number>> {
  switch (body.kind) {
    case "status":
      return { message: body.message };
    case "text":
      return { text: body.text, position: body.position };
    case "chart":
      return { chart_type: body.chartType, config_json: body.configJson };
    case "error":
      return { severity: body.severity, code: body.code, message: body.message };
    default:
      return { type: body.type, message: body.message };
  }
}
