import { toJson } from "@bufbuild/protobuf";
import { foldMessage, type Judgement, type Observation } from "@ondash/contract";
import type { Expectation, Plan } from "@ondash/scenario";
import { type AnyEnvelope, decodeEnvelope, schemaOf, schemaOfTopic } from "@ondash/schemas";
import { compareWith } from "../expectation.ts";

/**
 * Members of a stored Message that the producer chooses or measures, as ProtoJSON or proto names them: ids, times, and
 * what is not on the wire. What a scenario says of them is not compared with a real producer's turn.
 */
const NOT_COMPARED: ReadonlySet<string> = new Set([
  "id",
  "conversationId",
  "conversation_id",
  "timestamp",
  "taskId",
  "task_id",
  "scenario",
  "executionTimeMs",
  "execution_time_ms",
  "tokensUsed",
  "tokens_used",
]);

/**
 * What of a scenario's `expect` a real producer's traffic does not meet, a line each. Its ids are its own: the turn is
 * the one that was seen, and of `expect.message` only members that don't depend on ids are compared.
 * @param isWhole whether the turn was observed to its end: of one that was cut short only verdict and violations are
 *   compared.
 */
export function unmetByObserved(
  plan: Pick<Plan, "expect" | "messageSchema">,
  judgement: Judgement,
  observations: readonly Observation[],
  isWhole: boolean,
): readonly string[] {
  const expect = isWhole ? plan.expect : { ...plan.expect, warnings: undefined, blocks: undefined, message: undefined };
  const [turn] = judgement.turns;
  const message = turn === undefined ? undefined : foldTurnOf(turn, { ...plan, expect }, observations);
  const unmet = compareWith(withoutIds(expect), { ...judgement, turn, message });
  const more = judgement.turns.length - 1;
  if (more <= 0) return unmet;
  const ids = judgement.turns.slice(0, 3).map((one) => `${one.messageId} of ${one.conversationId}`);
  const where = `${expect.location.file}:${expect.location.line}`;
  return [
    ...unmet,
    `${where}: expected one turn, but there are ${more + 1} (${ids.join(", ")}${more >= 3 ? ", …" : ""}); of others' turns on a shared broker --conversation-id tells yours`,
  ];
}

function withoutIds(expect: Expectation): Expectation {
  if (expect.message === undefined) return expect;
  return { ...expect, message: strip(expect.message) as Readonly<Record<string, unknown>> };
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => (NOT_COMPARED.has(name) ? [] : [[name, strip(member)]])),
  );
}

function foldTurnOf(
  turn: Judgement["turns"][number],
  { messageSchema, expect }: Pick<Plan, "expect" | "messageSchema">,
  observations: readonly Observation[],
): unknown {
  if (expect.message === undefined) return undefined;
  const schema = schemaOf(messageSchema);
  const envelopes = observations.flatMap((observation): AnyEnvelope[] => {
    if (observation.kind !== "record" || schemaOfTopic(observation.topic)?.schema.name !== messageSchema) return [];
    const decoding = decodeEnvelope(schema, observation.value);
    if (!decoding.ok) return [];
    const { conversationId, messageId } = decoding.envelope;
    return conversationId === turn.conversationId && messageId === turn.messageId ? [decoding.envelope] : [];
  });
  return envelopes.length === 0
    ? undefined
    : toJson(schema.message, foldMessage(schema, envelopes), { alwaysEmitImplicit: true });
}
