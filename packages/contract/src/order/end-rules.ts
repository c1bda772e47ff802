import { compareEmission, completesTask, type PlacedEvent } from "../event.ts";
import { type Check, nameRecord, violated } from "../finding.ts";
import { nothingWrong, type TurnFacts, type TurnRule } from "../turn/facts.ts";
import { isFinal } from "../turn/turn.ts";
import { describeOrder } from "./identity-rules.ts";

/** ORD-06: nothing follows the end. */
export const nothingFollows: TurnRule = (turn) =>
  afterFinal(turn) ?? afterTask(turn) ?? afterConversation(turn) ?? nothingWrong(turn);

function follows(later: PlacedEvent, end: PlacedEvent, what: string, sequenced: boolean): Check {
  return violated({
    message: `A ${later.event.body.kind} event follows ${what}.`,
    expected: `nothing after ${describeOrder(end, sequenced)}`,
    actual: describeOrder(later, sequenced),
    records: [end.place, later.place],
    notes: [`the end: ${nameRecord(end.place)}`],
    eventIds: [later.event.eventId, end.event.eventId],
  });
}

/** After the turn's own final completion (chat.v1: CONVERSATION) comes none of its events, and no second final one. */
function afterFinal(turn: TurnFacts): Check | undefined {
  const { end, schema } = turn;
  if (end === undefined) return undefined;
  const later = turn.events.find((event) => compareEmission(schema, event.event, end.event) > 0);
  if (later === undefined) return undefined;
  const second = isFinal(schema, later)
    ? "the final completion, and is one itself"
    : "the final completion of the turn";
  return follows(later, end, second, schema.sequenced);
}

/** After a task's TASK completion comes no event of that task. */
function afterTask(turn: TurnFacts): Check | undefined {
  for (const later of turn.events) {
    const completion = turn.tasks.get(later.event.taskId)?.completion;
    if (completion === undefined || compareEmission(turn.schema, later.event, completion.event) <= 0) continue;
    const again = completesTask(later.event) ? ", and is one itself" : "";
    return follows(later, completion, `the completion of ${later.event.taskId}${again}`, turn.schema.sequenced);
  }
  return undefined;
}

/** After another turn's CONVERSATION this turn does not complete: at a higher offset of the same partition. */
function afterConversation(turn: TurnFacts): Check | undefined {
  for (const [partition, newest] of turn.completions) {
    const end = turn.conversationEndIn(partition);
    if (end === undefined || newest.place.offset <= end.place.offset) continue;
    return violated({
      message: "The turn completes after its conversation was completed.",
      expected: `no completion of the conversation after offset ${end.place.offset} of ${end.place.topic}, partition ${end.place.partition}`,
      actual: `a completion at offset ${newest.place.offset}`,
      records: [end.place, newest.place],
      notes: [`CONVERSATION of turn ${end.event.messageId}: ${nameRecord(end.place)}`],
      eventIds: [newest.event.eventId, end.event.eventId],
    });
  }
  return undefined;
}
