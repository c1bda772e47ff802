import { create } from "@bufbuild/protobuf";
import { statusEvent } from "@ondash/schemas";
import type * as v1 from "@ondash/schemas/chat/v1";
import * as v2 from "@ondash/schemas/chat/v2";

const SECONDS = 1_761_733_800n;

/** `count` statuses of one turn in emission order; event ids `<messageId>-1` … */
export function statusesV1(conversationId: string, messageId: string, count: number): v1.EventEnvelope[] {
  return Array.from({ length: count }, (_, index) =>
    statusEvent(
      {
        eventId: `${messageId}-${index + 1}`,
        conversationId,
        messageId,
        timestamp: { seconds: SECONDS, nanos: index + 1 },
      },
      { message: `step ${index + 1}` },
    ),
  );
}

/** The same with sequences from 1. */
export function statusesV2(conversationId: string, messageId: string, count: number): v2.EventEnvelope[] {
  return Array.from({ length: count }, (_, index) =>
    create(v2.EventEnvelopeSchema, {
      eventId: `${messageId}-${index + 1}`,
      conversationId,
      messageId,
      timestamp: { seconds: SECONDS, nanos: index + 1 },
      sequence: index + 1,
      event: { case: "status", value: { message: `step ${index + 1}` } },
    }),
  );
}
