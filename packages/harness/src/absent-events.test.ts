import type { TimelineEntry } from "@ondash/contract";
import { type Plan, parseScenario, plan } from "@ondash/scenario";
import { describe, expect, it } from "vitest";
import { absentEvents, type LedgerObservation, placeKey } from "./absent-events.ts";

const text = `
scenario: three
timing: { gap: 100ms }
task: { id: t }
steps: [{ status: One }, { text: { position: STANDALONE, body: Two } }, { completion: { type: TASK } }]
`;
const three: Plan = plan(parseScenario(text, { file: "three.yaml" }));
const [one, two, last] = three.events.map(({ eventId }) => eventId);

/** The observed row of a planned event: by its index, at a time, lying at offset 5. */
function observed(index: number, at: number, eventId?: string): TimelineEntry {
  const event = three.events[index];
  if (event === undefined) throw new RangeError(`no event ${index}`);
  const { topic, partition } = event.record;
  const { conversationId, messageId, messageSchema: schema } = three;
  const { taskId, kind } = event;
  const record = { topic, partition, offset: 5 };
  return {
    conversationId,
    messageId,
    schema,
    taskId,
    kind,
    eventId: eventId ?? event.eventId,
    at,
    says: "",
    record,
    rules: [],
  };
}

function ack(index: number): LedgerObservation {
  const entry = observed(index, 0);
  return { kind: "ack", eventId: entry.eventId, ...entry.record };
}

const nothing: ReadonlySet<string> = new Set();

describe("absentEvents", () => {
  it("finds nothing absent in a whole turn", () => {
    expect(absentEvents(three, [observed(0, 0), observed(1, 100), observed(2, 200)], [], nothing)).toEqual([]);
  });

  it("says what an absent event was to say, and when, on the scale of what was observed", () => {
    expect(absentEvents(three, [observed(0, 0), observed(2, 200)], [], nothing)).toMatchObject([
      { eventId: two, kind: "text", taskId: "t", at: 100, says: '"Two" STANDALONE', fate: "never sent" },
    ]);
    // Without the first event times count from the second.
    const absent = absentEvents(three, [observed(1, 0), observed(2, 100)], [], nothing);
    expect(absent).toMatchObject([{ eventId: one, at: -100 }]);
  });

  it("knows what became of it", () => {
    const rest = [observed(0, 0), observed(2, 200)];
    const fate = (ledger: readonly LedgerObservation[], seen: ReadonlySet<string> = nothing): string | undefined =>
      absentEvents(three, rest, ledger, seen)[0]?.fate;
    const { topic, partition } = observed(1, 0).record;
    expect(fate([ack(1)], new Set([placeKey({ topic, partition, offset: 5 })]))).toBe(`unreadable, ${partition}@5`);
    expect(fate([ack(1)])).toBe(`acknowledged and lost, ${partition}@5`);
    expect(fate([{ kind: "rejected", eventId: two ?? "", topic, error: "TOO_LARGE" }])).toBe("refused: TOO_LARGE");
    expect(fate([{ kind: "indefinite", eventId: two ?? "", topic }])).toBe("nobody knows whether it was written");
  });

  it("takes an event for present that came under another id, where it was acknowledged, or was refused and came", () => {
    const changed = [observed(0, 0), observed(1, 100, "another"), observed(2, 200)];
    expect(absentEvents(three, changed, [ack(1)], nothing)).toEqual([]);
    const refused: LedgerObservation = { kind: "rejected", eventId: last ?? "", topic: "", error: "" };
    expect(absentEvents(three, [observed(0, 0), observed(1, 100), observed(2, 200)], [refused], nothing)).toEqual([]);
  });
});
