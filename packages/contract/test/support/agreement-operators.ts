import type { Observation } from "@ondash/contract";
import { type AnyEnvelope, chatSchemas, encodeRecord, upcast } from "@ondash/schemas";
import type { EventEnvelope } from "@ondash/schemas/chat/v1";
import { createTestLog, wholeRun } from "./log.ts";
import type { Legal, Operator } from "./operators.ts";
import { edit, PARTITIONS } from "./world.ts";

/** Operators for ORD-09, which takes both versions of a turn. */
export const agreementOperators: readonly Operator[] = [
  {
    rule: "ORD-09",
    does: "one version says something else",
    versions: [1],
    mutate: (legal) =>
      dual(legal, (event) => {
        if (event.event.case === "status") event.event.value.message += "!";
        else if (event.event.case === "text") event.event.value.text += "!";
        else if (event.event.case === "completion") event.event.value.message += "!";
        else return false;
        return true;
      }),
  },
];

/** The turn in both versions, one event of the chat.v1 side changed. */
function dual(legal: Legal, change: (event: AnyEnvelope) => boolean): Observation[] | undefined {
  const [v1, v2Schema] = chatSchemas;
  if (v1 === undefined || v2Schema === undefined || legal.schema !== v1) return undefined;
  const index = legal.random.int(0, legal.events.length - 1);
  let changed = true;
  const older = edit(v1, legal.events, index, (event) => void (changed = change(event)));
  if (!changed) return undefined;
  const log = createTestLog({ partitions: PARTITIONS });
  const newer = upcast(legal.events as readonly EventEnvelope[]);
  const sent = [
    ...older.map((event) => encodeRecord(v1, event, PARTITIONS)),
    ...newer.map((event) => encodeRecord(v2Schema, event, PARTITIONS)),
  ];
  return wholeRun(
    log,
    sent.map((record) => log.append(record)),
  );
}
