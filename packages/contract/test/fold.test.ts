import { create, toBinary } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { foldMessage, isContractError } from "@ondash/contract";
import { type AnyEnvelope, type ChatSchema, chatSchemas, chatV1, chatV2, findIllFormedString } from "@ondash/schemas";
import { validTurn } from "@ondash/schemas/arbitraries";
import * as v1 from "@ondash/schemas/chat/v1";
import * as v2 from "@ondash/schemas/chat/v2";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { envelopes, type Step, salesChart } from "./support/chat.ts";

const START = 1_761_733_800_000;

it("folds the sales chart into the stored message of the schema documents", () => {
  const metadata = { executionTimeMs: 2_500, tokensUsed: 1_200, scenarios: { task_1: "chart_generation" } };
  const message = foldMessage(chatV1, envelopes(chatV1, salesChart), metadata);
  expect(message).toEqual(
    create(v1.MessageSchema, {
      id: "msg_789",
      conversationId: "conv_456",
      role: "assistant",
      timestamp: timestampFromMs(START),
      content: [
        { block: { case: "text", value: { text: "Here is your sales chart" } } },
        { block: { case: "chart", value: { chartType: "bar", configJson: '{"series":[{"type":"bar","data":[1]}]}' } } },
        { block: { case: "text", value: { text: "Sales increased in Q4" } } },
      ],
      metadata: {
        tasks: [{ taskId: "task_1", scenario: "chart_generation", state: "completed" }],
        executionTimeMs: 2_500,
        tokensUsed: 1_200,
        errors: [],
      },
    }),
  );
});

describe("the status of a chat.v2 message", () => {
  const statusOf = (steps: readonly Step[], count = steps.length) =>
    v2.MessageStatusSchema.value[foldMessage(chatV2, envelopes(chatV2, steps).slice(0, count)).status]?.localName;
  const failing: readonly Step[] = [
    { status: "Working...", task: "a" },
    { error: "ERROR", task: "a" },
    { completion: "TASK", task: "a" },
  ];

  it.each<[status: string, what: string, steps: readonly Step[], count?: number]>([
    ["COMPLETE", "that ended", salesChart],
    ["INCOMPLETE", "that was cut off", salesChart, 6],
    ["FAILED", "whose only task failed", failing],
    ["FAILED", "with a FATAL error, cut off or not", [{ error: "FATAL" }, { completion: "CONVERSATION" }], 1],
    ["COMPLETE", "of whose tasks one failed", [...failing, ...salesChart]],
    ["COMPLETE", "without tasks", [{ status: "Hm..." }, { completion: "CONVERSATION" }]],
    [
      "COMPLETE",
      "that CONVERSATION ended with a task open",
      [...salesChart.slice(0, 6), { completion: "CONVERSATION" }],
    ],
    ["INCOMPLETE", "whose final completion left a task open", [{ status: "Working...", task: "b" }, ...salesChart]],
  ])("is %s for a turn %s", (status, _, steps, count) => {
    expect(statusOf(steps, count)).toBe(status);
  });

  it("is INCOMPLETE for a turn of which an event is missing", () => {
    const message = foldMessage(chatV2, envelopes(chatV2, salesChart).toSpliced(1, 1));
    expect(message.status).toBe(v2.MessageStatus.INCOMPLETE);
  });
});

describe("the metadata", () => {
  it("has tasks in order of opening with their states, and the errors that count", () => {
    const steps: readonly Step[] = [
      { status: "One", task: "b" },
      { status: "Two", task: "a" },
      { error: "WARNING", task: "a", code: "W" },
      { error: "ERROR", task: "b", code: "E" },
      { status: "Three", task: "c" },
      { completion: "TASK", task: "b" },
      { completion: "TASK", task: "a" },
    ];
    const { metadata } = foldMessage(chatV1, envelopes(chatV1, steps));
    expect(metadata?.tasks.map(({ taskId, state }) => [taskId, state])).toEqual([
      ["b", "failed"],
      ["a", "completed"],
      ["c", "running"],
    ]);
    expect(metadata?.errors.map(({ code }) => code)).toEqual(["E"]);
  });
});

/** A valid message has ids, a role, a time, and content and metadata that can be written. */
function expectValid(schema: ChatSchema, message: v1.Message | v2.Message): void {
  expect(message.id).not.toBe("");
  expect(message.role).toBe(schema.version === 1 ? "assistant" : v2.Role.ASSISTANT);
  expect(message.timestamp).toBeDefined();
  expect(findIllFormedString(schema.message, message)).toBeUndefined();
  expect(() => toBinary(schema.message, message)).not.toThrow();
  for (const { block } of message.content) expect(block.case).toBeDefined();
  if (schema.version === 2) expect((message as v2.Message).status).not.toBe(v2.MessageStatus.UNSPECIFIED);
}

describe.each(chatSchemas)("the fold of $name", { timeout: 60_000 }, (schema) => {
  it("does not depend on the order of arrival, nor on redelivery", () => {
    fc.assert(
      fc.property(
        validTurn(schema).chain(({ events }) =>
          fc.tuple(
            fc.constant<readonly AnyEnvelope[]>(events),
            fc.shuffledSubarray([...events] as AnyEnvelope[], { minLength: events.length }),
            fc.array(fc.constantFrom<AnyEnvelope[]>(...events)),
          ),
        ),
        ([events, shuffled, again]) => {
          expect(foldMessage(schema, [...shuffled, ...again])).toEqual(foldMessage(schema, events));
        },
      ),
    );
  });

  it("of every prefix, and of every subset, is a valid message that only grows", () => {
    fc.assert(
      fc.property(
        validTurn(schema).chain(({ events }) =>
          fc.tuple(
            fc.constant<readonly AnyEnvelope[]>(events),
            fc.subarray([...events] as AnyEnvelope[], { minLength: 1 }),
          ),
        ),
        ([events, subset]) => {
          expectValid(schema, foldMessage(schema, subset));
          let blocks = 0;
          for (let count = 1; count <= events.length; count++) {
            const message = foldMessage(schema, events.slice(0, count));
            expectValid(schema, message);
            expect(message.content.length).toBeGreaterThanOrEqual(blocks);
            blocks = message.content.length;
          }
          const texts = events.filter(({ event }) => event.case === "text" || event.case === "chart");
          expect(blocks).toBe(texts.length);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("refuses no events, events of two turns, and events of another version", () => {
    const other = schema === chatV1 ? chatV2 : chatV1;
    const bad: AnyEnvelope[][] = [
      [],
      [...envelopes(schema, salesChart), ...envelopes(schema, salesChart, { message: "other" })],
      envelopes(other, salesChart),
    ];
    const refused = bad.map((events) => {
      try {
        return foldMessage(schema, events);
      } catch (error) {
        return isContractError(error) && error.code;
      }
    });
    expect(refused).toEqual(["message", "message", "message"]);
  });
});
