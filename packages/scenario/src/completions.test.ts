import { chatV2, decodeEnvelope } from "@ondash/schemas";
import { describe, expect, it } from "vitest";
import { parseScenario } from "./parse-scenario.ts";
import { plan } from "./plan.ts";
import type { Plan } from "./plan-types.ts";

const TWO_TASKS = `  - { status: a, task: one }
  - { text: { position: STANDALONE, body: b }, task: one }
  - { completion: { type: TASK }, task: one }
  - { text: { position: STANDALONE, body: c }, task: two }
  - { completion: { type: TASK }, task: two }
`;

function planned(steps: string): Plan {
  return plan(parseScenario(`scenario: x\ntask: default\nsteps:\n${steps}`, { file: "x.yaml" }), { schema: "chat.v2" });
}
const awaits = (from: Plan) => from.sends.map((send) => send.awaits);

/** `last_sequence` of each completion. */
function lastSequences(from: Plan): readonly number[] {
  return from.events.flatMap(({ record }) => {
    const decoding = decodeEnvelope(chatV2, record.value);
    if (!decoding.ok) throw new Error(decoding.failure.detail);
    const { event } = decoding.envelope;
    return event.case === "completion" ? [event.value.lastSequence] : [];
  });
}

describe("completions", () => {
  it("wait for their task, and the last of the turn for all of it, though it is a task's", () => {
    const made = planned(TWO_TASKS);
    expect(awaits(made)).toEqual(["nothing", "nothing", { task: "one" }, "nothing", "turn"]);
    expect(lastSequences(made)).toEqual([0, 5]);
  });

  it("of the conversation wait for the turn, belong to no task, and are final", () => {
    const made = planned(`${TWO_TASKS}  - completion: { type: CONVERSATION }\n`);
    expect(awaits(made).slice(2)).toEqual([{ task: "one" }, "nothing", { task: "two" }, "turn"]);
    expect(lastSequences(made)).toEqual([0, 0, 6]);
    expect(made.events.at(-1)?.taskId).toBe("");
  });

  it("that something follows do not end the turn", () => {
    const made = planned(`${TWO_TASKS}  - { status: d, task: none }\n`);
    expect(awaits(made)).toEqual(["nothing", "nothing", { task: "one" }, "nothing", { task: "two" }, "nothing"]);
    expect(lastSequences(made)).toEqual([0, 0]);
  });

  it("take the names of their tasks' scenarios along, the first that a step gives", () => {
    const steps = `  - { status: a, task: { id: one, scenario: charting } }
  - { status: b, task: { id: two } }
  - { status: c, task: { id: one, scenario: other } }
  - { status: d, task: none }
`;
    expect(planned(steps).metadata).toEqual({ executionTimeMs: 0, tokensUsed: 0, scenarios: { one: "charting" } });
  });
});
