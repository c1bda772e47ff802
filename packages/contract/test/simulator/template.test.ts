import { createRandom } from "@ondash/core";
import { chatSchemas, decodeEnvelope, encodeEnvelope, encodeRecord } from "@ondash/schemas";
import { validTurn } from "@ondash/schemas/arbitraries";
import fc from "fast-check";
import { expect, it } from "vitest";
import { templateOf } from "./template.ts";
import { writtenOtherwise } from "./wire-fields.ts";

it.each(chatSchemas)("a stamped template is what encoding another turn gives ($name)", (schema) => {
  fc.assert(
    fc.property(
      validTurn(schema),
      fc.nat({ max: 36 ** 5 }),
      fc.nat({ max: 36 ** 5 }),
      fc.constantFrom(1, 8, 64),
      fc.nat({ max: 900 }),
      ({ events }, conversation, turn, partitions, days) => {
        const stamped = templateOf(schema, events).stamp({ conversation, turn, partitions, days });
        expect(stamped.events).toHaveLength(events.length);
        for (const [index, { record, eventId }] of stamped.events.entries()) {
          const decoding = decodeEnvelope(schema, record.value);
          const original = events[index];
          if (!decoding.ok || original === undefined) throw new Error("a stamped value does not decode");
          const { envelope } = decoding;
          expect(envelope).toMatchObject({
            eventId,
            conversationId: stamped.conversationId,
            messageId: stamped.messageId,
            taskId: original.taskId,
            event: original.event,
          });
          const seconds = (original.timestamp?.seconds ?? 0n) + BigInt(days) * 86_400n;
          expect(envelope.timestamp).toMatchObject({ seconds, nanos: original.timestamp?.nanos });
          expect(record).toEqual(encodeRecord(schema, envelope, partitions));
        }
      },
    ),
    { numRuns: 60 },
  );
});

it.each(chatSchemas)("an envelope that is written otherwise is the same envelope ($name)", (schema) => {
  fc.assert(
    fc.property(validTurn(schema), fc.integer(), ({ events }, seed) => {
      const random = createRandom(seed);
      for (const event of events) {
        const plain = encodeEnvelope(schema, event);
        const decoding = decodeEnvelope(schema, writtenOtherwise(plain, random));
        expect(decoding).toEqual(decodeEnvelope(schema, plain));
      }
    }),
    { numRuns: 60 },
  );
});

it.each(chatSchemas)("two stamps share no id ($name)", (schema) => {
  const [sample] = fc.sample(validTurn(schema), { seed: 1, numRuns: 1 });
  const template = templateOf(schema, sample?.events ?? []);
  const ids = [0, 1].flatMap((serial) => {
    const stamped = template.stamp({ conversation: serial, turn: serial, partitions: 8, days: 0 });
    return [stamped.conversationId, stamped.messageId, ...stamped.events.map(({ eventId }) => eventId)];
  });
  expect(new Set(ids).size).toBe(ids.length);
});
