import type { Plan, PlannedEvent, PlannedSend } from "@ondash/scenario";

/** One send of a test plan, in short. */
export interface Step {
  readonly place?: readonly [topic: string, partition: number];
  /** Its task; "" is the turn itself. */
  readonly task?: string;
  readonly awaits?: PlannedSend["awaits"];
  readonly held?: boolean;
  readonly at?: number;
}

const location = { file: "test.yaml", line: 1, column: 1 };

/** A plan of these sends, one event each, whose event ids are `e1`, `e2`, … */
export function planOf(steps: readonly Step[]): Plan {
  const sends = steps.map((step, index): PlannedSend => {
    const [topic, partition] = step.place ?? ["text", 0];
    return {
      event: index + 1,
      eventId: `e${index + 1}`,
      location,
      at: step.at ?? 0,
      record: { topic, partition, key: null, headers: [], value: Uint8Array.of(index) },
      fault: undefined,
      awaits: step.awaits ?? "nothing",
      held: step.held ?? false,
    };
  });
  const events = sends.map(
    ({ event, eventId, at, record }, index): PlannedEvent => ({
      index: event,
      stepId: undefined,
      location,
      kind: "text",
      topic: record.topic,
      eventId,
      taskId: steps[index]?.task ?? "",
      at,
      record,
    }),
  );
  return {
    scenario: "test",
    title: undefined,
    prompt: undefined,
    file: "test.yaml",
    schema: "chat.v2",
    topics: [...new Set(events.map(({ topic }) => topic))],
    messageSchema: "chat.v2",
    seed: 42,
    partitions: 8,
    conversationId: "conv",
    messageId: "msg",
    events,
    sends,
    metadata: { executionTimeMs: 0, tokensUsed: 0 },
    expect: { verdict: "passed", violations: [], warnings: undefined, blocks: undefined, message: undefined, location },
  };
}
