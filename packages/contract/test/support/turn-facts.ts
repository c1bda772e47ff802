import { type ChatSchema, chatV2 } from "@ondash/schemas";
import { expect } from "vitest";
import type { EventBody, SoundEvent } from "../../src/event.ts";
import { unprovable } from "../../src/finding.ts";
import type { RecordRef } from "../../src/run-result.ts";
import type { TurnFacts, TurnRule } from "../../src/turn/facts.ts";
import { placeOf, soundEvent, turnFacts } from "./facts.ts";

/** What a finding says of the barrier of `turnFacts`. */
export const BARRIER: string =
  "barrier 4, asked for after the end was observed: every partition of the five topics was read to its end offset";
/** A turn of which more is to come. */
export const OPEN: Pick<TurnFacts, "ended" | "run"> = { ended: false, run: { ended: false, producersDone: false } };
/** Each way in which an ended turn may have been seen in part. */
export const doubts: readonly (readonly [why: string, rest: Partial<TurnFacts>])[] = [
  ["no barrier", { settled: { why: "no barrier" } }],
  ["a gap", { gap: "a gap" }],
];

/** An event of a test turn: a body, or a task and a body. */
export type TurnStep = EventBody | readonly [task: string, body: EventBody];

/** Events of one turn, numbered from 1. */
export function turnOf(...steps: readonly TurnStep[]): SoundEvent[] {
  return steps.map((step, index) =>
    "kind" in step ? soundEvent(step, index + 1) : soundEvent(step[1], index + 1, { taskId: step[0] }),
  );
}
/** Where an event of a test turn lies. */
export const at = (event: SoundEvent | undefined, schema: ChatSchema = chatV2): RecordRef | undefined =>
  event === undefined ? undefined : placeOf(schema, event);

/** What a rule says of a turn that breaks it while that turn is only seen in part. */
export function expectDoubt(rule: TurnRule, events: readonly SoundEvent[]): void {
  for (const [why, rest] of doubts) expect(rule(turnFacts(chatV2, events, rest))).toEqual(unprovable(why));
}
